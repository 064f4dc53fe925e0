import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';
import { reasonOf } from '../../text/reason-of.ts';
import { readUnitUpdate, type UnitUpdate } from './unit-update.ts';

/** Sends where units are at the pace that the CAD allows. */
export interface UnitLocations {
  /** @returns whether every one was understood, found room and was taken by the CAD */
  add(updates: readonly unknown[]): Promise<boolean>;
  /** Forgets what waits: old places are of no use to a new session. */
  clear(): void;
}

export interface UnitLocationsOptions {
  /** Calls the hub. @returns null when there is no session */
  send(batch: readonly UnitUpdate[]): Promise<unknown> | null;
  readonly clock: Clock;
  readonly log: Log;
}

const MAX_BATCH = 25;
/** From the answer to one call until the next: calls counted from when they are sent may come closer together at the CAD. */
const SPACING_MS = 200;
const MAX_UNITS = 1_000;
const ANSWER_MS = 5_000;

/** A unit's latest place, and what is to be told to all who wanted one sent since. */
interface Waiting {
  update: UnitUpdate;
  readonly sent: Promise<boolean>;
  settle(sent: boolean): void;
}

export function createUnitLocations({ send, clock, log }: UnitLocationsOptions): UnitLocations {
  const waiting = new Map<string, Waiting>();
  let nextAt = 0;
  let isBusy = false;

  /** Sends what waits as soon as it may, one call after the other. */
  function proceed(): void {
    if (isBusy || waiting.size === 0) return;
    isBusy = true;
    clock.after(Math.max(0, nextAt - clock.monotonic()), () => {
      sendBatch(() => {
        nextAt = clock.monotonic() + SPACING_MS;
        isBusy = false;
        proceed();
      });
    });
  }

  function sendBatch(done: () => void): void {
    const batch = [...waiting].slice(0, MAX_BATCH);
    for (const [unit] of batch) waiting.delete(unit);
    const answer = batch.length === 0 ? null : send(batch.map(([, { update }]) => update));
    let isSettled = false;
    const settle = (sent: boolean): void => {
      if (isSettled) return;
      isSettled = true;
      cancelDeadline();
      for (const [, entry] of batch) entry.settle(sent);
      done();
    };
    const cancelDeadline = clock.after(ANSWER_MS, () => settle(false));
    if (answer === null) settle(false);
    else answer.then((result) => settle(wasTaken(result)), refused);

    function refused(error: unknown): void {
      log.debug('The CAD did not take the places of units.', { reason: reasonOf(error) });
      settle(false);
    }
  }

  function put(unit: string, update: UnitUpdate): Promise<boolean> {
    const entry = waiting.get(unit);
    if (entry !== undefined) {
      entry.update = update;
      return entry.sent;
    }
    if (waiting.size >= MAX_UNITS) return Promise.resolve(false);
    const { promise, resolve } = Promise.withResolvers<boolean>();
    waiting.set(unit, { update, sent: promise, settle: resolve });
    return promise;
  }

  return {
    async add(updates) {
      const taken = updates.slice(0, MAX_UNITS);
      const outcomes = taken.map((given) => {
        const read = readUnitUpdate(given);
        return read !== null && put(read.unit, read.update);
      });
      proceed();
      const sent = await Promise.all(outcomes);
      return sent.length === updates.length && sent.every(Boolean);
    },
    clear() {
      for (const { settle } of waiting.values()) settle(false);
      waiting.clear();
    },
  };
}

function wasTaken(result: unknown): boolean {
  return (result as { readonly success?: unknown } | null)?.success !== false;
}
