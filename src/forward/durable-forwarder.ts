import { createHash } from 'node:crypto';
import type { PushEvent } from '../events/push-event.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { RateLimit } from '../lib/rate-limit.ts';
import { reasonOf } from '../lib/text.ts';
import type { KeyValueStore } from '../platform/kvp-store.ts';
import type { Target } from './delivery.ts';
import type { DeadLetterInfo, ForwardingStatus } from './forwarding-status.ts';
import { DeadLetters, Replay } from './outbox/dead-letters.ts';
import { findQueues } from './outbox/found-queues.ts';
import { Outbox } from './outbox/outbox.ts';
import { cutKeys, OutgoingBodies, seesKey } from './outbox/outgoing-bodies.ts';
import { Recovery } from './outbox/recovery.ts';
import { parseDeadLetterKey, parseEventKey } from './outbox/store-keys.ts';
import type { QueueServices } from './queues/delivery-queue.ts';
import { resourceWording } from './queues/outcomes.ts';
import { DEFAULT_RETRIES } from './queues/pace.ts';
import { QueueRegistry } from './queues/queue-registry.ts';
import { Scheduler, SLICE_MS, traceOf } from './scheduler.ts';
import { isMeant } from './signed-headers.ts';
import { CheckedStore } from './stores/checked-store.ts';

type Given = 'send' | 'clock' | 'log' | 'random' | 'currentKey' | 'keys';

export interface DurableForwarderOptions
  extends Pick<QueueServices, Given>,
    Partial<Pick<QueueServices, 'retries' | 'wording' | 'attempted'>> {
  readonly targets: readonly Target[];
  readonly store: KeyValueStore;
}

const RETRY_RECOVERY_MS = 1_000;
const NO_ROOM = 'the database is broken and memory is full';

export type DurableForwarder = ReturnType<typeof createDurableForwarder>;

