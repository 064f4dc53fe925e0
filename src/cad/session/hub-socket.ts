import type { Clock } from '../../platform/clock.ts';
import { demandEncryption } from './demand-encryption.ts';
import { negotiate } from './negotiate.ts';

/** What carries a hub's messages, in the form in which Microsoft's client takes it (its `IConnection`). */
export interface HubSocket {
  readonly features: { inherentKeepAlive?: boolean };
  readonly baseUrl: string;
  /** Set by the client. */
  onreceive: ((data: string) => void) | null;
  /** Set by the client; called once when an open socket is closed by either side. */
  onclose: ((error?: Error) => void) | null;
  start(): Promise<void>;
  send(data: string): Promise<void>;
  /** Closes the socket, also one that is still being opened: at once, or with an error when what lies there has been read. */
  stop(error?: Error): Promise<void>;
}

/** Four times what one event may have: the hub may send several in one message, and text in text is written with escapes. */
const MAX_MESSAGE_CHARACTERS = 4 * 1024 * 1024;

/**
 * Node's own WebSocket to a hub. The client's own way there is 20 kB of transports, and asks for packages at run time.
 *
 * @param negotiates whether the hub is asked over HTTP where its WebSocket is
 */
export function createHubSocket(url: string, negotiates: boolean, clock: Pick<Clock, 'soon'>): HubSocket {
  let socket: WebSocket | null = null;
  let state: 'new' | 'open' | 'ended' = 'new';
  let giveUp = (_error: Error): void => {};

  function end(error?: Error): void {
    // Closing a socket that could not be opened makes it say so again.
    if (state === 'ended') return;
    const before = state;
    state = 'ended';
    // After the message that ends it the client would set its timers once more: it needs none now.
    hub.features.inherentKeepAlive = true;
    socket?.close();
    if (before === 'new') giveUp(error ?? new Error('the socket was closed before it was open'));
    if (before === 'open') hub.onclose?.(error);
  }

  function receive({ data }: { readonly data: unknown }): void {
    if (state !== 'open') return;
    if (typeof data !== 'string' || data.length > MAX_MESSAGE_CHARACTERS) {
      end(new Error('the CAD sent a message that is too long, or no text'));
      return;
    }
    try {
      hub.onreceive?.(data);
    } catch (error) {
      end(error as Error);
    }
  }

  const hub: HubSocket = {
    features: {},
    baseUrl: url,
    onreceive: null,
    onclose: null,
    async start() {
      const address = negotiates ? await negotiate(url) : url;
      demandEncryption(address);
      if (state === 'ended') throw new Error('the socket was closed before it was open');
      await new Promise<void>((resolve, reject) => {
        giveUp = reject;
        socket = new WebSocket(address.replace(/^http/, 'ws'));
        socket.onopen = () => {
          if (state !== 'new') return;
          state = 'open';
          resolve();
        };
        socket.onmessage = receive;
        // Node says `error` and no `close` when a socket could not be opened, and both or one when it was lost.
        socket.onerror = () => end(new Error('the WebSocket could not be opened, or was lost'));
        socket.onclose = ({ code }) => end(code === 1000 ? undefined : new Error(`the WebSocket was closed (${code})`));
      });
    },
    async send(data) {
      if (state !== 'open') throw new Error('the socket is not open');
      socket?.send(data);
    },
    async stop(error) {
      // The client's timer for a silent hub does not know that the game stood still; the CAD sends an event only once.
      if (error !== undefined && state === 'open') await new Promise<void>(clock.soon);
      end(error);
    },
  };
  return hub;
}
