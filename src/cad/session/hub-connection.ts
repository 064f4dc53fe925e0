import { type HubMessage, JsonHubProtocol, MessageType, NullLogger } from '@microsoft/signalr';
import { WebSocket } from 'ws';
import type { Clock } from '../../lib/clock.ts';
import { findHub } from './negotiation.ts';

/** Options of a hub connection. */
export interface HubOptions {
  /** The hub's address, http or https. */
  readonly url: string;
  /** Whether to negotiate the WebSocket's address over HTTP first. Otherwise the WebSocket is opened at once. */
  readonly negotiates: boolean;
  /** Receives the payload of each `pushEvent`. Must not throw. */
  received(payload: unknown): void;
  /** Called once with the reason when an open connection is lost. Not called after `close`. */
  lost(reason: string): void;
  readonly clock: Pick<Clock, 'monotonic' | 'after' | 'soon'>;
}

/** A connection to the CAD's hub. It cannot be reopened: each reconnect uses a new one. */
export type Hub = Pick<HubConnection, 'start' | 'invoke' | 'close'>;

export type OpenHub = (options: HubOptions) => Hub;

const SOCKET_OPTIONS = {
  // A compressed message of a few kilobytes can inflate to gigabytes.
  perMessageDeflate: false,
  // Four times the limit of one event: a message may hold several events, and escapes lengthen JSON inside JSON.
  maxPayload: 4 * 1024 * 1024,
  // ASP.NET sends fragments of 4 KiB. Each fragment retains the socket's whole read buffer of up to 64 KiB.
  maxFragments: 1_024,
  handshakeTimeout: 10_000,
};
/** Upper bound of the socket's send buffer. Beyond it, the connection is closed. */
const MAX_UNSENT_BYTES = 1024 * 1024;
/** Longest time spent on reading in one pass of the event loop, because one message may hold 70,000 events. */
const MAX_READ_SLICE_MS = 8;

const PING_INTERVAL_MS = 10_000;
/**
 * Ping intervals without a message from the hub, after which the connection is closed. The intervals are counted
 * instead of using one timeout, because no message is read while the game thread hitches.
 */
const MAX_SILENT_INTERVALS = 4;
const INVOCATION_TIMEOUT_MS = 30_000;

const SEPARATOR = '\u001e';
const NORMAL_CLOSURE = 1_000;
const INVALID_MESSAGE = 'the CAD sent something that is not a message of its protocol';
const CLOSED_BY_CAD = 'the CAD closed the connection';

export const openHub: OpenHub = (options) => new HubConnection(options);

/**
 * Implements SignalR's JSON protocol over a WebSocket. Microsoft's `HubConnection` is not used, because it needs
 * packages at run time that the zip lacks, and reconnects without a login.
 */
class HubConnection {
  readonly #options: HubOptions;
  readonly #protocol = new JsonHubProtocol();
  readonly #handshake = Promise.withResolvers<void>();
  readonly #invocations = new Map<string, PromiseWithResolvers<unknown>>();
  #state: 'new' | 'open' | 'ended' = 'new';
  #socket: WebSocket | null = null;
  #lastInvocation = 0;
  #silentIntervals = 0;
  /** Received messages that are not parsed yet. */
  #unread = '';
  /** Why the connection ends after `#unread` is parsed; null while it goes on. */
  #pendingEndReason: string | null = null;
  #cancelPing = (): void => {};

  constructor(options: HubOptions) {
    this.#options = options;
    // The connection may be closed before `start` awaits the handshake; without a handler that is an unhandled
    // rejection.
    this.#handshake.promise.catch(() => {});
  }

