import { sendEvents } from '../src/program/send/send-events.ts';
import { readDevelopmentKey } from './development-key.ts';
import { runProgram } from './is-program.ts';
import { readSamples } from './send/sample-payloads.ts';

await runProgram(import.meta.url, async () => {
  const isAccepted = await sendEvents(process.argv.slice(2), {
    command: 'npm run send --',
    url: 'http://127.0.0.1:30120',
    keyFrom: 'SONORANCAD_KEY, else the key of the running npm start',
    refusedAdvice: 'Is `npm start` running? If it has another port, give --url http://127.0.0.1:<port>.',
    samples: readSamples(),
    readDefaultKey: () => process.env.SONORANCAD_KEY || readDevelopmentKey(),
    print: console.log,
  });
  if (!isAccepted) process.exitCode = 1;
});
