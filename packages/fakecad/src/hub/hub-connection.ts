import * as v from 'valibot';
import type { WebSocket } from 'ws';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import { parseJson } from '../read-body.ts';

interface HubConnectionOptions {
  readonly socket: WebSocket;
  readonly clock: Clock;
  readonly faults: Faults;
  /** @returns the result of a hub method, or an error when there is no such method */
  call(target: string, args: readonly unknown[]): { result: unknown } | { error: string };
}

/** Message types of the protocol that the hub uses. The others are about streams. */
const MESSAGE = { invocation: 1, completion: 3, streamInvocation: 4, ping: 6, close: 7 } as const;
/** Ends each record of the JSON hub protocol. */
const SEPARATOR = '\u001e';
/** The default limit of an ASP.NET hub. */
const MAX_BYTES = 32 * 1024;
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;

const PING_MS = 15_000;
const HANDSHAKE_DEADLINE_MS = 15_000;
/** Pings without any message from the client before the connection is closed. */
const MAX_SILENT_PINGS = 2;

const NORMAL = 1000;
const UNSUPPORTED = 1003;

const handshakeSchema = v.object({ protocol: v.literal('json'), version: v.literal(1) });
const messageSchema = v.object({
  type: v.pipe(v.number(), v.integer()),
  invocationId: v.optional(v.string()),
  target: v.optional(v.string(), ''),
  arguments: v.optional(v.array(v.unknown()), () => []),
});

export type HubConnection = ReturnType<typeof createHubConnection>;

/** One client of the hub, authenticated or not: the JSON hub protocol of SignalR, version 1, over one socket. */
export function createHubConnection({ socket, clock, faults, call }: HubConnectionOptions) {
  /** The received part of an incomplete record. */
  let rest = '';
  let isOpen = false;
  let ended = false;
  let silentPings = 0;
  let cancelTimer = clock.after(HANDSHAKE_DEADLINE_MS, () => socket.terminate());

  const send = (message: object) => {
    if (faults.mute || ended) return;
    if (socket.bufferedAmount > MAX_UNSENT_BYTES) socket.terminate();
    else socket.send(JSON.stringify(message) + SEPARATOR);
  };
  const end = () => {
    ended = true;
    socket.close(NORMAL);
  };
  /** Sends a close message with the reason, then closes the socket. */
  const close = ({ error, allowReconnect }: { error?: string; allowReconnect?: boolean }) => {
    send({ type: MESSAGE.close, ...(error !== undefined && { error }), ...(allowReconnect && { allowReconnect }) });
    end();
  };

  const waitToPing = () => {
    cancelTimer();
    cancelTimer = clock.after(PING_MS, () => {
      if (silentPings >= MAX_SILENT_PINGS) return close({ error: 'Client hasn’t sent a message.' });
      silentPings += 1;
      send({ type: MESSAGE.ping });
      waitToPing();
    });
  };
  const shakeHands = (record: unknown) => {
    if (!v.is(handshakeSchema, record)) {
      send({ error: 'The hub speaks the protocol json, version 1.' });
      return end();
    }
    send({});
    isOpen = true;
    waitToPing();
  };
  const complete = (invocationId: string | undefined, outcome: object) => {
    if (invocationId === undefined) return;
    const answer = () => send({ type: MESSAGE.completion, invocationId, ...outcome });
    if (faults.slowMs > 0) clock.after(faults.slowMs, answer);
    else answer();
  };
  const take = (record: unknown) => {
    const message = v.safeParse(messageSchema, record);
    if (!message.success) return close({ error: 'The message is no message of the JSON hub protocol.' });
    const { type, invocationId, target, arguments: args } = message.output;
    if (type === MESSAGE.invocation) complete(invocationId, call(target, args));
    else if (type === MESSAGE.streamInvocation) complete(invocationId, { error: `${target} is no stream.` });
    else if (type === MESSAGE.close) end();
  };
  const receive = (text: string) => {
    silentPings = 0;
    // With the fault `mute`, the hub ignores what it receives.
    if (faults.mute || ended) return;
    // A record may come in several messages.
    const records = (rest + text).split(SEPARATOR);
    rest = records.pop() ?? '';
    if ([...records, rest].some((record) => Buffer.byteLength(record) > MAX_BYTES))
      return close({ error: 'The message is too large.' });
    for (const record of records) {
      if (ended) return;
      if (isOpen) take(parseJson(record, undefined));
      else shakeHands(parseJson(record, undefined));
    }
  };

  socket.on('message', (data, isBinary) => {
    if (isBinary) socket.close(UNSUPPORTED);
    else receive(String(data));
  });
  socket.on('error', () => socket.terminate());
  socket.on('close', () => {
    ended = true;
    cancelTimer();
  });

  return {
    /** Calls a method of the client. */
    invoke: (target: string, args: readonly unknown[]): void =>
      send({ type: MESSAGE.invocation, target, arguments: args }),
    /** Sends half of such a call, then cuts the connection. */
    invokeHalf(target: string, args: readonly unknown[]): void {
      const text = JSON.stringify({ type: MESSAGE.invocation, target, arguments: args });
      ended = true;
      socket.send(text.slice(0, text.length / 2), { fin: false }, () => socket.terminate());
    },
    close,
  };
}
