// A worker that prints each event. The events of one game server stay in order across all workers.
import { hostname } from 'node:os';
import { createPushEventConsumer } from 'sonorancad/listener';

const consumer = createPushEventConsumer({
  servers: process.env.BROKER ?? 'nats://127.0.0.1:4222',
  stream: 'sonoran',
  durable: 'bot',
  order: 'server',
  credentials: { user: 'bot', password: process.env.BROKER_PASSWORD ?? '' },
  warn: (line) => console.error(line),
});

consumer.on('*', ({ type, id }) => {
  console.log(`${hostname()} has ${type} ${id}`);
});

const running = await consumer.start();
console.log(`${hostname()} takes events`);
process.once('SIGTERM', () => running.close().then(() => process.exit()));
