import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import { readOwnAddresses } from '../platform/own-addresses.ts';
import { createTerminalLog } from './create-terminal-log.ts';
import { childEnvironment } from './exec/child-environment.ts';
import { createExecQueue, type ExecQueue } from './exec/create-exec-queue.ts';
import { forwardTargets } from './forward/forward-targets.ts';
import { openForwarding, type ProgramForwarding } from './forward/open-forwarding.ts';
import { openPort } from './open-port.ts';
import { wantsColours } from './print/colours.ts';
import { createOutput } from './print/create-output.ts';
import { createPrinter } from './print/create-printer.ts';
import type { ListenArguments } from './read-arguments.ts';
import { type ProgramSettings, readSettings } from './read-settings.ts';
import { receiveEvents } from './receive-events.ts';
import { onStopSignals } from './stop-signals.ts';

/**
 * Receives push events until a signal says to stop, or nobody reads what is printed any more.
 *
 * @returns the exit code
 * @throws a fault when it cannot begin
 */
export async function listen(given: ListenArguments, version: string, clock: Clock): Promise<number> {
  const { env, stdout, stderr } = process;
  const log = createTerminalLog(stderr, wantsColours(stderr, env, given.noColour), clock);
  const settings = readSettings(given, env);
  if (given.key !== null) {
    log.warn('--key can be seen by others on this machine: put the key into SONORANCAD_KEY or a --key-file instead.');
  }
  const forwarding = forwardingFor(given, settings, { version, clock, log });
  const exec = execFor(given, settings, { clock, log });
  const stopped = promise<void>();
  const givenUp = promise<false>();
  /** Why nothing can be printed any more. */
  let outputFault: string | null = null;
  const output = createOutput(stdout, {
    clock,
    ended(code) {
      outputFault = code;
      // Whoever reads has seen enough: that is no error.
      if (code !== 'EPIPE') log.error('Events cannot be printed any more: the program stops.', { code });
      stopped.resolve();
    },
    leftOut: (lines) => log.warn('Whatever reads the events is too slow: some were not printed.', { lines }),
  });
  const print = createPrinter(given.json, wantsColours(stdout, env, given.noColour), stdout);
  const callback = receiveEvents(settings.listener, {
    keep: (event, raw, hops, isReplay) => forwarding?.enqueue(event, raw, hops, isReplay),
    take(event) {
      exec?.push(event);
      output.write(print(event));
    },
    clock,
    log,
  });
  const server = await openPort(callback, given, clock).catch((error: unknown) => {
    forwarding?.stop();
    throw error;
  });
  let dropped = 0;
  onStopSignals(stopped.resolve, () => {
    dropped += exec?.abandon() ?? 0;
    givenUp.resolve(false);
  });
  log.info(
    `sonorancad ${version} receives push events at ${addressOf(given, server.port)} (not affiliated with Sonoran Software Systems)`,
  );

  await stopped.wait;
  await Promise.race([server.close(), givenUp.wait]);
  // What was answered last is handed on at the next pass of the loop.
  await new Promise<void>((resolve) => clock.soon(resolve));
  await exec?.idle();
  if (dropped > 0) log.error('Stopped before the command of --exec had run to its end for all events.', { dropped });
  const waiting = forwarding?.stop() ?? 0;
  if (waiting > 0) log.info('Some events wait to be forwarded, with which the next start goes on.', { waiting });
  const isPrinted = await Promise.race([output.flush(), givenUp.wait]);
  if (outputFault !== null) return outputFault === 'EPIPE' && dropped === 0 ? 0 : 1;
  if (!isPrinted) log.error('Stopped before all events were printed.');
  return isPrinted && dropped === 0 ? 0 : 1;
}

interface Surroundings {
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
}

function forwardingFor(
  { forwardUrls, forwardDir, port, path }: ListenArguments,
  { apiKeys }: ProgramSettings,
  surroundings: Surroundings,
): ProgramForwarding | null {
  if (forwardUrls.length === 0) return null;
  const own = { port, resourceName: 'sonorancad', addresses: readOwnAddresses() };
  const { targets, warnings } = forwardTargets({ urls: forwardUrls, apiKeys, own, ownPath: path });
  for (const line of warnings) surroundings.log.warn(line);
  return openForwarding({ ...surroundings, targets, folder: forwardDir, apiKey: apiKeys[0] ?? '' });
}

function execFor(
  { exec }: ListenArguments,
  { secrets }: ProgramSettings,
  { clock, log }: Omit<Surroundings, 'version'>,
): ExecQueue | null {
  if (exec === null) return null;
  return createExecQueue({ command: exec, env: childEnvironment(process.env, secrets), clock, log });
}

function addressOf({ host, path }: ListenArguments, port: number): string {
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}${path}`;
}

/** A promise that is kept from outside. */
function promise<Value>(): { readonly wait: Promise<Value>; resolve(value: Value): void } {
  let resolve: (value: Value) => void = () => {};
  const wait = new Promise<Value>((keep) => {
    resolve = keep;
  });
  return { wait, resolve: (value) => resolve(value) };
}
