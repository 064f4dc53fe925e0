import { type HubMessage, type InvocationMessage, JsonHubProtocol, MessageType, NullLogger } from '@microsoft/signalr';
import { WebSocket } from 'ws';
import type { Clock } from '../../lib/clock.ts';
import { demandEncryption, negotiate } from './negotiate.ts';

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
  readonly clock: Pick<Clock, 'after' | 'soon'>;
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

const PING_MS = 10_000;
/** After so many in which the hub said nothing whole, 30 s at least, it is given up on. Counted: a game that stands still hears nothing. */
const MAX_SILENT_ROUNDS = 4;
const INVOCATION_MS = 30_000;

const SEPARATOR = '\u001e';
const NORMAL_CLOSURE = 1_000;
const CLOSED_EARLY = 'the connection was closed';

type Settle = (outcome: { readonly result: unknown } | { readonly error: Error }) => void;

export function openHub(options: HubOptions): Hub {
  return new HubConnection(options);
}

/**
 * Speaks SignalR's JSON protocol over a WebSocket. Microsoft's own connection is not used: it requires packages at run time that the
 * zip does not have, and would reconnect without authenticating.
 */
export class HubConnection {
  readonly #options: HubOptions;
  readonly #protocol = new JsonHubProtocol();
  readonly #invocations = new Map<string, Settle>();
  #state: 'new' | 'shaking hands' | 'open' | 'ended' = 'new';
  #socket: WebSocket | null = null;
  #established = (): void => {};
  #gaveUp = (_error: Error): void => {};
  #lastInvocation = 0;
  #silentRounds = 0;
  #cancelRound = (): void => {};

  constructor(options: HubOptions) {
    this.#options = options;
  }

  /** @throws when there is no connection; it has no deadline of its own: see `close` */
  async start(): Promise<void> {
    const { url, negotiates, clock } = this.#options;
    const address = negotiates ? await negotiate(url, clock) : url;
    demandEncryption(address);
    if (this.#ended()) throw new Error(CLOSED_EARLY);
    await new Promise<void>((resolve, reject) => {
      this.#established = resolve;
      this.#gaveUp = reject;
      this.#connect(address.replace(/^http/, 'ws'));
    });
  }

  #connect(address: string): void {
    const socket = new WebSocket(address, SOCKET_OPTIONS);
    this.#socket = socket;
    socket.on('open', () => {
      if (this.#state !== 'new') return;
      this.#state = 'shaking hands';
      this.#write(`${JSON.stringify({ protocol: this.#protocol.name, version: 1 })}${SEPARATOR}`);
    });
    socket.on('message', (data, isBinary) => this.#receive(isBinary ? null : String(data)));
    // Without a listener an error would end the process; it may come after the end, too.
    socket.on('error', (error: NodeJS.ErrnoException) =>
      this.#end(`the WebSocket could not be opened, or was lost: ${error.message || error.code}`),
    );
    socket.on('close', (code) =>
      this.#end(code === NORMAL_CLOSURE ? 'the CAD closed the connection' : `the WebSocket was closed (${code})`),
    );
  }

  /** Calls a method of the hub. @returns its result @throws with the hub's own words, or when the connection is lost */
  invoke(target: string, ...args: unknown[]): Promise<unknown> {
    if (this.#state !== 'open') return Promise.reject(new Error('there is no connection to the hub'));
    const { promise, resolve, reject } = Promise.withResolvers<unknown>();
    this.#lastInvocation += 1;
    const invocationId = String(this.#lastInvocation);
    const call = { type: MessageType.Invocation, invocationId, target, arguments: args } as const;
    const cancelDeadline = this.#options.clock.after(INVOCATION_MS, () =>
      this.#settle(invocationId, { error: new Error('the hub did not answer within 30 s') }),
    );
    this.#invocations.set(invocationId, (outcome) => {
      cancelDeadline();
      if ('error' in outcome) reject(outcome.error);
      else resolve(outcome.result);
    });
    this.#send(call);
    return promise;
  }

  /** Closes the socket at once, also one that is still being opened. Nothing is received afterwards. */
  close(): void {
    this.#end(null);
  }

  #receive(text: string | null): void {
    if (this.#state === 'ended') return;
    this.#silentRounds = 0;
    const messages = text === null ? null : this.#read(text);
    if (messages === null) this.#end('the CAD sent what is no message of its protocol');
    for (const message of messages ?? []) {
      if (this.#ended()) return;
      this.#take(message);
    }
  }

  /** @returns null for what is no message: a parser's own words quote what it was given */
  #read(text: string): HubMessage[] | null {
    try {
      const rest = this.#state === 'open' ? text : this.#shakeHands(text);
      return this.#ended() ? [] : this.#protocol.parseMessages(rest, NullLogger.instance);
    } catch {
      return null;
    }
  }

  /** @returns what came behind the answer to the handshake */
  #shakeHands(text: string): string {
    const end = text.indexOf(SEPARATOR);
    const answer: unknown = JSON.parse(text.slice(0, end));
    if (end < 0 || typeof answer !== 'object' || answer === null || 'type' in answer) throw new Error('no handshake');
    if ('error' in answer && answer.error) {
      this.#end(`the hub refused the connection: ${wordsOf(answer.error)}`);
      return '';
    }
    this.#state = 'open';
    this.#listen();
    this.#established();
    return text.slice(end + 1);
  }

