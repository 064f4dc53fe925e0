import type { PushEvent } from '../events/push-event.ts';
import { eventIdOf, HOP_HEADER, parseHops } from '../forward/signed-headers.ts';
import { REFUSALS } from '../http/event-routes.ts';
import { readOwnAddresses } from '../lib/addresses.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { errorCodeOf } from '../lib/text.ts';
import { createNodeCallback } from '../listener/adapters.ts';
import { EventHandlers } from '../listener/handlers.ts';
import type { ListenerSettings } from '../listener/options.ts';
import type { ListeningServer, PushEventListener } from '../listener/push-event-listener.ts';
import { type EventReceiver, isReplay, type ReceivedRequest, RequestReceiver } from '../listener/receiver.ts';
import { serve } from '../listener/serve.ts';
import { type ListenArguments, ProgramFault } from './arguments.ts';
import { createForwardTargets, ProgramForwarding } from './forwarding.ts';
import { createChildEnvironment, ExecQueue } from './run-command.ts';
import { type ProgramSettings, readSettings } from './settings.ts';
import { READER_GONE, Terminal, watchStopSignals } from './terminal.ts';

/**
 * Runs `sonorancad listen`: receives push events on a port until a signal arrives, or the output's reader is gone.
 *
 * @returns the exit code
 * @throws (as a rejection) a ProgramFault if the program cannot start
 */
export async function runListener(given: ListenArguments, version: string, clock: Clock): Promise<number> {
  const { env } = process;
  const settings = readSettings(given, env);
  const terminal = new Terminal(given, settings.listener.keys.mask, clock);
  const { log } = terminal;
  if (given.key !== null) {
    log.warn('--key can be seen by others on this machine: put the key into SONORANCAD_KEY or a --key-file instead.');
  }

  const forwarding = openForwarding(given, settings, version, clock, log);
  const command = given.exec;
  const childEnvironment = createChildEnvironment(env, settings.secrets);
  const execQueue = command === null ? null : new ExecQueue({ command, env: childEnvironment, clock, log });
  const stop = watchStopSignals();
  let outputFault: string | null = null;
  void terminal.ended.then((code) => {
    outputFault = code;
  });
  const callback = createProgramCallback(settings.listener, {
    store: (event, raw, hops, isReplayed) => forwarding?.enqueue(event, raw, hops, isReplayed),
    handle(event) {
      execQueue?.push(event);
      terminal.print(event);
    },
    clock,
    log,
  });
  const server = await openPort(callback, given, clock).catch((error: unknown) => {
    forwarding?.stop();
    throw error;
  });
  let unfinishedCommands = 0;
  void stop.forced.then(() => {
    unfinishedCommands += execQueue?.abandon() ?? 0;
  });
  const host = given.host.includes(':') ? `[${given.host}]` : given.host;
  const address = `http://${host}:${server.port}${given.path}`;
  log.info(`sonorancad ${version} receives push events at ${address} (not affiliated with Sonoran Software Systems)`);

  await Promise.race([stop.requested, terminal.ended]);
  await Promise.race([server.close(), stop.forced]);
  // The events of the last answers reach their handlers at the next pass of the event loop.
  await new Promise<void>((resolve) => clock.soon(resolve));
  await execQueue?.waitUntilIdle();
  if (unfinishedCommands > 0) {
    log.error('The program stopped before the command of --exec had run for all events.', {
      dropped: unfinishedCommands,
    });
  }
  if (forwarding !== null) stopForwarding(forwarding, log);
  log.stop();
  const isPrinted = await Promise.race([terminal.flush(), stop.forced]);

  if (outputFault !== null) return outputFault === READER_GONE && unfinishedCommands === 0 ? 0 : 1;
  if (!isPrinted) log.error('The program stopped before all events were printed.');
  return isPrinted && unfinishedCommands === 0 ? 0 : 1;
}

