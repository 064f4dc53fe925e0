import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { reasonOf } from '../lib/text.ts';

/** The game waits while tasks run: after so long, the other tasks wait for the next pass of the event loop. */
const PASS_MS = 3;
/** A task that has much to do goes on for so long at a time. */
export const SLICE_MS = 1.5;
/** A task that writes bodies writes so many at a time, and goes on after one tick of the game. */
export const WRITES_A_TURN = 50;
export const BETWEEN_TURNS_MS = 50;

/**
 * @returns whether a time has come; timers are allowed to be half a millisecond early, and sums of floats are not
 * exact
 */
export function isDue(due: number, now: number): boolean {
  return due - now < 0.5;
}

/** @returns what went wrong and, where that is known, in which line: for a fault of our own that is to be reported */
export function traceOf(thrown: unknown): string {
  const stack = typeof thrown === 'object' && thrown !== null && 'stack' in thrown ? thrown.stack : undefined;
  return typeof stack === 'string' ? stack : reasonOf(thrown);
}

/** Something that runs when its time has come. */
export class ScheduledTask {
  readonly run: () => void;
  due = Number.POSITIVE_INFINITY;
  readonly #arm: (due: number) => void;

  constructor(run: () => void, arm: (due: number) => void) {
    this.run = run;
    this.#arm = arm;
  }

  /** Sets the one time at which it runs next, in monotonic milliseconds. */
  at(due: number): void {
    this.due = due;
    this.#arm(due);
  }

  /** As `at`, unless it runs earlier anyway. */
  atLatest(due: number): void {
    if (due < this.due) this.at(due);
  }
}

/** One timer for any number of tasks. */
export class Scheduler {
  readonly #clock: Clock;
  readonly #log: Log;
  #tasks: ScheduledTask[] = [];
  #armedFor = Number.POSITIVE_INFINITY;
  #disarm: () => void = () => {};
  #isStopped = false;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  task(run: () => void): ScheduledTask {
    const task = new ScheduledTask(run, (due) => this.#arm(due));
    this.#tasks.push(task);
    return task;
  }

  /** Forgets a task. */
  remove(removed: ScheduledTask): void {
    this.#tasks = this.#tasks.filter((task) => task !== removed);
  }

  /** Runs nothing any more. */
  stop(): void {
    this.#isStopped = true;
    this.#disarm();
  }

  #arm(due: number): void {
    if (this.#isStopped || due >= this.#armedFor) return;
    this.#disarm();
    this.#armedFor = due;
    this.#disarm = this.#clock.after(Math.max(0, due - this.#clock.monotonic()), () => this.#pass());
  }

  #pass(): void {
    this.#armedFor = Number.POSITIVE_INFINITY;
    const began = this.#clock.monotonic();
    const due = this.#tasks.filter((task) => isDue(task.due, began)).sort((a, b) => a.due - b.due);
    for (const task of due) {
      if (this.#isStopped || this.#clock.monotonic() - began > PASS_MS) break;
      task.due = Number.POSITIVE_INFINITY;
      this.#runSafely(task);
    }
    this.#arm(Math.min(...this.#tasks.map((task) => task.due)));
  }

  #runSafely(task: ScheduledTask): void {
    try {
      task.run();
    } catch (error) {
      const origin = { reason: traceOf(error) };
      this.#log.coalesce(origin).error('Forwarding met an error of its own; please report it.');
    }
  }
}