/** Sends events to the targets. Each one is delivered, becomes a dead letter or is reported as dropped. */
export function createDurableForwarder(options: DurableForwarderOptions) {
  const { clock, log, retries = DEFAULT_RETRIES, wording = resourceWording('sonorancad') } = options;
  const scheduler = new Scheduler(clock, log);
  const store = new CheckedStore(options.store, scheduler, clock, log);
  const outbox = new Outbox(store, clock, log);
  const found = findQueues(options.store, store, outbox, log);
  // An operator is told before the first event, not after it.
  store.prove();
  const deadLetters = new DeadLetters(store);
  const loops = new LoopGuard(clock, log, wording.afterGivingUp);
  const outgoing = new OutgoingBodies(options.keys);
  const services = { ...options, outgoing, store, outbox, deadLetters, scheduler, retries, wording };
  /** Null when there is nothing left to recover. */
  let recovery = found && new Recovery(options.store, found, services);
  // Where the store does not say where to go on, nothing can be added before it was searched.
  if (!outbox.knowsLastSeq) recoverAll();
  const recoveryTask = scheduler.task(recoverSome);
  const queues = new QueueRegistry(options.targets, found ?? [], services);
  const replay = new Replay({ ...services, senderOf: (target) => queues.get(target) });
  let stopped = false;
  if (recovery === null || !outbox.knowsLastSeq) recoverSome();
  else recoveryTask.at(clock.monotonic());

  function recoverAll(): void {
    try {
      recovery?.run(Number.POSITIVE_INFINITY);
    } catch (error) {
      recovery = null;
      store.detach(reasonOf(error));
    }
  }

  /** @returns whether there is more to do at once */
  function recoverSome(): boolean {
    const now = clock.monotonic();
    try {
      if (recovery?.run(SLICE_MS) === false) {
        recoveryTask.at(now);
        return true;
      }
    } catch (error) {
      // All 64 handles of the game server can be in use, until another resource gives one back.
      const message = 'The events of an earlier run cannot be read yet; the resource retries each second.';
      log.coalesce({ reason: reasonOf(error) }).error(message);
      recoveryTask.at(now + RETRY_RECOVERY_MS);
      return false;
    }
    const finished = recovery;
    recovery = null;
    queues.begin(finished?.found ?? new Map());
    return false;
  }

  /** What operators ask for needs the whole store. */
  function finishRecovery(): void {
    let isUnfinished = recovery !== null && !stopped;
    while (isUnfinished) isUnfinished = recoverSome();
  }

  function add(event: PushEvent, rawBody: Uint8Array, hops: number, isReplay: boolean): void {
    const wanted = queues.senders().filter(({ target }) => target.wants(event.type));
    if (wanted.length === 0) return;
    const raw = Buffer.from(rawBody.buffer, rawBody.byteOffset, rawBody.byteLength);
    // What nobody is to see is not stored either.
    const body = wanted.some(({ target }) => seesKey(target)) ? cutKeys(raw) : outgoing.cut(raw);
    const { id, type, receivedAt } = event;
    const record = { type, receivedAt, queuedAt: clock.now(), hops, replay: isReplay, body };
    const loop = loops.check(id, body.bytes, hops);
    if (loop === null) {
      const queues = wanted.map(({ queue }) => queue);
      const stored = outbox.add(record, id, queues);
      for (const sender of wanted) sender.push(stored);
    } else {
      const refused = { seq: outbox.nextSeq(), id };
      for (const { queue } of wanted) queue.refuse(refused, record, loop);
    }
    makeRoomInMemory();
  }

  /** With a broken store, memory takes 1,000 events or 8 MiB: the oldest dead letters go first, then the oldest events. */
  function makeRoomInMemory(): void {
    while (store.isOverfull) {
      const key = store.oldestInMemory('d/') ?? store.oldestInMemory('o/');
      if (key === null) return;
      const deadLetter = parseDeadLetterKey(key);
      const event = parseEventKey(key);
      if (deadLetter !== null) {
        const { id, target } = deadLetter;
        const queue = queues.get(target)?.queue;
        deadLetters.remove(deadLetter);
        if (queue !== undefined) queue.counts.lostDeadLetters += 1;
        log.coalesce({ target, reason: NO_ROOM }).error('A dead letter is lost.', { id });
      }
      if (event !== null) queues.lose(event.seq, NO_ROOM);
      // It may wait for no target any more, and room has to be made in any case.
      store.delete(key);
    }
  }

  return {
    /**
     * Takes an event: stores it for the targets that want it. Returns at once and never throws.
     *
     * @param rawBody the bytes as they were received, at most 1 MiB
     * @param hops the value of the hop header it came with, 0 without one
     * @param isReplay whether it came as the replay of another forwarder: its requests say so too, or receivers would drop it as a repeat
     */
    enqueue(event: PushEvent, rawBody: Uint8Array, hops = 0, isReplay = false): void {
      // What an operator simulates stays in the game.
      if (stopped || event.source === 'simulated') return;
      try {
        add(event, rawBody, hops, isReplay);
      } catch (error) {
        const origin = { reason: traceOf(error) };
        log.coalesce(origin).error('An event could not be taken for forwarding; please report it.', { id: event.id });
      }
    },
    status(): ForwardingStatus {
      const removed = deadLetters.targets().filter((target) => queues.get(target) === undefined);
      return {
        recovering: !queues.hasBegun,
        store: store.status(),
        targets: queues.senders().map((sender) => sender.status()),
        leaving: queues.draining().map(({ name, length }) => ({ target: name, queued: length })),
        removed: removed.map((target) => ({ target, deadLetters: deadLetters.count(target) })),
        stoppedLoops: loops.stopped,
      };
    },
    /** @returns the newest dead letters, oldest first; of one target or of all. @param limit how many at most, 100 unless given */
    deadLetters(target?: string, limit = 100): DeadLetterInfo[] {
      finishRecovery();
      const newest: DeadLetterInfo[] = [];
      for (const deadLetter of deadLetters.newest(target)) {
        newest.push(deadLetter);
        if (newest.length >= limit) break;
      }
      return newest.reverse();
    },
    /**
     * @param skip how many of the newest are passed over
     * @returns the dead letters of one target or of all, the newest first; each is read when it is asked for
     */
    newestDeadLetters(target?: string, skip = 0): Iterable<DeadLetterInfo> {
      finishRecovery();
      return deadLetters.newest(target, skip);
    },
    /**
     * Sends dead letters again, each replay under a webhook-id of its own.
     *
     * @param id of the event or of its last replay, or `all`
     * @param target where they go; without it each goes where it was to go. With it and `all`, those of removed targets go too
     * @returns how many are sent again
     */
    replay(id: string, target?: string): number {
      finishRecovery();
      return replay.start(id, target);
    },
    /** Drops dead letters and waiting events of that id. @param target only its own. @returns how many there were */
    drop(id: string, target?: string): number {
      finishRecovery();
      const dropped = deadLetters.all(target).filter((deadLetter) => isMeant(id, deadLetter.id));
      for (const deadLetter of dropped) deadLetters.remove(deadLetter);
      const senders = queues.senders().filter(({ queue }) => target === undefined || queue.name === target);
      return senders.reduce((count, sender) => count + sender.drop(id), dropped.length);
    },
    /** Has a target that is waited for or paused tried again at once. @returns whether there is such a target */
    retry(target: string): boolean {
      const sender = queues.get(target);
      sender?.retry();
      return sender !== undefined;
    },
    /** Takes other targets. What waits for a removed one becomes dead letters. */
    applyTargets(targets: readonly Target[]): void {
      queues.apply(targets);
    },
    /** Puts back what is under way, and flushes; nothing is sent any more. */
    stop(): void {
      if (stopped) return;
      stopped = true;
      recovery?.stop();
      if (queues.hasBegun) queues.halt();
      store.stop();
      scheduler.stop();
    },
  };
}

