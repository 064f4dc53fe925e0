import { type HubMessage, JsonHubProtocol, MessageType, NullLogger } from '@microsoft/signalr';
import { WebSocket } from 'ws';
import type { Clock } from '../../lib/clock.ts';
import { findHub } from './negotiation.ts';

/** What a hub is opened with. */
export interface HubOptions {
  /** The hub's address, http or https. */
  readonly url: string;
  /** Whether the server is first asked over HTTP how it wants to be connected to; else the WebSocket is opened at once. */
  readonly negotiates: boolean;
  /** Gets what each `pushEvent` carries. Must not throw. */
  received(payload: unknown): void;
  /** Called once when a hub that had started is lost, with what is known about it; not after `close`. */
  lost(reason: string): void;
  readonly clock: Pick<Clock, 'monotonic' | 'after' | 'soon'>;
}

/** One connection to the CAD's hub, used once: to connect again, another one is opened. */
export type Hub = Pick<HubConnection, 'start' | 'invoke' | 'close'>;

export type OpenHub = (options: HubOptions) => Hub;

const SOCKET_OPTIONS = {
  // A compressed message of a few kilobytes can be gigabytes long.
  perMessageDeflate: false,
  // Four times what one event may have: the hub may send several in one message, and text in text is written with escapes.
  maxPayload: 4 * 1024 * 1024,
  // ASP.NET sends a message in fragments of 4 KiB. Each one holds on to what was read with it, up to 64 KiB.
  maxFragments: 1_024,
  handshakeTimeout: 10_000,
};
const MAX_UNSENT_BYTES = 1024 * 1024;
/** Reads for so long at once, and goes on at the next pass of the event loop: a message may hold 70,000 events. */
const SLICE_MS = 8;

const PING_MS = 10_000;
/** After so many in which the hub said nothing whole, 30 s at least, it is given up on. Counted: a game that stands still hears nothing. */
const MAX_SILENT_ROUNDS = 4;
const INVOCATION_MS = 30_000;

const SEPARATOR = '\u001e';
const NORMAL_CLOSURE = 1_000;
const NO_MESSAGE = 'the CAD sent something that is not a message of its protocol';
const CLOSED_BY_CAD = 'the CAD closed the connection';

export const openHub: OpenHub = (options) => new HubConnection(options);

/**
 * Speaks SignalR's JSON protocol over a WebSocket. Microsoft's own connection is not used: it requires packages at run time that the
 * zip does not have, and would reconnect without authenticating.
 */
class HubConnection {
  readonly #options: HubOptions;
  readonly #protocol = new JsonHubProtocol();
  readonly #handshake = Promise.withResolvers<void>();
  readonly #invocations = new Map<string, PromiseWithResolvers<unknown>>();
  #state: 'new' | 'open' | 'ended' = 'new';
  #socket: WebSocket | null = null;
  #lastInvocation = 0;
  #silentRounds = 0;
  /** What has come and was not read yet. */
  #unread = '';
  /** Why it ends when that has been read. */
  #endsBecause: string | null = null;
  #cancelRound = (): void => {};

  constructor(options: HubOptions) {
    this.#options = options;
    // It may be closed before anything waits for the handshake.
    this.#handshake.promise.catch(() => {});
  }