  #take(message: HubMessage): void {
    if (message.type === MessageType.Invocation) this.#invoked(message);
    else if (message.type === MessageType.Completion) {
      const { invocationId, result, error } = message;
      this.#settle(invocationId, error ? { error: new Error(error) } : { result });
    } else if (message.type === MessageType.Close)
      this.#end(
        message.error ? `the CAD closed the connection: ${wordsOf(message.error)}` : 'the CAD closed the connection',
      );
  }

  #invoked({ target, arguments: args, invocationId }: InvocationMessage): void {
    // Names of methods are found in any case.
    if (target.toLowerCase() === 'pushevent' && Array.isArray(args)) this.#options.received(args[0]);
    // The hub waits for an answer, and none of its methods has one here.
    if (invocationId !== undefined)
      this.#send({ type: MessageType.Completion, invocationId, error: 'The client gave no result.' });
  }

  #settle(invocationId: string, outcome: Parameters<Settle>[0]): void {
    const settle = this.#invocations.get(invocationId);
    this.#invocations.delete(invocationId);
    settle?.(outcome);
  }

  #listen(): void {
    const { clock } = this.#options;
    this.#cancelRound = clock.after(PING_MS, () => {
      this.#silentRounds += 1;
      if (this.#silentRounds < MAX_SILENT_ROUNDS) {
        this.#nextRound();
        return;
      }
      // When the game stood still, a message may lie there unread, and the CAD sends an event only once.
      clock.soon(() => {
        if (this.#silentRounds >= MAX_SILENT_ROUNDS) this.#end('the CAD was silent for 30 s');
        else this.#nextRound();
      });
    });
  }

  #nextRound(): void {
    if (this.#ended()) return;
    this.#send({ type: MessageType.Ping });
    this.#listen();
  }

  #send(message: HubMessage): void {
    if (this.#state === 'open') this.#write(String(this.#protocol.writeMessage(message)));
  }

  #write(text: string): void {
    if ((this.#socket?.bufferedAmount ?? 0) > MAX_UNSENT_BYTES) this.#end('the CAD takes nothing off the connection');
    else this.#socket?.send(text);
  }

  #ended(): boolean {
    return this.#state === 'ended';
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
    const error = new Error(reason ?? CLOSED_EARLY);
    for (const invocationId of [...this.#invocations.keys()]) this.#settle(invocationId, { error });
    if (!wasOpen) this.#gaveUp(error);
    else if (reason !== null) this.#options.lost(reason);
  }
}

function wordsOf(error: unknown): string {
  return typeof error === 'string' ? error : 'no reason was given';
}
