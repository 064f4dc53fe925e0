// What is used of the client of NATS. In the resource it is a script of its own, resource/nats.js, which the server script requires when
// a target needs it: so much code takes a quarter of its loading time, and most servers have no broker.
export { jetstream, jetstreamManager } from '@nats-io/jetstream';
export { connect, credsAuthenticator, headers, nanos, nkeyAuthenticator } from '@nats-io/transport-node';