  /** Connects and performs the handshake. The caller sets a deadline by `close`. @throws when that fails */
  async start(): Promise<void> {
    const { url, negotiates, clock } = this.#options;
    const address = await findHub(url, negotiates, clock);
    if (this.#state === 'new') this.#connect(address);
    await this.#handshake.promise;
  }

  /** Calls a method of the hub. @throws with the hub's own error message, or when the connection is lost */
  invoke(target: string, ...args: unknown[]): Promise<unknown> {
    if (this.#state !== 'open') return Promise.reject(new Error('the hub is not connected'));
    const invocationId = String(++this.#lastInvocation);
    const answer = Promise.withResolvers<unknown>();
    const timedOut = () => answer.reject(new Error('the hub did not answer within 30 s'));
    const cancelDeadline = this.#options.clock.after(INVOCATION_TIMEOUT_MS, timedOut);
    this.#invocations.set(invocationId, answer);
    this.#send({ type: MessageType.Invocation, invocationId, target, arguments: args });
    return answer.promise.finally(() => {
      cancelDeadline();
      this.#invocations.delete(invocationId);
    });
  }

  /** Closes the socket at once, even while it is connecting. No event is received afterwards. */
  close(): void {
    this.#end(null);
  }

  #connect(address: string): void {
    const socket = new WebSocket(address, SOCKET_OPTIONS);
    this.#socket = socket;
    socket.on('open', () => this.#write(JSON.stringify({ protocol: this.#protocol.name, version: 1 }) + SEPARATOR));
    socket.on('message', (data, isBinary) => {
      if (isBinary) this.#endAfterUnread(INVALID_MESSAGE);
      else this.#receive(String(data));
    });
    // Without a listener, an error event ends the process. It may also arrive after the end of the connection.
    socket.on('error', (error: NodeJS.ErrnoException) => {
      this.#endAfterUnread(`the WebSocket could not be opened, or was lost: ${error.message || error.code}`);
    });
    socket.on('close', (code) => {
      this.#endAfterUnread(code === NORMAL_CLOSURE ? CLOSED_BY_CAD : `the WebSocket was closed (${code})`);
    });
  }

  #receive(text: string): void {
    this.#silentIntervals = 0;
    if (!text.endsWith(SEPARATOR)) {
      this.#endAfterUnread(INVALID_MESSAGE);
      return;
    }
    const isReading = this.#unread !== '';
    this.#unread += text;
    if (!isReading) this.#read();
  }

  #read(): void {
    const { clock } = this.#options;
    const until = clock.monotonic() + MAX_READ_SLICE_MS;
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
    if (this.#pendingEndReason !== null) this.#end(this.#pendingEndReason);
  }

  /** @param text one message with its separator */
  #readOne(text: string): void {
    try {
      if (this.#state === 'new') this.#finishHandshake(text.slice(0, -SEPARATOR.length));
      else for (const message of this.#protocol.parseMessages(text, NullLogger.instance)) this.#handle(message);
    } catch {
      // The parser's error would quote the message.
      this.#end(INVALID_MESSAGE);
    }
  }

  #finishHandshake(text: string): void {
    const answer: unknown = JSON.parse(text);
    if (typeof answer !== 'object' || answer === null || 'type' in answer) throw new Error('not a handshake answer');
    if ('error' in answer && answer.error) {
      this.#end(`the hub refused the connection: ${errorText(answer.error)}`);
      return;
    }
    this.#state = 'open';
    this.#schedulePing();
    this.#handshake.resolve();
  }

  /** Ends the connection after the messages that arrived before are parsed. */
  #endAfterUnread(reason: string): void {
    if (this.#unread === '') this.#end(reason);
    else this.#pendingEndReason ??= reason;
  }

  #handle(message: HubMessage): void {
    if (message.type === MessageType.Completion) {
      const { invocationId, result, error } = message;
      const invocation = this.#invocations.get(invocationId);
      if (error) invocation?.reject(new Error(error));
      else invocation?.resolve(result);
    } else if (message.type === MessageType.Close) {
      this.#end(message.error ? `${CLOSED_BY_CAD}: ${errorText(message.error)}` : CLOSED_BY_CAD);
    } else if (message.type === MessageType.Invocation) {
      const { target, arguments: args, invocationId } = message;
      // SignalR compares method names case-insensitively.
      if (target.toLowerCase() === 'pushevent' && Array.isArray(args)) this.#options.received(args[0]);
      // With an invocation id, the hub waits for a result, and no method here returns one.
      if (invocationId === undefined) return;
      this.#send({ type: MessageType.Completion, invocationId, error: 'The client gave no result.' });
    }
  }

  #schedulePing(): void {
    const { clock } = this.#options;
    this.#cancelPing = clock.after(PING_INTERVAL_MS, () => {
      this.#silentIntervals += 1;
      // After a hitch of the game, the socket may hold unread messages. They are read before the connection is given
      // up.
      if (this.#silentIntervals >= MAX_SILENT_INTERVALS) clock.soon(() => this.#ping());
      else this.#ping();
    });
  }

  #ping(): void {
    if (this.#silentIntervals >= MAX_SILENT_INTERVALS) this.#end('the CAD was silent for 30 s');
    this.#send({ type: MessageType.Ping });
    if (this.#state === 'open') this.#schedulePing();
  }

  #send(message: HubMessage): void {
    if (this.#state === 'open') this.#write(String(this.#protocol.writeMessage(message)));
  }

  #write(text: string): void {
    if ((this.#socket?.bufferedAmount ?? 0) > MAX_UNSENT_BYTES) this.#end('the CAD reads nothing from the connection');
    else this.#socket?.send(text);
  }

  /** @param reason null when this side closes the connection */
  #end(reason: string | null): void {
    if (this.#state === 'ended') return;
    const wasOpen = this.#state === 'open';
    this.#state = 'ended';
    this.#cancelPing();
    // Send the close frame before terminating the socket, without waiting for an answer.
    if (wasOpen) this.#socket?.close(NORMAL_CLOSURE);
    this.#socket?.terminate();
    const error = new Error(reason ?? 'the connection was closed');
    for (const { reject } of this.#invocations.values()) reject(error);
    this.#handshake.reject(error);
    if (wasOpen && reason !== null) this.#options.lost(reason);
  }
}

function errorText(error: unknown): string {
  return typeof error === 'string' ? error : 'no reason was given';
}