function openForwarding(
  { forwardUrls: urls, forwardDir: folder, port, path: ownPath }: ListenArguments,
  { apiKeys, listener: { keys } }: ProgramSettings,
  version: string,
  clock: Clock,
  log: Log,
): ProgramForwarding | null {
  if (urls.length === 0) return null;
  const own = { port, resourceName: 'sonorancad', addresses: readOwnAddresses() };
  const { targets, warnings } = createForwardTargets({ urls, apiKeys, own, ownPath });
  for (const line of warnings) log.warn(line);
  return new ProgramForwarding({ targets, folder, apiKey: apiKeys[0] ?? '', keys, version, clock, log });
}

function stopForwarding(forwarding: ProgramForwarding, log: Log): void {
  const { waiting, isKept } = forwarding.stop();
  if (waiting === 0) return;
  if (isKept) {
    log.info('Some events still wait to be forwarded. The next start continues with them.', { waiting });
    return;
  }
  log.error(
    'Some events still wait to be forwarded. Those that could not be written to the folder of --forward-dir are lost.',
    { waiting },
  );
}

/** @throws (as a rejection) a ProgramFault with advice if the port or the address is not available */
async function openPort(
  callback: ReturnType<PushEventListener['callback']>,
  { port, host }: Pick<ListenArguments, 'port' | 'host'>,
  clock: Clock,
): Promise<ListeningServer> {
  try {
    return await serve(callback, port, host, clock);
  } catch (error) {
    throw new ProgramFault(describePortFailure(errorCodeOf(error), port, host), 1);
  }
}

function describePortFailure(code: string, port: number, host: string): string {
  if (code === 'EADDRINUSE') {
    return `Port ${port} of ${host} is in use: end the program that listens there, or give another --port.`;
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return `This user may not listen on port ${port} of ${host}: give a --port above 1023.`;
  }
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') {
    return `${host} is no address of this machine: give another --host.`;
  }
  return `The program cannot listen on port ${port} of ${host} (${code}).`;
}

interface ProgramCallbackOptions {
  /**
   * Stores an event for forwarding, before its request is answered.
   *
   * @param event its id is the request's `webhook-id`, so that a replay is forwarded as a replay
   * @param isReplayed whether an operator replayed the event
   */
  store(event: PushEvent, raw: Uint8Array, hops: number, isReplayed: boolean): void;
  /** Handles an event after its request is answered, in the order of arrival. */
  handle(event: PushEvent): void;
  readonly clock: Clock;
  readonly log: Log;
}

/** Creates the library's request listener with one more step: it stores each event before the answer. */
export function createProgramCallback(
  settings: ListenerSettings,
  options: ProgramCallbackOptions,
): ReturnType<PushEventListener['callback']> {
  const { clock, log } = options;
  const handlers = new EventHandlers(clock, (line) => log.error(line));
  handlers.on('*', (event) => options.handle(event));
  return createNodeCallback({ settings, receiver: new StoringReceiver(settings, options), handlers, clock });
}

/** Receives requests as the library does, stores their events and logs refused senders. */
class StoringReceiver implements EventReceiver {
  readonly #receiver: RequestReceiver;
  readonly #secrets: readonly string[];
  readonly #options: ProgramCallbackOptions;

  constructor(settings: ListenerSettings, options: ProgramCallbackOptions) {
    this.#receiver = new RequestReceiver(settings, options.clock);
    this.#secrets = settings.secrets;
    this.#options = options;
  }

  receive(...[raw, header, socket]: Parameters<EventReceiver['receive']>): ReceivedRequest {
    const received = this.#receiver.receive(raw, header, socket);
    const { event, answer } = received;
    if (event !== null) {
      const webhookId = header('webhook-id') ?? '';
      const id = eventIdOf(webhookId) === event.id ? webhookId : event.id;
      this.#options.store({ ...event, id }, raw, parseHops(header(HOP_HEADER)), isReplay(this.#secrets, header));
    }

    const lines = this.#options.log.coalesce({ from: socket?.remoteAddress ?? 'unknown' });
    if (answer === REFUSALS['wrong-key']) {
      lines.warn('Refused a push event: its API key is not one that this program was given.');
    } else if (answer.status === 401) {
      lines.warn('Refused a push event: it is not signed with a secret of --secret-file.');
    }
    return received;
  }
}
