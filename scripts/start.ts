import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { runCommand } from '../packages/fakecad/src/console-commands.ts';
import { startFakeCad } from '../packages/fakecad/src/index.ts';
import { describeError } from '../packages/fxhost/src/cli/command-line.ts';
import { completions, createConsole, type HostConsole } from '../packages/fxhost/src/cli/console.ts';
import { guardProcess } from '../packages/fxhost/src/cli/guard-process.ts';
import { createPlayers, PLAYERS_USAGE } from '../packages/fxhost/src/cli/players.ts';
import { type FxHost, startHost } from '../packages/fxhost/src/index.ts';
import { API_MODE_EVENT } from '../src/api/client-exports.ts';
import { CLEAR_WAYPOINT_EVENT, NATIVE_EVENT, SOUND_EVENT, WAYPOINT_EVENT } from '../src/notify/client.ts';
import { build } from './build.ts';
import { writeDevelopmentKey } from './development-key.ts';
import { isProgram } from './is-program.ts';
import { projectRoot } from './project-root.ts';
import {
  DEFAULT_NAME,
  DEFAULT_PORT,
  DEFAULT_ROOT,
  readStartOptions,
  type StartOptions,
  USAGE,
} from './start/start-options.ts';

const EXAMPLES = ['lua-consumer', 'ts-consumer'];
/** Our client script makes visible what these do, so the events themselves are not printed. */
export const SHOWN_BY_GAME: ReadonlySet<string> = new Set([
  ...[NATIVE_EVENT, SOUND_EVENT, WAYPOINT_EVENT, CLEAR_WAYPOINT_EVENT, API_MODE_EVENT],
]);

/** Builds the resource and runs it on the stand-in, with the example consumers beside it. */
async function start(
  { port, key, resources, name, root, powerLoss, edition }: StartOptions,
  convars: Readonly<Record<string, string>>,
  shell: HostConsole,
): Promise<FxHost> {
  await build({ quiet: true });
  let hasEnded = false;
  const host = await startHost({
    port,
    root,
    powerLoss,
    edition,
    // Debug lines name each event, which is what one wants to see here. The real CAD has no use for a made-up key.
    convars: { sonoran_apiKey: key, sonoran_debugMode: 'true', sonoran_apiSendEnabled: 'false', ...convars },
    log(line) {
      // A game server would take its scripts along; here they still see their sockets closed.
      if (!hasEnded) shell.print(line);
    },
    onFatal: (error) => {
      console.error(error.message);
      process.exit(1);
    },
  });
  const ended = () => {
    hasEnded = true;
  };
  host.closed.then(ended, ended);
  guardProcess(host, shell.print, fail);
  host.addResource(projectRoot, name);
  const examples = EXAMPLES.map((example) => join(projectRoot, 'examples', example));
  for (const folder of [...examples.filter((path) => existsSync(path)), ...resources]) host.addResource(folder);
  for (const resource of host.resourceNames()) host.ensure(resource);
  return host;
}

function optionsOrUsage(): StartOptions {
  try {
    return readStartOptions(process.argv.slice(2));
  } catch (error) {
    throw new Error(`${(error as Error).message}\n\n${USAGE}`);
  }
}

function fail(error: unknown): void {
  console.error(describeError(error));
  process.exit(1);
}

async function runUntilQuit(): Promise<void> {
  const options = optionsOrUsage();
  const beside = options.fakecad ? await startCadBeside(options.key) : null;
  const shell = createConsole(() => process.emit('SIGINT'));
  const host = await start(options, beside?.convars ?? {}, shell);
  writeDevelopmentKey(options.key, join(options.root, 'key'));
  // Before it is printed that there is something to end.
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => void host.close().catch(fail));
  const say = shell.print;
  const players = createPlayers(host, say, SHOWN_BY_GAME);
  for (const player of options.players) players.join(player);
  if (beside) {
    // What is sent past the pretend CAD is to be true there as well: else it would soon be taken back.
    host.on('sonorancad:pushEvent', (event) => {
      const { type, data, source } = event as { type: string; data: unknown; source: string };
      if (source === 'http') beside.cad.learn(type, data);
    });
  }
  say(`Listening on ${host.url}, API key ${options.key}. Type help for commands, quit to end.`);
  if (beside) say(`Pretend CAD: open ${beside.cad.url}/ in a browser, or type fakecad for its commands.`);
  say(
    `Next: "${sendCommand(host.port, options)}" in a second terminal plays a shift; see here what scripts and players get.`,
  );
  const run = (line: string) => {
    const [, fakeCadCommand] = /^\s*fakecad\b(.*)$/.exec(line) ?? [];
    if (beside && fakeCadCommand !== undefined) return runCommand(beside.cad, fakeCadCommand, say);
    if (players.run(line)) return;
    if (line.trim() === 'help') say(helpText(options, beside !== null));
    host.execute(line);
  };
  shell.listen(run, (line) => completions(host, line, ['as', 'drop', 'fakecad', 'join']));
  host.closed.then(() => {
    shell.close();
    void beside?.cad.close();
  }, fail);
}

/** @returns how to play the CAD for this server */
function sendCommand(port: number, { key, root, name }: StartOptions): string {
  const path = name === DEFAULT_NAME ? '' : `/${name}/event`;
  const url = port === DEFAULT_PORT && path === '' ? '' : ` --url http://127.0.0.1:${port}${path}`;
  return `npm run send -- --story${url}${root === DEFAULT_ROOT ? '' : ` --key ${/^[\w-]+$/.test(key) ? key : JSON.stringify(key)}`}`;
}

/** What one types here, before the names of all the commands that the server has. */
function helpText({ name }: StartOptions, hasCad: boolean): string {
  return `${PLAYERS_USAGE}
${hasCad ? 'fakecad                     what the pretend CAD can do\n' : ''}${`${name} help`.padEnd(27)} what the resource can do
restart ${name}          starts it again, as after npm run build
quit                        ends all
And all commands of the server and its resources:`;
}

/**
 * Starts a pretend CAD that knows one game server, which has yet to say where it is.
 * @returns it, and what the game server must be told to find it
 */
async function startCadBeside(apiKey: string) {
  const communityId = 'fakecad';
  const cad = await startFakeCad({ apiKey, communityId });
  return {
    cad,
    convars: {
      sonoran_apiSendEnabled: 'true',
      sonoran_apiUrl: cad.url,
      sonoran_communityID: communityId,
      sonoran_serverId: '1',
      // It need not be found out, and no other machine is asked.
      sonoran_publicHost: 'localhost',
    },
  };
}

if (isProgram(import.meta.url)) {
  if (process.argv.includes('--help')) console.log(USAGE);
  else await runUntilQuit().catch(fail);
}
