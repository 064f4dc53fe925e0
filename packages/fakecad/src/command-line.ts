import { createInterface } from 'node:readline';
import { parseArgs } from 'node:util';
import { runCommand } from './console-commands.ts';
import { type FakeCad, startFakeCad } from './fake-cad.ts';

export const USAGE = `fakecad [options]
Runs a pretend Sonoran CAD on this machine, until it is told to quit.

  --port N          port on 127.0.0.1 (4000)
  --key KEY         the API key that it accepts (a-key-for-the-pretend-cad)
  --community ID    the community's id (fakecad)
  --help            prints this

Type help for its commands, and quit to end it.
Exit codes: 0 ended by quit or a signal, 1 the port is taken, 2 wrong options.`;

/** Runs the pretend CAD with its console. Sets the process's exit code. */
export async function runCommandLine(args: readonly string[]): Promise<void> {
  if (args.includes('--help')) return console.log(USAGE);
  const options = readOptions(args);
  if (typeof options === 'string') return fail(2, `${options}\n\n${USAGE}`);
  try {
    runConsole(await startFakeCad(options), options);
  } catch (error) {
    const isTaken = (error as NodeJS.ErrnoException).code === 'EADDRINUSE';
    if (!isTaken) throw error;
    fail(1, `Port ${options.port} is in use: end the program that listens there, or give another --port.`);
  }
}

type Options = Readonly<{ port: number; apiKey: string; communityId: string }>;

/** @returns what is wrong, when something is */
function readOptions(args: readonly string[]): Options | string {
  try {
    const { values } = parseArgs({
      args: [...args],
      options: {
        port: { type: 'string', default: '4000' },
        key: { type: 'string', default: 'a-key-for-the-pretend-cad' },
        community: { type: 'string', default: 'fakecad' },
      },
    });
    const port = Number(values.port);
    if (!/^\d+$/.test(values.port) || port > 65_535) return `--port ${values.port}: expected a number from 0 to 65535`;
    return { port, apiKey: values.key, communityId: values.community };
  } catch (error) {
    return (error as Error).message;
  }
}

function runConsole(cad: FakeCad, { apiKey, communityId }: Options): void {
  console.log(`A pretend CAD runs at ${cad.url}
Open this address in a browser to fire events and to see requests.

Settings for an integration:
  API address     ${cad.url}   (sonoran_apiUrl of the sonorancad resource)
  API key         ${apiKey}   (sonoran_apiKey)
  community id    ${communityId}   (sonoran_communityID)
  server id       1   (sonoran_serverId)

Type help for commands, quit to end.`);
  const input = createInterface({ input: process.stdin });
  const end = () => void cad.close().then(() => input.close());
  input.on('line', (line) => {
    if (line.trim() === 'quit') end();
    else if (line.trim() !== '') runCommand(cad, line, (text) => console.log(text));
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, end);
}

function fail(code: number, message: string): void {
  console.error(message);
  process.exitCode = code;
}
