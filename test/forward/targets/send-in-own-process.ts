import { spawn } from 'node:child_process';
import { text } from 'node:stream/consumers';

const program = (url: string): string => `
  import { HttpSending } from './src/forward/targets/http-sending.ts';
  import { makeAttempt } from './test/forward/targets/make-attempt.ts';
  import { listenerClock } from './src/listener/create-push-event-listener.ts';
  const wire = new HttpSending({ version: '5.0.0', clock: listenerClock, statusLabels: [] });
  wire.send(makeAttempt({ url: '${url}' }), 5_000, {
    written() {},
    ended(result) {
      console.log(JSON.stringify(result));
      wire.close();
    },
  });
`;

/** Sends one event with an environment of its own, which the engine reads as it starts. @returns how the attempt ended */
export async function sendInOwnProcess(url: string, environment: Record<string, string>): Promise<unknown> {
  const child = spawn(process.execPath, ['--no-warnings', '--input-type=module', '--eval', program(url)], {
    cwd: new URL('../../../', import.meta.url),
    env: { ...process.env, ...environment, NODE_OPTIONS: '' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  return JSON.parse(await text(child.stdout));
}
