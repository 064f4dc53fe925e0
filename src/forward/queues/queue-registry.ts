import type { Target } from '../delivery.ts';
import type { RecoveredQueue } from '../outbox/recovery.ts';
import { UNKNOWN_QUEUE } from '../outbox/stored-records.ts';
import type { ScheduledTask } from '../scheduler.ts';
import { MAX_TARGETS } from '../targets/resolve-targets.ts';
import { DeliveryQueue, type QueueServices } from './delivery-queue.ts';
import { TargetSender } from './target-sender.ts';

/** The delivery queues of the targets that are configured, and those of removed targets that are being drained. */
export class QueueRegistry {
  readonly #services: QueueServices;
  readonly #senders = new Map<string, TargetSender>();
  readonly #draining = new Map<string, DrainingQueue>();
  hasBegun = false;

  constructor(targets: readonly Target[], services: QueueServices) {
    this.#services = services;
    this.apply(targets);
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

  /** Puts what an earlier run left into its queues, and lets all of them begin. @param found by target */
  begin(found: ReadonlyMap<string, RecoveredQueue>): void {
    const queues = this.#queues();
    for (const queue of queues) queue.adopt(found.get(queue.name)?.events);
    const names = new Set(queues.map(({ name }) => name));
    for (const [target, recovered] of found) if (!names.has(target)) this.#drainRecovered(target, recovered);
    this.hasBegun = true;
    for (const sender of this.#senders.values()) sender.start();
    for (const draining of this.#draining.values()) draining.start();
  }

  #drainRecovered(target: string, { record, events, isNamed }: RecoveredQueue): void {
    const queue = new DeliveryQueue(target, record, this.#services);
    queue.adopt(events);
    if (queue.length > 0) this.#drain(queue);
    // As long as a stored event names the target, the record is needed: it says that the target is done with the event.
    else if (!isNamed) this.#services.outbox.removeQueue(target);
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
      else if (draining === undefined) this.#add(target, this.#newQueue(target.name));
      else {
        draining.halt();
        this.#draining.delete(target.name);
        this.#add(target, draining.queue);
      }
    }
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

  #newQueue(target: string): DeliveryQueue {
    const { outbox } = this.#services;
    if (!this.hasBegun) return new DeliveryQueue(target, outbox.loadQueue(target), this.#services);
    // Events that were stored earlier do not wait for a new target.
    const queue = new DeliveryQueue(target, { ...UNKNOWN_QUEUE, doneUpTo: outbox.lastSeq }, this.#services);
    queue.adopt();
    return queue;
  }

  #add(target: Target, queue: DeliveryQueue): void {
    const sender = new TargetSender(target, queue, this.#services);
    this.#senders.set(target.name, sender);
    if (this.hasBegun) sender.start();
  }

  #drain(queue: DeliveryQueue): void {
    const draining = new DrainingQueue(queue, this.#services, () => this.#draining.delete(queue.name));
    this.#draining.set(queue.name, draining);
    // Before the beginning it is not known what is in it.
    if (this.hasBegun) draining.start();
  }
}

/** The queue of a target that was removed, on its way to the dead letters. */
class DrainingQueue {
  readonly queue: DeliveryQueue;
  readonly #services: QueueServices;
  readonly #task: ScheduledTask;
  readonly #done: () => void;

  /** @param done called when nothing waits in the queue any more */
  constructor(queue: DeliveryQueue, services: QueueServices, done: () => void) {
    this.queue = queue;
    this.#services = services;
    this.#task = services.scheduler.task(() => this.#turn());
    this.#done = done;
  }

  /** Says that the target was removed, and what becomes of its events. */
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

  /**
   * Ends it early: what is left of the queue stays one, for a target of that name that has come back or the next start.
   */
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
