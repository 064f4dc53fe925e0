import { createKeyRing } from '../../../src/events/api-keys.ts';
import type { PushEvent } from '../../../src/events/push-event.ts';
import { receiveEvent } from '../../../src/events/receive.ts';
import type { Target } from '../../../src/forward/delivery.ts';
import { DurableForwarder } from '../../../src/forward/durable-forwarder.ts';
import { HttpSending } from '../../../src/forward/targets/http-sending.ts';
import { listenerClock } from '../../../src/listener/create-push-event-listener.ts';
import { createMemoryStore } from '../../forward/memory-store.ts';
import { createTarget } from '../../forward/scripted-target.ts';
import { createRecordingLog } from '../../recording-log.ts';
import { KEY } from '../page-samples.ts';

/** The resource's forwarder, which sends real HTTP requests to one target. */
export interface OpenForwarder {
  readonly forwarder: DurableForwarder;
  /** Receives an event as from the CAD, and forwards it. @returns the event as scripts in the game get it */
  send(event: object): PushEvent;
  /** Whether no event waits any more. */
  isDone(): boolean;
  close(): void;
}

/** Starts a forwarder with one target. @param waitMs wait between a failure and the next attempt */
export function openForwarder(target: Partial<Target>, waitMs = 10): OpenForwarder {
  const keys = createKeyRing([KEY]);
  const wire = new HttpSending({ version: '5.0.0', clock: listenerClock, statusLabels: [] });
  const forwarder = new DurableForwarder({
    targets: [createTarget(target)],
    store: createMemoryStore(),
    send: wire.send,
    clock: listenerClock,
    log: createRecordingLog(),
    currentKey: () => KEY,
    keys: () => keys,
    random: Math.random,
    retries: { waitsMs: [waitMs], spread: [0.8, 1.2], parkAfter: 1_000 },
  });
  return {
    forwarder,
    send(event) {
      const body = Buffer.from(JSON.stringify({ ...event, key: KEY }));
      const received = receiveEvent(body, keys, 'http', listenerClock.now());
      if (!received.accepted) throw new Error(received.reason);
      forwarder.enqueue(received.event, body);
      return received.event;
    },
    isDone: () => forwarder.status().targets.every(({ queued }) => queued === 0),
    close() {
      forwarder.stop();
      wire.close();
    },
  };
}
