import { once } from 'node:events';
import { connect } from 'node:net';
import { setImmediate, setTimeout } from 'node:timers/promises';

/** A TCP client that sends exactly the segments it is told to and keeps what came back, one character a byte. */
export interface RawClient {
  readonly received: string;
  /** Sends one segment and gives the server time to read it alone. */
  send(bytes: string | Buffer): Promise<void>;
  /** Waits until what came back contains this text (after `from`), and gives all of it. */
  until(text: string, from?: number): Promise<string>;
  /** Waits until the server closes, and gives all that came back. */
  closed(): Promise<string>;
  /** Stops reading. */
  pause(): void;
  finish(): void;
  destroy(): void;
}

export async function openRawClient(port: number, host = '127.0.0.1'): Promise<RawClient> {
  const socket = connect({ port, host, noDelay: true, allowHalfOpen: true });
  await once(socket, 'connect');
  let received = '';
  let isClosed = false;
  let wake: () => void = () => {};
  const change = () => {
    wake();
  };
  socket.on('data', (bytes) => {
    received += bytes.toString('latin1');
    change();
  });
  socket.on('end', () => socket.destroy());
  // A reset is one of the ways in which the server closes.
  socket.on('error', change);
  socket.on('close', () => {
    isClosed = true;
    change();
  });
  const waitFor = async (condition: () => boolean) => {
    while (!condition()) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
  };

  return {
    get received() {
      return received;
    },
    async send(bytes) {
      socket.write(bytes);
      await setTimeout(15);
      // The server is in this process, which may not have had the processor all that time: these are two turns in which
      // it reads.
      for (let turn = 0; turn < 2; turn += 1) await setImmediate();
    },
    async until(text, from = 0) {
      await waitFor(() => isClosed || received.indexOf(text, from) !== -1);
      if (received.indexOf(text, from) === -1) throw new Error(`closed before ${JSON.stringify(text)}: ${received}`);
      return received;
    },
    async closed() {
      await waitFor(() => isClosed);
      return received;
    },
    pause() {
      socket.pause();
    },
    finish() {
      socket.end();
    },
    destroy() {
      socket.destroy();
    },
  };
}
