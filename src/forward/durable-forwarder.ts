import type { PushEvent } from '../events/push-event.ts';
import { reasonOf } from '../lib/text.ts';
import type { KeyValueStore } from '../platform/kvp-store.ts';
import type { Target } from './delivery.ts';
import type { DeadLetterInfo, ForwardingStatus } from './forwarding-status.ts';
import { LoopGuard } from './loop-guard.ts';
import { DeadLetters } from './outbox/dead-letters.ts';
import { Outbox } from './outbox/outbox.ts';
import { cutKeys, OutgoingBodies, seesKey } from './outbox/outgoing-bodies.ts';
import { Recovery } from './outbox/recovery.ts';
import { Replay } from './outbox/replay.ts';
import {
  COUNTER_KEY,
  DEAD_LETTER_PREFIX,
  EVENT_PREFIX,
  parseDeadLetterKey,
  parseEventKey,
} from './outbox/store-keys.ts';
import type { QueueServices } from './queues/delivery-queue.ts';
import { resourceWording } from './queues/outcomes.ts';
import { DEFAULT_RETRIES } from './queues/pace.ts';
import { QueueRegistry } from './queues/queue-registry.ts';
import { type ScheduledTask, Scheduler, SLICE_MS, traceOf } from './scheduler.ts';
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

/** Sends events to the targets. Each one is delivered, becomes a dead letter or is reported as dropped. */
export class DurableForwarder {
  readonly #services: QueueServices;
  readonly #queues: QueueRegistry;
  readonly #replay: Replay;
  readonly #loops: LoopGuard;
  readonly #recoveryTask: ScheduledTask;
  /** Null when there is nothing left to recover. */
  #recovery: Recovery | null;
  #isStopped = false;