  /** @throws when there is no connection; it has no deadline of its own: see `close` */
  async start(): Promise<void> {
    const { url, negotiates, clock } = this.#options;
    const address = await findHub(url, negotiates, clock);
    if (this.#state === 'new') this.#connect(address);
    await this.#handshake.promise;
  }

  /** Calls a method of the hub. @returns its result @throws with the hub's own words, or when the connection is lost */
  invoke(target: string, ...args: unknown[]): Promise<unknown> {
    if (this.#state !== 'open') return Promise.reject(new Error('there is no connection to the hub'));
    const invocationId = String(++this.#lastInvocation);
    const answer = Promise.withResolvers<unknown>();
    const late = () => answer.reject(new Error('the hub did not answer within 30 s'));
    const cancelDeadline = this.#options.clock.after(INVOCATION_MS, late);
    this.#invocations.set(invocationId, answer);
    this.#send({ type: MessageType.Invocation, invocationId, target, arguments: args });
    return answer.promise.finally(() => {
      cancelDeadline();
      this.#invocations.delete(invocationId);
    });
  }

  /** Closes the socket at once, also one that is still being opened. Nothing is received afterwards. */
  close(): void {
    this.#end(null);
  }

  #connect(address: string): void {
    const socket = new WebSocket(address, SOCKET_OPTIONS);
    this.#socket = socket;
    socket.on('open', () => this.#write(JSON.stringify({ protocol: this.#protocol.name, version: 1 }) + SEPARATOR));
    socket.on('message', (data, isBinary) =>
      isBinary ? this.#endBehindUnread(NO_MESSAGE) : this.#receive(String(data)),
    );
    // Without a listener an error would end the process; it may come after the end, too.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      this.#endBehindUnread(`the WebSocket could not be opened, or was lost: ${error.message || error.code}`),
    );
    socket.on('close', (code) =>
      this.#endBehindUnread(code === NORMAL_CLOSURE ? CLOSED_BY_CAD : `the WebSocket was closed (${code})`),
    );
  }

  #receive(text: string): void {
    this.#silentRounds = 0;
    if (!text.endsWith(SEPARATOR)) this.#endBehindUnread(NO_MESSAGE);
    else {
      const isReading = this.#unread !== '';
      this.#unread += text;
      if (!isReading) this.#read();
    }
  }

  #read(): void {
    const { clock } = this.#options;
    const until = clock.monotonic() + SLICE_MS;
    while (this.#unread !== '' && this.#state !== 'ended') {
      if (clock.monotonic() > until) {
        this.#socket?.pause();
        clock.soon(() => this.#read());
        return;
      }
      const end = this.#unread.indexOf(SEPARATOR) + 1;
      const message = this.#unread.slice(0, end);
      this.#unread = this.#unread.slice(end);
      this.#readOne(message);
    }
    this.#socket?.resume();
    if (this.#endsBecause !== null) this.#end(this.#endsBecause);
  }

  /** @param text one message with its separator */
  #readOne(text: string): void {
    try {
      if (this.#state === 'new') this.#shakeHands(text.slice(0, -SEPARATOR.length));
      else for (const message of this.#protocol.parseMessages(text, NullLogger.instance)) this.#take(message);
    } catch {
      // A parser's own words quote what it was given.
      this.#end(NO_MESSAGE);
    }
  }

  #shakeHands(text: string): void {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null || 'type' in answer) throw new Error('no handshake');
    if ('error' in answer && answer.error) this.#end(`the hub refused the connection${saidIn(answer.error)}`);
    else {
      this.#state = 'open';
      this.#listen();
      this.#handshake.resolve();
    }
  }

  /** Ends when all that came before has been read. */
  #endBehindUnread(reason: string): void {
    if (this.#unread === '') this.#end(reason);
    else this.#endsBecause ??= reason;
  }

  #take(message: HubMessage): void {
    if (message.type === MessageType.Completion) {
      const { invocationId, result, error } = message;
      const invocation = this.#invocations.get(invocationId);
      if (error) invocation?.reject(new Error(error));
      else invocation?.resolve(result);
    } else if (message.type === MessageType.Close) {
      this.#end(`${CLOSED_BY_CAD}${message.error ? saidIn(message.error) : ''}`);
    } else if (message.type === MessageType.Invocation) {
      const { target, arguments: args, invocationId } = message;
      // Names of methods are found in any case.
      if (target.toLowerCase() === 'pushevent' && Array.isArray(args)) this.#options.received(args[0]);
      // The hub waits for an answer, and none of its methods has one here.
      if (invocationId !== undefined)
        this.#send({ type: MessageType.Completion, invocationId, error: 'The client gave no result.' });
    }
  }

  #listen(): void {
    this.#cancelRound = this.#options.clock.after(PING_MS, () => {
      this.#silentRounds += 1;
      if (this.#silentRounds < MAX_SILENT_ROUNDS) this.#ping();
      // When the game stood still, a message may lie there unread, and the CAD sends an event only once.
      else this.#options.clock.soon(() => this.#ping());
    });
  }

  #ping(): void {
    if (this.#silentRounds >= MAX_SILENT_ROUNDS) this.#end('the CAD was silent for 30 s');
    this.#send({ type: MessageType.Ping });
    if (this.#state === 'open') this.#listen();
  }

  #send(message: HubMessage): void {
    if (this.#state === 'open') this.#write(String(this.#protocol.writeMessage(message)));
  }

  #write(text: string): void {
    if ((this.#socket?.bufferedAmount ?? 0) > MAX_UNSENT_BYTES) this.#end('the CAD reads nothing from the connection');
    else this.#socket?.send(text);
  }

  /** @param reason null when it is we who close it */
  #end(reason: string | null): void {
    if (this.#state === 'ended') return;
    const wasOpen = this.#state === 'open';
    this.#state = 'ended';
    this.#cancelRound();
    // The word that we go is sent before the socket is cut; nothing is waited for.
    if (wasOpen) this.#socket?.close(NORMAL_CLOSURE);
    this.#socket?.terminate();
    const error = new Error(reason ?? 'the connection was closed');
    for (const { reject } of this.#invocations.values()) reject(error);
    this.#handshake.reject(error);
    if (wasOpen && reason !== null) this.#options.lost(reason);
  }
}

function saidIn(error: unknown): string {
  return `: ${typeof error === 'string' ? error : 'no reason was given'}`;
}
