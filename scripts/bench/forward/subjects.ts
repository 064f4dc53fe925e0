import { randomUUID } from 'node:crypto';
import { performance } from 'node:perf_hooks';
import { createKvpStore } from '../../../packages/fxhost/src/natives/kvp.ts';
import { createKeyRing } from '../../../src/events/api-keys.ts';
import type { PushEvent } from '../../../src/events/push-event.ts';
import type { Target } from '../../../src/forward/delivery.ts';
import { DurableForwarder } from '../../../src/forward/durable-forwarder.ts';
import type { RetrySettings } from '../../../src/forward/queues/delivery-queue.ts';
import { HttpSending } from '../../../src/forward/targets/http-sending.ts';
import { NatsSending } from '../../../src/forward/targets/nats-sending.ts';
import { DEFAULT_SUBJECT, isNatsUrl, type NatsTarget } from '../../../src/forward/targets/nats-settings.ts';
import { createClock } from '../../../src/lib/clock.ts';
import type { Log } from '../../../src/lib/log.ts';
import { loadInstalledClient } from '../../../src/listener/stream-connection.ts';
import type { KeyValueStore } from '../../../src/platform/kvp-store.ts';
import { BENCH_KEY, BENCH_TYPE, eventBody } from '../requests.ts';

const RESOURCE = 'sonorancad';
const clock = createClock();

function streamAt(url: string): NatsTarget {
  const usual = { stream: 'sonoran', subject: DEFAULT_SUBJECT, serverId: 1, credentials: {}, tls: null };
  return { ...usual, servers: [url], createStream: true };
}

/**
 * This project's forwarding over the database of the stand-in.
 *
 * @param folder where the database is made
 * @param timeoutMs for one attempt
 * @param retries so that black holes are tried often, unless given
 */
export function createForwarderSubject(
  folder: string,
  urls: readonly string[],
  timeoutMs: number,
  retries: RetrySettings = { waitsMs: [500], spread: [0.8, 1.2], parkAfter: 5 },
) {
  const flushes: number[] = [];
  const database = createKvpStore({
    folder,
    fatal(message) {
      throw new Error(message);
    },
  });
  const silent = { debug() {}, info() {}, warn() {}, error() {} };
  const log: Log = { ...silent, coalesce: () => silent };
  const keys = createKeyRing([BENCH_KEY]);
  const http = new HttpSending({ version: '0.0.0', clock, statusLabels: [] });
  const nats = new NatsSending({ version: '0.0.0', clock, load: loadInstalledClient });
  const forwarder = new DurableForwarder({
    targets: urls.map(
      (url, index): Target => ({
        ...{
          name: `target-${index}`,
          url,
          shownUrl: url,
          wants: () => true,
          includeKey: true,
          secrets: [],
          headers: {},
        },
        ...{ timeoutMs, maxAgeMinutes: 60, requireResponse: false, format: 'payload' },
        ...(isNatsUrl(url) && { nats: streamAt(url) }),
      }),
    ),
    store: storeOver(database, flushes),
    send: (attempt, ...rest) => (attempt.target.nats === undefined ? http : nats).send(attempt, ...rest),
    clock,
    log,
    currentKey: () => BENCH_KEY,
    keys: () => keys,
    random: Math.random,
    retries,
  });
  // Bodies that differ, as those of a CAD do.
  const template = eventBody().toString().slice(1);
  let number = 0;
  return {
    /** Takes one more event, which is like no other. @returns its id */
    take(): string {
      const event = {
        id: randomUUID(),
        type: BENCH_TYPE,
        data: {},
        receivedAt: Date.now(),
        source: 'http',
        valid: true,
      };
      number += 1;
      forwarder.enqueue(event as unknown as PushEvent, Buffer.from(`{"number":${number},${template}`));
      return event.id;
    },
    /** Milliseconds of each flush of the store so far. */
    flushes,
    drop: (id: string) => forwarder.drop(id),
    /** @returns how many events are not done with */
    waiting: (): number => forwarder.status().targets.reduce((sum, { queued }) => sum + queued, 0),
    /** @returns how many milliseconds it held the thread to end it, the database apart */
    stop(): number {
      const began = performance.now();
      forwarder.stop();
      http.close();
      nats.keep([]);
      return performance.now() - began;
    },
  };
}

/** This project's forwarding, in the hands of a measurement. */
export type ForwarderSubject = ReturnType<typeof createForwarderSubject>;

function storeOver(database: ReturnType<typeof createKvpStore>, flushes: number[]): KeyValueStore {
  return {
    get: (key) => (database.get(RESOURCE, key)?.value ?? null) as string | null,
    set: (key, value) => database.set(RESOURCE, key, { type: 'string', value }, false),
    delete: (key) => database.delete(RESOURCE, key, false),
    flush() {
      const began = performance.now();
      database.flush();
      flushes.push(performance.now() - began);
    },
    *keys(prefix) {
      const handle = database.startFind(RESOURCE, prefix);
      try {
        for (let key = database.find(handle); key !== null; key = database.find(handle)) yield key;
      } finally {
        database.endFind(handle);
      }
    },
  };
}
