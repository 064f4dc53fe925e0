import { parseArgs } from 'node:util';
import { startFakeCad } from './fake-cad.ts';

// Runs the pretend CAD alone; see README.md.
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '4000' },
    key: { type: 'string', default: 'a-key-for-the-pretend-cad' },
    community: { type: 'string', default: 'fakecad' },
  },
});
const cad = await startFakeCad({ port: Number(values.port), apiKey: values.key, communityId: values.community });
console.log(`A pretend CAD runs at ${cad.url}, for the community ${values.community} with the API key ${values.key}.`);
