import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { createKeyRing } from '../events/api-keys.ts';
import type { PushEvent } from '../events/push-event.ts';
import { eventIdOf, HOP_HEADER, parseHops } from '../forward/signed-headers.ts';
import { REFUSALS } from '../http/event-routes.ts';
import { readOwnAddresses } from '../lib/addresses.ts';
import { type Clock, createClock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { errorCodeOf, printableJson, reasonOf } from '../lib/text.ts';
import { createNodeCallback, serve } from '../listener/adapters.ts';
import { createHandlers } from '../listener/handlers.ts';
import type { ListenerSettings } from '../listener/options.ts';
import type { ListeningServer, PushEventListener } from '../listener/push-event-listener.ts';
import { createReceive, isReplay, type Receive } from '../listener/receiver.ts';
import { createConsumer } from '../listener/stream-worker.ts';
import {
  DEFAULT_PORT,
  type FromArguments,
  helpText,
  type ListenArguments,
  programFault,
  readArguments,
  readFault,
} from './arguments.ts';
import { forwardTargets, openForwarding } from './forwarding.ts';
import { createOutput, createPrinter, createTerminalLog, wantsColours } from './output.ts';
import { childEnvironment, createExecQueue, runCommand } from './run-command.ts';
import type { Samples } from './send/samples.ts';
import { sendEvents } from './send/send-events.ts';
import { KEY_VARIABLE, type ProgramSettings, readSettings, readWorkerOptions } from './settings.ts';

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
      return await work(given, given.from, version, createClock());
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

/** Where events are printed, and the operator is told what is to be known. @param mask takes the secrets out of a text */
function openTerminal({ json, noColour }: ListenArguments, mask: (text: string) => string, clock: Clock) {
  const { env, stdout, stderr } = process;
  const log = createTerminalLog(stderr, wantsColours(stderr, env, noColour), clock, mask);
  const fault = promise<string>();
  const output = createOutput(stdout, {
    clock,
    ended(code) {
      // The reader has seen enough: that is no error.
      if (code !== READER_GONE) log.error('Events cannot be printed any more: the program stops.', { code });
      fault.resolve(code);
    },
    leftOut: (lines) =>
      log.coalesce({}).warn('The reader of the output is too slow: some events were not printed.', { lines }),
  });
  const lineOf = createPrinter(json, wantsColours(stdout, env, noColour), stdout);
  return {
    log,
    print: (event: PushEvent) => output.write(lineOf(event)),
    flush: output.flush,
    /** Kept when nothing can be printed any more, with why. */
    ended: fault.wait,
  };
}

const READER_GONE = 'EPIPE';

/**
 * Receives push events until a signal says to stop, or the reader of the output has gone.
 *
 * @returns the exit code
 * @throws a fault when it cannot begin
 */
async function listen(given: ListenArguments, version: string, clock: Clock): Promise<number> {
  const { env } = process;
  const settings = readSettings(given, env);
  const { log, print, flush, ended } = openTerminal(given, settings.listener.keys.mask, clock);
  if (given.key !== null) {
    log.warn('--key can be seen by others on this machine: put the key into SONORANCAD_KEY or a --key-file instead.');
  }
  const forwarding = forwardingFor(given, settings, version, clock, log);
  const { exec: command } = given;
  const exec = command && createExecQueue({ command, env: childEnvironment(env, settings.secrets), clock, log });
  const stop = stopSignals();
  let outputFault: string | null = null;
  void ended.then((code) => {
    outputFault = code;
  });
  const callback = receiveEvents(settings.listener, {
    keep: (event, raw, hops, isReplay) => forwarding?.enqueue(event, raw, hops, isReplay),
    take(event) {
      if (exec) exec.push(event);
      print(event);
    },
    clock,
    log,
  });
  const server = await openPort(callback, given, clock).catch((error: unknown) => {
    forwarding?.stop();
    throw error;
  });
  let dropped = 0;
  void stop.insisted.then(() => {
    if (exec) dropped += exec.abandon();
  });
  const address = `http://${given.host.includes(':') ? `[${given.host}]` : given.host}:${server.port}${given.path}`;
  log.info(`sonorancad ${version} receives push events at ${address} (not affiliated with Sonoran Software Systems)`);

  await Promise.race([stop.asked, ended]);
  await Promise.race([server.close(), stop.insisted]);
  // What was answered last is handed on at the next pass of the loop.
  await new Promise<void>((resolve) => clock.soon(resolve));
  if (exec) await exec.idle();
  if (dropped > 0) log.error('Stopped before the command of --exec had run to its end for all events.', { dropped });
  const { waiting, isKept } = forwarding?.stop() ?? { waiting: 0, isKept: true };
  if (waiting > 0 && isKept) {
    log.info('Some events wait to be forwarded; the next start goes on with them.', { waiting });
  } else if (waiting > 0) {
    log.error('Some events wait to be forwarded; those that the folder of --forward-dir did not take are lost.', {
      waiting,
    });
  }
  log.stop();
  const isPrinted = await Promise.race([flush(), stop.insisted]);
  if (outputFault !== null) return outputFault === READER_GONE && dropped === 0 ? 0 : 1;
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
      log.coalesce({ from }).warn('A push event was refused: its API key is not the one that this program was given.');
    } else if (answer.status === 401) {
      log.coalesce({ from }).warn('A push event was refused: it is not signed with the secret of --secret-file.');
    }
    return received;
  };
  const handlers = createHandlers(clock, (line) => log.error(line));
  handlers.on('*', take);
  return createNodeCallback({ settings, receive, handlers, clock });
}