  constructor(options: DurableForwarderOptions) {
    const { clock, log, retries = DEFAULT_RETRIES, wording = resourceWording('sonorancad') } = options;
    const scheduler = new Scheduler(clock, log);
    const store = new CheckedStore(options.store, scheduler, clock, log);
    const outbox = new Outbox(store, clock, log);
    const deadLetters = new DeadLetters(store, clock, log);
    const outgoing = new OutgoingBodies(options.keys);
    const services = { ...options, outgoing, store, outbox, deadLetters, scheduler, retries, wording };
    this.#services = services;
    this.#loops = new LoopGuard(clock, log, wording.afterGivingUp);
    this.#recovery = this.#openStore(options.store);
    // A store that keeps nothing is reported before the first event, not after it.
    store.prove();
    this.#queues = new QueueRegistry(options.targets, services);
    this.#replay = new Replay({ ...services, senderOf: (target) => this.#queues.get(target) });
    this.#recoveryTask = scheduler.task(() => this.#recoverSome());
    if (this.#recovery !== null && outbox.knowsLastSeq) this.#recoveryTask.at(clock.monotonic());
    else this.#begin();
  }

  /**
   * Takes an event: stores it for the targets that want it. Returns at once and never throws.
   *
   * @param rawBody the bytes as they were received, at most 1 MiB
   * @param hops the value of the hop header it came with, 0 without one
   * @param isReplay whether it came as the replay of another forwarder: its requests say so too, or receivers would
   * drop it as a repeat
   */
  enqueue(event: PushEvent, rawBody: Uint8Array, hops = 0, isReplay = false): void {
    // What an operator simulates stays in the game.
    if (this.#isStopped || event.source === 'simulated') return;
    try {
      this.#add(event, rawBody, hops, isReplay);
    } catch (error) {
      const log = this.#services.log.coalesce({ reason: traceOf(error) });
      log.error('An event could not be taken for forwarding; please report it.', { id: event.id });
    }
  }

  status(): ForwardingStatus {
    const { deadLetters, store } = this.#services;
    const removed = deadLetters.targets().filter((target) => this.#queues.get(target) === undefined);
    return {
      recovering: !this.#queues.hasBegun,
      store: store.status(),
      targets: this.#queues.senders().map((sender) => sender.status()),
      leaving: this.#queues.draining().map(({ name, length }) => ({ target: name, queued: length })),
      removed: removed.map((target) => ({ target, deadLetters: deadLetters.count(target) })),
      stoppedLoops: this.#loops.stopped,
    };
  }

  /**
   * @returns the newest dead letters, oldest first; of one target or of all.
   * @param limit how many at most, 100 unless given
   */
  deadLetters(target?: string, limit = 100): DeadLetterInfo[] {
    const newest: DeadLetterInfo[] = [];
    for (const deadLetter of this.newestDeadLetters(target)) {
      newest.push(deadLetter);
      if (newest.length >= limit) break;
    }
    return newest.reverse();
  }

  /**
   * @param skip how many of the newest are passed over
   * @returns the dead letters of one target or of all, the newest first; each is read when it is asked for
   */
  newestDeadLetters(target?: string, skip = 0): Iterable<DeadLetterInfo> {
    this.#finishRecovery();
    return this.#services.deadLetters.newest(target, skip);
  }

  /**
   * Sends dead letters again, each replay under a webhook-id of its own.
   *
   * @param id of the event or of its last replay, or `all`
   * @param target where they go; without it each goes to its own target. With it and `all`, those of removed targets go
   * too
   * @returns how many are sent again
   */
  replay(id: string, target?: string): number {
    this.#finishRecovery();
    return this.#replay.start(id, target);
  }

  /** Drops dead letters and waiting events of that id. @param target only its own. @returns how many there were */
  drop(id: string, target?: string): number {
    this.#finishRecovery();
    const { deadLetters } = this.#services;
    const dropped = deadLetters.all(target).filter((deadLetter) => isMeant(id, deadLetter.id));
    for (const deadLetter of dropped) deadLetters.remove(deadLetter);
    const senders = this.#queues.senders().filter(({ queue }) => target === undefined || queue.name === target);
    return senders.reduce((count, sender) => count + sender.drop(id), dropped.length);
  }

  /** Has a target that is waited for or paused tried again at once. @returns whether there is such a target */
  retry(target: string): boolean {
    const sender = this.#queues.get(target);
    sender?.retry();
    return sender !== undefined;
  }

  /** Takes other targets. What waits for a removed one becomes dead letters. */
  applyTargets(targets: readonly Target[]): void {
    this.#queues.apply(targets);
  }

  /** Puts back what is under way, and flushes; nothing is sent any more. */
  stop(): void {
    if (this.#isStopped) return;
    this.#isStopped = true;
    this.#recovery?.stop();
    if (this.#queues.hasBegun) this.#queues.halt();
    this.#services.store.stop();
    this.#services.scheduler.stop();
  }

  #add(event: PushEvent, rawBody: Uint8Array, hops: number, isReplay: boolean): void {
    const { clock, outbox, outgoing } = this.#services;
    const wanted = this.#queues.senders().filter(({ target }) => target.wants(event.type));
    if (wanted.length === 0) return;
    const raw = Buffer.from(rawBody.buffer, rawBody.byteOffset, rawBody.byteLength);
    // What nobody is to see is not stored either.
    const body = wanted.some(({ target }) => seesKey(target)) ? cutKeys(raw) : outgoing.cut(raw);
    const { id, type, receivedAt } = event;
    const record = { type, receivedAt, enqueuedAt: clock.now(), hops, replay: isReplay, body };
    const loop = this.#loops.check(id, body.bytes, hops);
    if (loop === null) {
      const targets = wanted.map(({ queue }) => queue.name);
      const stored = outbox.add(record, id, targets);
      for (const sender of wanted) sender.push(stored);
    } else {
      const refused = { seq: outbox.nextSeq(), id };
      for (const { queue } of wanted) queue.refuse(refused, record, loop);
    }
    this.#makeRoomInMemory();
  }

  /**
   * With a broken store, memory takes 1,000 events or 8 MiB: the oldest dead letters go first, then the oldest events.
   */
  #makeRoomInMemory(): void {
    const { store, deadLetters, log } = this.#services;
    while (store.isOverfull) {
      const key = store.oldestInMemory(DEAD_LETTER_PREFIX) ?? store.oldestInMemory(EVENT_PREFIX);
      if (key === null) return;
      const deadLetter = parseDeadLetterKey(key);
      const event = parseEventKey(key);
      if (deadLetter !== null) {
        const { id, target } = deadLetter;
        const queue = this.#queues.get(target)?.queue;
        deadLetters.remove(deadLetter);
        if (queue !== undefined) queue.counts.lostDeadLetters += 1;
        log.coalesce({ target, reason: NO_ROOM }).error('A dead letter is lost.', { id });
      }
      if (event !== null) this.#queues.lose(event.seq, NO_ROOM);
      // Room has to be made even if the event waits for no target any more.
      store.delete(key);
    }
  }

  /**
   * Makes sure that the store can be searched, and searches it at once if the counter cannot be read: no event can be
   * added before.
   *
   * @returns null for a store that cannot be searched. It is not written to: its events would count as done once newer
   * ones are
   */
  #openStore(keyValueStore: KeyValueStore): Recovery | null {
    const { store, outbox } = this.#services;
    const recovery = new Recovery(keyValueStore, this.#services);
    try {
      if (!outbox.knowsLastSeq) recovery.run(Number.POSITIVE_INFINITY);
      // FindKvp of early builds of GTA V Enhanced finds no keys.
      else if ([...keyValueStore.keys(COUNTER_KEY)].length === 0) throw new Error('a search in it finds nothing');
      return recovery;
    } catch (error) {
      store.detach(reasonOf(error));
      return null;
    }
  }

  /** @returns whether there is more to do at once */
  #recoverSome(): boolean {
    const { clock, log } = this.#services;
    const now = clock.monotonic();
    try {
      if (this.#recovery?.run(SLICE_MS) === false) {
        this.#recoveryTask.at(now);
        return true;
      }
    } catch (error) {
      // All 64 handles of the game server can be in use, until another resource gives one back.
      const message = 'The events of an earlier run cannot be read yet; the resource retries each second.';
      log.coalesce({ reason: reasonOf(error) }).error(message);
      this.#recoveryTask.at(now + RETRY_RECOVERY_MS);
      return false;
    }
    this.#begin();
    return false;
  }

  #begin(): void {
    const found = this.#recovery?.found ?? new Map();
    this.#recovery = null;
    this.#queues.begin(found);
  }

  /** Operators' commands need the whole store. */
  #finishRecovery(): void {
    let isUnfinished = this.#recovery !== null && !this.#isStopped;
    while (isUnfinished) isUnfinished = this.#recoverSome();
  }
}
