const { createServer } = require('node:http');
const { createPushEventListener } = require('sonorancad/listener');

const listener = createPushEventListener({ apiKey: process.env.SONORANCAD_KEY });

listener.on('*', (event) => {
  console.log(`push event ${event.type}`);
});

const server = createServer(listener.callback());
server.listen(Number(process.env.PORT ?? 30150), process.env.HOST ?? '127.0.0.1', () => {
  console.log(`Push events are received at port ${server.address().port}.`);
});