/**
 * Takes events out of a stream until a signal says to stop, or the reader of the output has gone.
 *
 * @returns the exit code
 * @throws a fault when it cannot begin
 */
async function work(given: ListenArguments, from: FromArguments, version: string, clock: Clock): Promise<number> {
  const { env } = process;
  const stop = stopSignals();
  const { options, secrets } = readWorkerOptions(given, from, env);
  const { log, print, flush, ended } = openTerminal(given, createKeyRing(secrets).mask, clock);
  const consumer = createConsumerOrFault(() =>
    createConsumer({ ...options, warn: (line) => log.warn(line) }, clock, log.warn),
  );
  const kills = new Set<() => void>();
  const command = given.exec;
  const childEnv = command === null ? {} : childEnvironment(env, secrets);
  consumer.on('*', (event) => {
    print(event);
    return command === null ? undefined : execute(command, event);
  });
  // The command's end is told below, with its exit code.
  consumer.onError((error, { id, type }) => log.warn(`An event was not handled: ${reasonOf(error)}`, { type, id }));

  function execute(command: string, event: PushEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      const kill = runCommand({ command, env: childEnv, clock }, `${printableJson(event)}\n`, (fault) => {
        kills.delete(kill);
        if (fault === null) resolve();
        else reject(new Error(`the command of --exec ${fault}`));
      });
      kills.add(kill);
    });
  }

  const starting = consumer.start();
  log.info(
    `sonorancad ${version} takes push events from the stream ${from.stream} as ${from.durable} (not affiliated with Sonoran Software Systems)`,
  );
  const end = Promise.race([ended, stop.asked.then(() => null)]);
  const begun = await Promise.race([starting.catch(toFault), end.then(() => null)]);
  const code = await end;
  void stop.insisted.then(() => {
    for (const kill of kills) kill();
  });
  if (begun !== null) await Promise.race([begun.close(), stop.insisted]);
  // What runs has been given back to other workers.
  for (const kill of kills) kill();
  log.stop();
  await Promise.race([flush(), stop.insisted]);
  return code === null || code === READER_GONE ? 0 : 1;
}

function toFault(error: unknown): never {
  const { code, message } = error as { code?: unknown; message?: unknown };
  throw code === 'SONORANCAD_WORKER' ? programFault(`--from: ${String(message)}.`, 1) : error;
}

/** The option's name in the worker's sentence, as it is on the command line. */
const FLAGS: Readonly<Record<string, string>> = {
  servers: 'from',
  maxDeliver: 'max-deliver',
  secret: 'secret-file',
};

/** What is to be in the file of an option that the worker takes as an object. */
const FILES: Readonly<Record<string, string>> = {
  credentials: "--credentials-file: expected a creds file, an nkey's seed, user:password or a token.",
  tls: '--ca-file: expected certificates as PEM texts.',
};

function createConsumerOrFault<Result>(create: () => Result): Result {
  try {
    return create();
  } catch (error) {
    const [, option = '', rest = ''] = /^(\w+)(.*)$/s.exec(reasonOf(error)) ?? [];
    throw programFault(FILES[option] ?? `--${FLAGS[option] ?? option}${rest}`);
  }
}
