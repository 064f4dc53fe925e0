import { createPushEventListener } from 'sonorancad/listener';

const { SONORANCAD_KEY, SONORANCAD_SECRET, PORT = '30150', HOST } = process.env;
if (!SONORANCAD_KEY) throw new Error('SONORANCAD_KEY is missing: set it to the API key that the CAD sends.');

// With the secret of the forwarding target, the listener accepts only events of your game server.
const listener = createPushEventListener({ apiKey: SONORANCAD_KEY, secret: SONORANCAD_SECRET || undefined });

listener.on('EVENT_911', ({ data }) => {
  const { callId, caller, description } = data.call;
  console.log(`911 call ${callId} from ${caller}: ${description}`);
});

listener.on(['EVENT_DISPATCH_NEW', 'EVENT_DISPATCH_EDIT'], ({ type, data }) => {
  console.log(`${type}: ${data.dispatch.title} has units ${data.dispatch.idents.join(', ')}`);
});

listener.onError((error, { type, id }) => {
  console.error(`A handler of ${type} (${id}) failed:`, error);
});

const { port } = await listener.listen(Number(PORT), HOST);
console.log(`Push events are received at port ${port}.`);
