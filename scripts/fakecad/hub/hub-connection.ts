import * as v from 'valibot';
import type { WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import { parseJson } from '../read-body.ts';

interface HubConnectionOptions {
  readonly socket: WebSocket;
  readonly clock: Clock;
  readonly faults: Faults;
  /** @returns the result of a method of the hub; an error where there is none of that name */
  call(target: string, args: readonly unknown[]): { result: unknown } | { error: string };
}

/** The kinds of message that are spoken here; there are more, about streams. */
const MESSAGE = { invocation: 1, completion: 3, streamInvocation: 4, ping: 6, close: 7 } as const;
/** Ends each record of the JSON hub protocol. */
const SEPARATOR = '\u001e';
/** As a hub of ASP.NET has it, unless told otherwise. */
const MOST_BYTES = 32 * 1024;
const MOST_UNSENT_BYTES = 4 * 1024 * 1024;

const PING_MS = 15_000;
const HANDSHAKE_DEADLINE_MS = 15_000;
/** Pings without a word from the client, after which it is taken for dead. */
const MOST_SILENT_PINGS = 2;

const NORMAL = 1000;
const UNSUPPORTED = 1003;

const handshakeSchema = v.object({ protocol: v.literal('json'), version: v.literal(1) });
const messageSchema = v.object({
  type: v.pipe(v.number(), v.integer()),
  invocationId: v.optional(v.string()),
  target: v.optional(v.string(), ''),
  arguments: v.optional(v.array(v.unknown()), () => []),
});

/** One client of the hub, authenticated or not: the JSON hub protocol of SignalR, version 1, over one socket. */
export class HubConnection {
  readonly #options: HubConnectionOptions;
  #rest = '';
  #isOpen = false;
  #ended = false;
  #silentPings = 0;
  #cancelTimer: () => void;

  constructor(options: HubConnectionOptions) {
    this.#options = options;
    const { socket, clock } = options;
    this.#cancelTimer = clock.after(HANDSHAKE_DEADLINE_MS, () => socket.terminate());
    socket.on('message', (data, isBinary) => {
      if (isBinary) socket.close(UNSUPPORTED);
      else this.#receive(String(data));
    });
    socket.on('error', () => socket.terminate());
    socket.on('close', () => {
      this.#ended = true;
      this.#cancelTimer();
    });
  }

  /** Calls a method of the client. */
  invoke(target: string, args: readonly unknown[]): void {
    this.#send({ type: MESSAGE.invocation, target, arguments: args });
  }

  /** The same, cut off in the middle of the message, and the connection with it. */
  invokeHalf(target: string, args: readonly unknown[]): void {
    const { socket } = this.#options;
    const text = JSON.stringify({ type: MESSAGE.invocation, target, arguments: args });
    this.#ended = true;
    socket.send(text.slice(0, text.length / 2), { fin: false }, () => socket.terminate());
  }

  /** Says why it ends, and ends it. */
  close({ error, allowReconnect }: { error?: string; allowReconnect?: boolean }): void {
    this.#send({
      type: MESSAGE.close,
      ...(error !== undefined && { error }),
      ...(allowReconnect && { allowReconnect }),
    });
    this.#end();
  }

  #receive(text: string): void {
    this.#silentPings = 0;
    // A hub that has fallen silent does nothing with what it is told.
    if (this.#options.faults.mute || this.#ended) return;
    // A record may come in several messages.
    const records = (this.#rest + text).split(SEPARATOR);
    this.#rest = records.pop() ?? '';
    if ([...records, this.#rest].some((record) => Buffer.byteLength(record) > MOST_BYTES)) {
      this.close({ error: 'The message is too large.' });
      return;
    }
    for (const record of records) {
      if (this.#ended) return;
      if (this.#isOpen) this.#take(parseJson(record, undefined));
      else this.#shakeHands(parseJson(record, undefined));
    }
  }

  #shakeHands(record: unknown): void {
    if (!v.is(handshakeSchema, record)) {
      this.#send({ error: 'The hub speaks the protocol json, version 1.' });
      this.#end();
      return;
    }
    this.#send({});
    this.#isOpen = true;
    this.#waitToPing();
  }

  #take(record: unknown): void {
    const message = v.safeParse(messageSchema, record);
    if (!message.success) {
      this.close({ error: 'The message is no message of the JSON hub protocol.' });
      return;
    }
    const { type, invocationId, target, arguments: args } = message.output;
    if (type === MESSAGE.invocation) this.#complete(invocationId, this.#options.call(target, args));
    else if (type === MESSAGE.streamInvocation) this.#complete(invocationId, { error: `${target} is no stream.` });
    else if (type === MESSAGE.close) this.#end();
  }

  #complete(invocationId: string | undefined, outcome: object): void {
    if (invocationId === undefined) return;
    const { clock, faults } = this.#options;
    const answer = () => this.#send({ type: MESSAGE.completion, invocationId, ...outcome });
    if (faults.slowMs > 0) clock.after(faults.slowMs, answer);
    else answer();
  }

  #waitToPing(): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(PING_MS, () => {
      if (this.#silentPings < MOST_SILENT_PINGS) {
        this.#silentPings += 1;
        this.#send({ type: MESSAGE.ping });
        this.#waitToPing();
      } else this.close({ error: 'Client hasn’t sent a message.' });
    });
  }

  #send(message: object): void {
    const { socket, faults } = this.#options;
    if (faults.mute || this.#ended) return;
    if (socket.bufferedAmount > MOST_UNSENT_BYTES) socket.terminate();
    else socket.send(JSON.stringify(message) + SEPARATOR);
  }

  #end(): void {
    this.#ended = true;
    this.#options.socket.close(NORMAL);
  }
}
