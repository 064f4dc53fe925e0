import type { Clock } from '../../../src/platform/clock.ts';
import type { Faults } from '../faults.ts';
import type { ServerSocket } from '../websocket/web-socket.ts';
import {
  createRecordReader,
  encodeRecord,
  type HubMessage,
  handshakeSchema,
  MESSAGE,
  messageSchema,
} from './hub-protocol.ts';

/** One client of the hub, authenticated or not. */
export interface HubConnection {
  /** Takes what came over the socket. */
  receive(text: string): void;
  /** Calls a method of the client. */
  invoke(target: string, args: readonly unknown[]): void;
  /** The same, cut off in the middle of the message, and the connection with it. */
  invokeHalf(target: string, args: readonly unknown[]): void;
  /** Says why it ends, and ends it. */
  close(reason: { error?: string; allowReconnect?: boolean }): void;
  /** Cuts it. */
  destroy(): void;
  /** Stops what waits, once the socket is closed. */
  closed(): void;
}

export interface HubConnectionOptions {
  readonly socket: ServerSocket;
  readonly clock: Clock;
  readonly faults: Faults;
  /** @returns the result of a method of the hub; null where there is none of that name */
  call(target: string, args: readonly unknown[]): { result: unknown } | { error: string };
}

const PING_MS = 15_000;
const HANDSHAKE_DEADLINE_MS = 15_000;
/** Pings without a word from the client, after which it is taken for dead. */
const MOST_SILENT_PINGS = 2;
const NORMAL = 1000;

const SPOKEN = { protocol: 'json', version: 1 };

/** The JSON hub protocol of SignalR, version 1, over one socket. */
export function createHubConnection({ socket, clock, faults, call }: HubConnectionOptions): HubConnection {
  const records = createRecordReader();
  let open = false;
  let ended = false;
  let silentPings = 0;
  let cancelTimer = clock.after(HANDSHAKE_DEADLINE_MS, () => socket.destroy());

  const send = (message: object) => {
    if (!faults.mute && !ended) socket.send(encodeRecord(message));
  };
  const ping = () => {
    if (silentPings >= MOST_SILENT_PINGS) return close({ error: 'Client hasn’t sent a message.' });
    silentPings += 1;
    send({ type: MESSAGE.ping });
    cancelTimer = clock.after(PING_MS, ping);
  };
  const close = ({ error, allowReconnect }: { error?: string; allowReconnect?: boolean }) => {
    send({ type: MESSAGE.close, ...(error !== undefined && { error }), ...(allowReconnect && { allowReconnect }) });
    ended = true;
    socket.close(NORMAL);
  };
  const shake = (record: string) => {
    const handshake = handshakeSchema.safeParse(parse(record));
    if (
      !handshake.success ||
      handshake.data.protocol !== SPOKEN.protocol ||
      handshake.data.version !== SPOKEN.version
    ) {
      send({ error: 'The hub speaks the protocol json, version 1.' });
      ended = true;
      return socket.close(NORMAL);
    }
    send({});
    open = true;
    cancelTimer();
    cancelTimer = clock.after(PING_MS, ping);
  };
  const complete = (invocationId: string | undefined, outcome: object) => {
    if (invocationId === undefined) return;
    const answer = () => send({ type: MESSAGE.completion, invocationId, ...outcome });
    if (faults.slowMs > 0) clock.after(faults.slowMs, answer);
    else answer();
  };
  const take = ({ type, invocationId, target = '', ...message }: HubMessage) => {
    if (type === MESSAGE.invocation) complete(invocationId, call(target, message.arguments ?? []));
    else if (type === MESSAGE.streamInvocation) complete(invocationId, { error: `${target} is no stream.` });
    else if (type === MESSAGE.close) socket.close(NORMAL);
  };

  return {
    receive(text) {
      silentPings = 0;
      // A hub that has fallen silent does nothing with what it is told.
      if (faults.mute || ended) return;
      const whole = records.read(text);
      if (whole === null) return close({ error: 'The message is too large.' });
      for (const record of whole) {
        if (ended) return;
        if (!open) shake(record);
        else {
          const message = messageSchema.safeParse(parse(record));
          if (!message.success) return close({ error: 'The message is no message of the JSON hub protocol.' });
          take(message.data);
        }
      }
    },
    invoke: (target, args) => send({ type: MESSAGE.invocation, target, arguments: args }),
    invokeHalf(target, args) {
      ended = true;
      socket.sendHalf(encodeRecord({ type: MESSAGE.invocation, target, arguments: args }));
    },
    close,
    destroy() {
      ended = true;
      socket.destroy();
    },
    closed() {
      ended = true;
      cancelTimer();
    },
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