/** No set-up needs a longer chain than that. */
const MAX_HOPS = 5;
/** A body may come so often within the window: other forwarders may drop the header that counts hops. */
const SIGHTINGS = { most: 10, windowMs: 10_000 };

/**
 * Ends chains of forwarders that come back to this one. Only what another forwarder sent can be part of a chain: the CAD may say the
 * same as often as it likes.
 */
export class LoopGuard {
  /** Events that were stopped. */
  stopped = 0;
  readonly #sightings: RateLimit;
  readonly #log: Log;
  readonly #advice: string;

  /** @param advice what can be done about an event that was stopped: follows a semicolon */
  constructor(clock: Clock, log: Log, advice: string) {
    this.#sightings = new RateLimit(SIGHTINGS, clock);
    this.#log = log;
    this.#advice = advice;
  }

  /**
   * @param body without the values of its keys, which differ from forwarder to forwarder
   * @param hops how many of our kind it has been through, 0 for what comes from the CAD
   * @returns why it must not be forwarded once more; null when it may be
   */
  check(id: string, body: Uint8Array, hops: number): string | null {
    if (hops === 0) return null;
    if (hops >= MAX_HOPS) {
      return this.#stop(`came through ${MAX_HOPS} forwarders or more`, 'Do forwarders lead in a circle?', id);
    }
    const key = createHash('sha1').update(body).digest('base64');
    if (this.#sightings.take(key)) return null;
    const { most, windowMs } = SIGHTINGS;
    const reason = `came from a forwarder more than ${most} times within ${windowMs / 1_000} s`;
    return this.#stop(reason, 'Does a target lead back here?', id);
  }

  #stop(reason: string, question: string, id: string): string {
    this.stopped += 1;
    const message = `An event was stopped and is a dead letter now; ${this.#advice}. ${question}`;
    this.#log.coalesce({ reason }).error(message, { id });
    return reason;
  }
}
