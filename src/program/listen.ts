import { readOwnAddresses } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { ListeningServer, PushEventListener } from '../listener/push-event-listener.ts';
import { serve } from '../listener/serve.ts';
import { type ListenArguments, programFault } from './arguments.ts';
import { createExecQueue, type ExecQueue } from './exec/exec-queue.ts';
import { childEnvironment } from './exec/run-command.ts';
import { forwardTargets, openForwarding, type ProgramForwarding } from './forward/forwarding.ts';
import { createPrinter, wantsColours } from './print/lines.ts';
import { createOutput, createTerminalLog } from './print/output.ts';
import { receiveEvents } from './receive-events.ts';
import { type ProgramSettings, readSettings } from './settings.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Hears of the signals that end a program.
 *
 * @param first called with the first of them
 * @param again called with each later one
 */
export function onStopSignals(first: () => void, again: () => void): void {
  let isStopping = false;
  const heard = () => {
    if (isStopping) return again();
    isStopping = true;
    first();
  };
  for (const signal of SIGNALS) process.on(signal, heard);
}

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

/** @throws (as a rejection) a fault that says what to do when the port cannot be had */
export async function openPort(
  callback: ReturnType<PushEventListener['callback']>,
  { port, host }: { readonly port: number; readonly host: string },
  clock: Clock,
): Promise<ListeningServer> {
  try {
    return await serve(callback, port, host, clock);
  } catch (error) {
    const code = String((error as { code?: unknown }).code);
    throw programFault(sentenceFor(code, port, host), 1);
  }
}

function sentenceFor(code: string, port: number, host: string): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} of ${host} is in use: end the program that listens there, or give another --port.`;
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return `Port ${port} of ${host} may not be listened on by this user: give a --port above 1023.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${host} is no address of this machine: give another --host.`;
  }
  return `Nothing can listen on port ${port} of ${host} (${code}).`;
}
