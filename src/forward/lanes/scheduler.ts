import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { traceOf } from '../trace-of.ts';

/** Something that runs when its time has come. */
export interface ScheduledTask {
  /** Sets the one time at which it runs next, in monotonic milliseconds. */
  at(due: number): void;
  /** As `at`, unless it runs earlier anyway. */
  atLatest(due: number): void;
}

/** One timer for any number of tasks. */
export interface Scheduler {
  task(run: () => void): ScheduledTask;
  /** Forgets a task. */
  remove(task: ScheduledTask): void;
  /** Runs nothing any more. */
  stop(): void;
}

/** The game waits while tasks run: after so long the rest waits for the next pass of the loop … */
const PASS_MS = 3;
/** … and a task that has much to do leaves off after so long. */
export const SLICE_MS = 1.5;

/** @returns whether a time has come; timers are allowed to be half a millisecond early, and sums of floats are not exact */
export function isDue(due: number, now: number): boolean {
  return due - now < 0.5;
}

export function createScheduler(clock: Clock, log: Log): Scheduler {
  interface Task extends ScheduledTask {
    readonly run: () => void;
    due: number;
  }
  let tasks: Task[] = [];
  let armedFor = Number.POSITIVE_INFINITY;
  let disarm = () => {};
  let stopped = false;

  function arm(due: number): void {
    if (stopped || due >= armedFor) return;
    disarm();
    armedFor = due;
    disarm = clock.after(Math.max(0, due - clock.monotonic()), pass);
  }

  function pass(): void {
    armedFor = Number.POSITIVE_INFINITY;
    const began = clock.monotonic();
    const due = tasks.filter((task) => isDue(task.due, began)).sort((a, b) => a.due - b.due);
    for (const task of due) {
      if (stopped || clock.monotonic() - began > PASS_MS) break;
      task.due = Number.POSITIVE_INFINITY;
      runSafely(task);
    }
    arm(Math.min(...tasks.map((task) => task.due)));
  }

  function runSafely(task: Task): void {
    try {
      task.run();
    } catch (error) {
      log.error('Forwarding met an error of its own; please report it.', {
        reason: traceOf(error),
      });
    }
  }

  return {
    task(run) {
      const task: Task = {
        run,
        due: Number.POSITIVE_INFINITY,
        at(due) {
          task.due = due;
          arm(due);
        },
        atLatest(due) {
          if (due < task.due) task.at(due);
        },
      };
      tasks.push(task);
      return task;
    },
    remove(removed) {
      tasks = tasks.filter((task) => task !== removed);
    },
    stop() {
      stopped = true;
      disarm();
    },
  };
}
