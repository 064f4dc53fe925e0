import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { type ScheduledTask, type Scheduler, SLICE_MS } from '../scheduler.ts';
import { isMeant, nextReplayId } from '../signed-headers.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { Outbox, StoredEvent } from './outbox.ts';
import type { DeadLetterKey } from './store-keys.ts';

interface ReplayOptions {
  readonly deadLetters: DeadLetters;
  readonly outbox: Outbox;
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly log: Log;
  /** @returns the sender of a target; undefined when the target is not configured */
  senderOf(target: string): { push(event: StoredEvent): void } | undefined;
}

/** Sends dead letters again. */
export class Replay {
  readonly #options: ReplayOptions;
  readonly #task: ScheduledTask;
  #jobs: { readonly deadLetter: DeadLetterKey; readonly to: string }[] = [];

  constructor(options: ReplayOptions) {
    this.#options = options;
    this.#task = options.scheduler.task(() => this.#work());
  }

  /**
   * @param id of the event or of its last replay, or `all`
   * @param target where they go; without it each goes to its own target. With it and `all`, those of removed targets go
   * too
   * @returns how many are sent again, over the next moments
   */
  start(id: string, target?: string): number {
    const { deadLetters, clock } = this.#options;
    if (target !== undefined && !this.#isConfigured(target)) return 0;
    const wanted = deadLetters.all().filter((deadLetter) => id === 'all' || isMeant(id, deadLetter.id));
    const own = wanted.filter((deadLetter) => deadLetter.target === target);
    // One event can be a dead letter of several targets: a named one gets it once.
    const chosen = id !== 'all' && target !== undefined ? (own.length > 0 ? own : wanted.slice(0, 1)) : wanted;
    const jobs = chosen.flatMap((deadLetter) => {
      // Another target's goes to a named one when it was asked for by its id, or when its own target is not configured
      // any more.
      const isOwn = id === 'all' && this.#isConfigured(deadLetter.target);
      const to = target === undefined || isOwn ? deadLetter.target : target;
      return this.#isConfigured(to) && (target ?? to) === to ? [{ deadLetter, to }] : [];
    });
    this.#jobs = [...this.#jobs, ...jobs];
    this.#task.at(clock.monotonic());
    return jobs.length;
  }

  #isConfigured(target: string): boolean {
    return this.#options.senderOf(target) !== undefined;
  }

  /** Works in slices: each replay is a read and two writes, and there can be thousands. */
  #work(): void {
    const { clock } = this.#options;
    const began = clock.monotonic();
    let done = 0;
    for (const { deadLetter, to } of this.#jobs) {
      if (done > 0 && clock.monotonic() - began > SLICE_MS) break;
      done += 1;
      this.#replay(deadLetter, to);
    }
    this.#jobs = this.#jobs.slice(done);
    if (this.#jobs.length > 0) this.#task.at(clock.monotonic());
  }

  #replay(deadLetter: DeadLetterKey, to: string): void {
    const { deadLetters, outbox, clock, log, senderOf } = this.#options;
    const sender = senderOf(to);
    // The target or the dead letter may have been removed since the operator asked.
    if (sender === undefined || !deadLetters.has(deadLetter)) return;
    const record = deadLetters.load(deadLetter);
    const { id, target } = deadLetter;
    if (record === null || typeof record.content === 'string') {
      log.coalesce({ target }).warn('A damaged dead letter cannot be replayed. You can drop it.', { id });
      return;
    }
    // The event is stored before the dead letter is removed: a process that dies in between leaves both, not none.
    const event = outbox.add({ ...record.content, enqueuedAt: clock.now(), replay: true }, nextReplayId(id), [to]);
    deadLetters.remove(deadLetter);
    sender.push(event);
  }
}
