import type { Target } from '../delivery.ts';
import type { FoundQueue } from '../outbox/found-queues.ts';
import { nothingRecovered } from '../outbox/recovery.ts';
import { SLOTS } from '../outbox/store-keys.ts';
import { UNKNOWN_TARGET } from '../outbox/stored-records.ts';
import type { Scheduler } from '../scheduler.ts';
import { MAX_TARGETS } from '../targets/resolve-targets.ts';
import { hashAddress } from '../targets/target-addresses.ts';
import { DeliveryQueue, type QueueServices } from './delivery-queue.ts';
import type { RecoveredEvents } from './queued-events.ts';
import { TargetSender } from './target-sender.ts';

/** The delivery queues of the targets that are configured, and those of removed targets that are being drained. */
export class QueueRegistry {
  readonly #services: QueueServices;
  readonly #senders = new Map<string, TargetSender>();
  readonly #draining = new Map<string, DrainingQueue>();
  hasBegun = false;

  constructor(targets: readonly Target[], found: readonly FoundQueue[], services: QueueServices) {
    this.#services = services;
    // What an earlier run left is drained, unless a target of its name is configured.
    for (const { target, slot, record } of found) this.#drain(new DeliveryQueue(target, slot, record, services));
    this.apply(targets);
  }

  /** The index says which queues there are: should the record of one be lost, that is noticed. */
  #list(): void {
    // Before the beginning, the search for what was left goes by what an earlier run has said.
    if (this.hasBegun) this.#services.outbox.list(this.#queues().map(({ name, slot }) => [name, slot]));
  }

  get(target: string): TargetSender | undefined {
    return this.#senders.get(target);
  }

  senders(): TargetSender[] {
    return [...this.#senders.values()];
  }

  /** The queues of removed targets. */
  draining(): DeliveryQueue[] {
    return [...this.#draining.values()].map(({ queue }) => queue);
  }

  /** Puts what an earlier run left into its queues, and lets all of them begin. @param found by slot */
  begin(found: ReadonlyMap<number, RecoveredEvents>): void {
    const left = new Map(found);
    for (const queue of this.#queues()) {
      queue.adopt(left.get(queue.slot) ?? nothingRecovered());
      left.delete(queue.slot);
    }
    for (const [slot, events] of left) {
      const queue = new DeliveryQueue(`unknown-${slot}`, slot, UNKNOWN_TARGET, this.#services);
      queue.adopt(events);
      if (queue.length > 0) this.#drain(queue);
    }
    this.hasBegun = true;
    this.#list();
    for (const sender of this.#senders.values()) sender.start();
    for (const draining of this.#draining.values()) draining.start();
  }

  /** Makes the queues those of other targets. */
  apply(targets: readonly Target[]): void {
    const wanted = targets.slice(0, MAX_TARGETS);
    if (targets.length > MAX_TARGETS) {
      const message = `There are too many targets to forward to, only the first ${MAX_TARGETS} are used.`;
      this.#services.log.error(message, { targets: targets.length });
    }
    const names = new Set(wanted.map(({ name }) => name));
    for (const sender of this.senders()) {
      if (names.has(sender.queue.name)) continue;
      sender.halt();
      this.#senders.delete(sender.queue.name);
      this.#drain(sender.queue);
    }
    for (const target of wanted) {
      const sender = this.#senders.get(target.name);
      const draining = this.#draining.get(target.name);
      if (sender !== undefined) sender.retarget(target);
      else if (draining === undefined) this.#add(target, this.#newQueue(target));
      else {
        draining.halt();
        this.#draining.delete(target.name);
        this.#add(target, draining.queue);
      }
    }
    this.#list();
  }

  /** Gives up on one event for every target that it waits for. */
  lose(seq: number, reason: string): void {
    for (const sender of this.#senders.values()) sender.lose(seq, reason);
    for (const queue of this.draining()) {
      const item = queue.find(seq);
      if (item !== null) queue.lose(item, reason);
    }
  }

  /** Puts back what is under way and makes the store exact. */
  halt(): void {
    for (const sender of this.#senders.values()) sender.halt();
    for (const draining of this.#draining.values()) draining.halt();
    for (const queue of this.#queues()) queue.save();
  }

  #queues(): DeliveryQueue[] {
    return [...[...this.#senders.values()].map(({ queue }) => queue), ...this.draining()];
  }

  /** Nothing that was stored before it waits in a new queue, whichever target had its slot then. */
  #newQueue(target: Target): DeliveryQueue | null {
    const taken = new Set(this.#queues().map(({ slot }) => slot));
    let slot = 0;
    while (taken.has(slot)) slot += 1;
    if (slot >= SLOTS) return null;
    const { lastSeq: seq } = this.#services.outbox;
    const facts = { ...UNKNOWN_TARGET, seq, named: [], since: seq, address: hashAddress(target.url) };
    const queue = new DeliveryQueue(target.name, slot, facts, this.#services);
    if (this.hasBegun) queue.adopt(nothingRecovered());
    else queue.save();
    return queue;
  }

  #add(target: Target, queue: DeliveryQueue | null): void {
    if (queue === null) {
      const { log, wording } = this.#services;
      const message = `A forwarding target is off until the events of removed ones are dead letters: ${wording.beginAnew} then.`;
      log.error(message, { target: target.name });
      return;
    }
    const sender = new TargetSender(target, queue, this.#services);
    this.#senders.set(target.name, sender);
    if (this.hasBegun) sender.start();
  }

  #drain(queue: DeliveryQueue): void {
    const done = () => {
      this.#draining.delete(queue.name);
      this.#list();
      queue.forget();
    };
    const draining = new DrainingQueue(queue, this.#services, done);
    this.#draining.set(queue.name, draining);
    // Before the beginning it is not known what is in it.
    if (this.hasBegun) draining.start();
  }
}

/** The queue of a target that was removed, on its way to the dead letters. */
class DrainingQueue {
  readonly queue: DeliveryQueue;
  readonly #services: QueueServices;
  readonly #task: ReturnType<Scheduler['task']>;
  readonly #done: () => void;

  /** @param done called when nothing waits in the queue any more */
  constructor(queue: DeliveryQueue, services: QueueServices, done: () => void) {
    this.queue = queue;
    this.#services = services;
    this.#task = services.scheduler.task(() => this.#turn());
    this.#done = done;
  }

  /** Says that the target was removed, and what becomes of its events. An empty queue gives its slot back at once. */
  start() {
    const { name: target, length: waiting } = this.queue;
    const { log, wording, clock } = this.#services;
    if (waiting === 0) {
      log.info('A forwarding target was removed.', { target });
      return this.#turn();
    }
    const message = `A forwarding target was removed: its events become dead letters, ${wording.afterRemoval}.`;
    log.warn(message, { target, waiting });
    this.#task.at(clock.monotonic());
  }

  /** Ends it early: what is left of the queue stays one, for a target of that name that has come back or the next start. */
  halt(): void {
    this.#services.scheduler.remove(this.#task);
  }

  #turn() {
    const goOnAt = this.queue.expire('target removed', () => 0);
    if (Number.isFinite(goOnAt)) return this.#task.at(goOnAt);
    this.halt();
    this.#done();
  }
}
