const { createServer } = require('node:http');
const { createPushEventListener } = require('sonorancad/listener');

const { SONORANCAD_KEY, SONORANCAD_SECRET, PORT = '30150', HOST = '127.0.0.1' } = process.env;
if (!SONORANCAD_KEY) throw new Error('SONORANCAD_KEY is missing: set it to the API key that the CAD sends.');

const listener = createPushEventListener({ apiKey: SONORANCAD_KEY, secret: SONORANCAD_SECRET || undefined });

listener.on('*', (event) => {
  console.log(`push event ${event.type}`);
});

const server = createServer(listener.callback());
server.listen(Number(PORT), HOST, () => {
  console.log(`Push events are received at port ${server.address().port}.`);
});
