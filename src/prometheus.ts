// What is used of the client of Prometheus. In the resource it is a script of its own, resource/prometheus.js, which the server script
// requires at the first scrape: the game server would compile it at each start, and few servers are scraped.
export { Counter, Gauge, Histogram, Registry } from 'prom-client';
