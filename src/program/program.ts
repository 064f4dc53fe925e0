import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import type { PushEvent } from '../events/push-event.ts';
import { eventIdOf, HOP_HEADER, parseHops } from '../forward/signed-headers.ts';
import { REFUSALS } from '../http/event-routes.ts';
import { readOwnAddresses } from '../lib/addresses.ts';
import { type Clock, createClock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { errorCodeOf } from '../lib/text.ts';
import { createNodeCallback, serve } from '../listener/adapters.ts';
import { createHandlers } from '../listener/handlers.ts';
import type { ListenerSettings } from '../listener/options.ts';
import type { ListeningServer, PushEventListener } from '../listener/push-event-listener.ts';
import { createReceive, isReplay, type Receive } from '../listener/receiver.ts';
import { DEFAULT_PORT, helpText, type ListenArguments, programFault, readArguments, readFault } from './arguments.ts';
import { forwardTargets, openForwarding } from './forwarding.ts';
import { createOutput, createPrinter, createTerminalLog, wantsColours } from './output.ts';
import { childEnvironment, createExecQueue } from './run-command.ts';
import type { Samples } from './send/samples.ts';
import { sendEvents } from './send/send-events.ts';
import { KEY_VARIABLE, type ProgramSettings, readSettings } from './settings.ts';
import { work } from './work.ts';

/** Of the built package; the build makes it. */
const SAMPLES = new URL('./sample-events.json', import.meta.url);

/**
 * The program behind `bin/sonorancad.js`.
 *
 * @param args what stands after the program's name
 * @param version the package's
 * @returns the exit code, once everything is written: the process is to end then
 */
export async function runProgram(args: readonly string[], version: string): Promise<number> {
  const exitCode = await run(args, version);
  await written(process.stderr);
  return exitCode;
}

async function run(args: readonly string[], version: string): Promise<number> {
  try {
    const command = readArguments(args);
    if (command.kind === 'send') return await send(command.args);
    if (command.kind === 'listen') {
      const { given } = command;
      if (given.from === null) return await listen(given, version, createClock());
      return await work(given, given.from, { version, clock: createClock(), stop: stopSignals() });
    }
    await written(process.stdout, `${command.kind === 'help' ? helpText() : version}\n`);
    return 0;
  } catch (error) {
    const fault = readFault(error);
    if (fault === null) throw error;
    await written(process.stderr, `sonorancad: ${fault.sentence}\n`);
    return fault.exitCode;
  }
}

/** @returns the exit code: 0 when every event was accepted */
async function send(args: readonly string[]): Promise<number> {
  const isAccepted = await sendEvents(args, {
    command: 'sonorancad send',
    url: `http://127.0.0.1:${DEFAULT_PORT}`,
    keyFrom: `the environment variable ${KEY_VARIABLE}`,
    whenRefused: 'start your listener first, or give its address as --url.',
    samples: JSON.parse(readFileSync(SAMPLES, 'utf8')) as Samples,
    key: () => process.env[KEY_VARIABLE]?.trim() || null,
    print: (line) => void process.stdout.write(`${line}\n`),
  });
  await written(process.stdout);
  return isAccepted ? 0 : 1;
}

/** @returns when a stream has taken what it was given, or cannot */
function written(stream: Writable, text = ''): Promise<void> {
  return new Promise((resolve) => {
    stream.once('error', () => resolve());
    stream.write(text, () => resolve());
  });
}

/**
 * Receives push events until a signal says to stop, or the reader of the output has gone.
 *
 * @returns the exit code
 * @throws a fault when it cannot begin
 */
async function listen(given: ListenArguments, version: string, clock: Clock): Promise<number> {
  const { env, stdout, stderr } = process;
  const settings = readSettings(given, env);
  const { keys } = settings.listener;
  const log = createTerminalLog(stderr, wantsColours(stderr, env, given.noColour), clock, keys.mask);
  if (given.key !== null) {
    log.warn('--key can be seen by others on this machine: put the key into SONORANCAD_KEY or a --key-file instead.');
  }
  const forwarding = forwardingFor(given, settings, version, clock, log);
  const { exec: command } = given;
  const exec = command && createExecQueue({ command, env: childEnvironment(env, settings.secrets), clock, log });
  const stop = stopSignals();
  const stopped = promise<void>();
  /** Why nothing can be printed any more. */
  let outputFault: string | null = null;
  const output = createOutput(stdout, {
    clock,
    ended(code) {
      outputFault = code;
      // The reader has seen enough: that is no error.
      if (code !== 'EPIPE') log.error('Events cannot be printed any more: the program stops.', { code });
      stopped.resolve();
    },
    leftOut: (lines) => log.warn('The reader of the output is too slow: some events were not printed.', { lines }),
  });
  const print = createPrinter(given.json, wantsColours(stdout, env, given.noColour), stdout);
  const callback = receiveEvents(settings.listener, {
    keep: (event, raw, hops, isReplay) => forwarding?.enqueue(event, raw, hops, isReplay),
    take(event) {
      if (exec) exec.push(event);
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
  void stop.asked.then(stopped.resolve);
  void stop.insisted.then(() => {
    if (exec) dropped += exec.abandon();
  });
  const address = `http://${given.host.includes(':') ? `[${given.host}]` : given.host}:${server.port}${given.path}`;
  log.info(`sonorancad ${version} receives push events at ${address} (not affiliated with Sonoran Software Systems)`);

  await stopped.wait;
  await Promise.race([server.close(), stop.insisted]);
  // What was answered last is handed on at the next pass of the loop.
  await new Promise<void>((resolve) => clock.soon(resolve));
  if (exec) await exec.idle();
  if (dropped > 0) log.error('Stopped before the command of --exec had run to its end for all events.', { dropped });
  const waiting = forwarding?.stop() ?? 0;
  if (waiting > 0) log.info('Some events wait to be forwarded; the next start goes on with them.', { waiting });
  const isPrinted = await Promise.race([output.flush(), stop.insisted]);
  if (outputFault !== null) return outputFault === 'EPIPE' && dropped === 0 ? 0 : 1;
  if (!isPrinted) log.error('Stopped before all events were printed.');
  return isPrinted && dropped === 0 ? 0 : 1;
}

function forwardingFor(
  { forwardUrls: urls, forwardDir: folder, port, path: ownPath }: ListenArguments,
  { apiKeys, listener: { keys } }: ProgramSettings,
  version: string,
  clock: Clock,
  log: Log,
) {
  if (urls.length === 0) return null;
  const own = { port, resourceName: 'sonorancad', addresses: readOwnAddresses() };
  const { targets, warnings } = forwardTargets({ urls, apiKeys, own, ownPath });
  for (const line of warnings) log.warn(line);
  return openForwarding({ targets, folder, apiKey: apiKeys[0] ?? '', keys, version, clock, log });
}

/** A promise that is kept from outside. */
function promise<Value>(): { readonly wait: Promise<Value>; resolve(value: Value): void } {
  let resolve: (value: Value) => void = () => {};
  const wait = new Promise<Value>((keep) => {
    resolve = keep;
  });
  return { wait, resolve: (value) => resolve(value) };
}

/** When the operator wants the program to end: at first in peace, then at once. */
function stopSignals() {
  const [asked, insisted] = [promise<void>(), promise<false>()];
  let isAsked = false;
  const heard = () => {
    if (isAsked) insisted.resolve(false);
    isAsked = true;
    asked.resolve();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, heard);
  return { asked: asked.wait, insisted: insisted.wait };
}

/** @throws (as a rejection) a fault that says what to do when the port cannot be had */
async function openPort(
  callback: ReturnType<PushEventListener['callback']>,
  { port, host }: Pick<ListenArguments, 'port' | 'host'>,
  clock: Clock,
): Promise<ListeningServer> {
  try {
    return await serve(callback, port, host, clock);
  } catch (error) {
    throw programFault(sentenceFor(errorCodeOf(error), port, host), 1);
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

interface Reception {
  /**
   * Stores what must survive; called before the event is answered.
   *
   * @param event with the `webhook-id` that it came with as its id, so that the receivers of a replay are sent one too
   * @param isReplay whether an operator had it sent again
   */
  keep(event: PushEvent, raw: Uint8Array, hops: number, isReplay: boolean): void;
  /** Called once the event is answered, in order of arrival. */
  take(event: PushEvent): void;
  readonly clock: Clock;
  readonly log: Log;
}

/** @returns the library's listener with a step of ours before the answer, which its users have no need of */
export function receiveEvents(
  settings: ListenerSettings,
  { keep, take, clock, log }: Reception,
): ReturnType<PushEventListener['callback']> {
  const inner = createReceive(settings, clock);
  const receive: Receive = (raw, header, socket) => {
    const received = inner(raw, header, socket);
    const { event, answer } = received;
    if (event !== null) {
      const webhookId = header('webhook-id') ?? '';
      const id = eventIdOf(webhookId) === event.id ? webhookId : event.id;
      keep({ ...event, id }, raw, parseHops(header(HOP_HEADER)), isReplay(settings.secrets, header));
    }
    const from = socket?.remoteAddress ?? 'unknown';
    if (answer === REFUSALS['wrong-key']) {
      log.warn('A push event was refused: its API key is not the one that this program was given.', { from });
    } else if (answer.status === 401) {
      log.warn('A push event was refused: it is not signed with the secret of --secret-file.', { from });
    }
    return received;
  };
  const handlers = createHandlers(clock, (line) => log.error(line));
  handlers.on('*', take);
  return createNodeCallback({ settings, receive, handlers, clock });
}
