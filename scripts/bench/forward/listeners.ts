import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { PROBE_TYPE } from '../../../src/forward/signed-headers.ts';
import { isProgram } from '../../is-program.ts';
import { forkServer, ordersOf, tellParent } from '../processes.ts';

/**
 * How the listeners treat a request. Those that fail answer one request in ten with 503, at random. Those of the CAD's
 * documentation refuse a type that they do not know, such as the probe's, and leave every event unanswered.
 */
export type Manner = 'answer' | 'never answer' | 'as documented' | 'fail one in ten';

/** Bounds between which the length of an outage is drawn, in milliseconds. */
export type OutageLengths = readonly [shortestMs: number, longestMs: number];

/** The listeners took the requests that were waited for. */
export interface Taken {
  readonly taken: number;
  /** Events that came after a later one. */
  readonly outOfOrder: number;
}

/** The listeners were down, each once. */
export interface Interrupted {
  /** Milliseconds from listening again to the first event, one for each listener. */
  readonly untilFirstEvent: readonly number[];
}

type Request = { readonly wanted: number } | { readonly outage: OutageLengths };

/** Starts web servers in a process of their own, which ends with this one. */
export async function startListeners(count: number, manner: Manner) {
  const orders = [JSON.stringify({ count, manner })];
  const { ready, ask } = await forkServer<{ ports: number[] }>(import.meta.filename, orders);
  return {
    urls: ready.ports.map((port) => `http://127.0.0.1:${port}/`),
    /** Waits until all listeners together have taken this many further requests. Rejects when their process ends. */
    take: (wanted: number) => ask({ wanted } satisfies Request) as Promise<Taken>,
    /** Stops each listener for a random time, and waits until each has had an event again. */
    interrupt: (outage: OutageLengths) => ask({ outage } satisfies Request) as Promise<Interrupted>,
  };
}

class Listener {
  port = 0;
  readonly #server: Server;
  #firstEvent: () => void = () => {};

  /** @param took is called with the number that the event's body begins with */
  constructor(manner: Manner, took: (number: number) => void) {
    this.#server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        if (manner === 'as documented' && request.headers['x-sonorancad-event'] === PROBE_TYPE) {
          response.writeHead(400).end('Invalid Type');
          return;
        }
        if (manner === 'fail one in ten' && Math.random() < 0.1) {
          response.writeHead(503).end();
          return;
        }
        const start = Buffer.concat(chunks).toString('latin1', 0, 40);
        took(Number(/^\{"number":(\d+)/.exec(start)?.[1]));
        this.#firstEvent();
        if (manner === 'answer' || manner === 'fail one in ten') response.end('ok');
      });
    });
    this.#server.on('error', (error) => console.error(`A listener of the benchmark: ${error.message}`));
  }

  async listen(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(this.port, '127.0.0.1', 4096, resolve));
    this.port = (this.#server.address() as AddressInfo).port;
  }

  /** @returns milliseconds from listening again to the first event */
  async interrupt([shortestMs, longestMs]: OutageLengths): Promise<number> {
    this.#server.close();
    this.#server.closeAllConnections();
    await sleep(shortestMs + Math.random() * (longestMs - shortestMs));
    await this.listen();
    const began = performance.now();
    await new Promise<void>((resolve) => {
      this.#firstEvent = resolve;
    });
    return performance.now() - began;
  }
}

/** What receives must not share a thread with what sends. */
async function serve({ count, manner }: { readonly count: number; readonly manner: Manner }): Promise<void> {
  let taken = 0;
  let wanted = Number.POSITIVE_INFINITY;
  let newest = 0;
  let outOfOrder = 0;
  const took = (number: number) => {
    if (number < newest) outOfOrder += 1;
    newest = Math.max(newest, number);
    taken += 1;
    if (taken === wanted) process.send?.({ taken, outOfOrder } satisfies Taken);
  };
  const listeners = Array.from({ length: count }, () => new Listener(manner, took));
  for (const listener of listeners) await listener.listen();
  process.on('message', async (request: Request) => {
    if ('outage' in request) {
      const untilFirstEvent = await Promise.all(listeners.map((listener) => listener.interrupt(request.outage)));
      process.send?.({ untilFirstEvent } satisfies Interrupted);
      return;
    }
    wanted = request.wanted;
    taken = 0;
    outOfOrder = 0;
  });
  tellParent({ ports: listeners.map(({ port }) => port) });
}

if (isProgram(import.meta.url)) await serve(ordersOf());
