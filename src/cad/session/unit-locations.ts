import * as v from 'valibot';
import { readVector } from '../../events/read-values.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { RateLimit } from '../../lib/rate-limit.ts';
import { reasonOf } from '../../lib/text.ts';

interface UnitLocationsOptions {
  /** Calls the hub. @returns null when there is no session */
  send(batch: readonly UnitUpdate[]): Promise<unknown> | null;
  readonly clock: Clock;
  readonly log: Log;
}

const MAX_TEXT = 500;

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TEXT));
const integer = v.pipe(v.number(), v.safeInteger());
const unitUpdate = v.looseObject({
  identId: v.nullish(integer),
  apiId: v.nullish(text),
  communityUserId: v.nullish(text),
  roblox: v.nullish(v.union([integer, text])),
  location: text,
  coordinates: v.optional(v.unknown()),
  /** What the CAD's own sample calls them. */
  position: v.optional(v.unknown()),
});

/** Where a unit is, as the CAD takes it. */
type UnitUpdate = Readonly<Record<string, unknown>>;

/** By what a unit may be known to the CAD; the first that is given counts. */
const IDENTITIES = ['identId', 'apiId', 'communityUserId', 'roblox'] as const;

const MAX_BATCH = 25;
/** From the answer to one call until the next: calls counted from when they are sent may come closer together at the CAD. */
const SPACING = { most: 1, windowMs: 200 };
const CALL = 'call';
const MAX_UNITS = 1_000;
const ANSWER_MS = 5_000;

/** A unit's latest place, and the promise to all who wanted one sent since. */
interface Waiting extends PromiseWithResolvers<boolean> {
  update: UnitUpdate;
}

/** Sends where units are at the pace that the CAD allows. */
export class UnitLocations {
  readonly #options: UnitLocationsOptions;
  readonly #waiting = new Map<string, Waiting>();
  readonly #spacing: RateLimit;
  #isBusy = false;

  constructor(options: UnitLocationsOptions) {
    this.#options = options;
    this.#spacing = new RateLimit(SPACING, options.clock);
  }

  /** @returns whether every one was understood, found room and was taken by the CAD */
  async add(updates: readonly unknown[]): Promise<boolean> {
    const outcomes = updates.slice(0, MAX_UNITS).map((given) => {
      const read = readUnitUpdate(given);
      return read !== null && this.#put(read.unit, read.update);
    });
    this.#proceed();
    const sent = await Promise.all(outcomes);
    return sent.length === updates.length && sent.every(Boolean);
  }

  /** Forgets what waits: old places are of no use to a new session. */
  clear(): void {
    for (const { resolve } of this.#waiting.values()) resolve(false);
    this.#waiting.clear();
  }

  #put(unit: string, update: UnitUpdate): Promise<boolean> {
    const entry = this.#waiting.get(unit);
    if (entry !== undefined) {
      entry.update = update;
      return entry.promise;
    }
    if (this.#waiting.size >= MAX_UNITS) return Promise.resolve(false);
    const added: Waiting = { update, ...Promise.withResolvers<boolean>() };
    this.#waiting.set(unit, added);
    return added.promise;
  }

  /** Sends what waits as soon as it may, one call after the other. */
  #proceed(): void {
    if (this.#isBusy || this.#waiting.size === 0) return;
    this.#isBusy = true;
    const { clock } = this.#options;
    clock.after(this.#spacing.waitMs(CALL), () => {
      this.#sendBatch(() => {
        this.#spacing.take(CALL);
        this.#isBusy = false;
        this.#proceed();
      });
    });
  }

  #sendBatch(done: () => void): void {
    const { send, clock, log } = this.#options;
    const batch = [...this.#waiting].slice(0, MAX_BATCH);
    for (const [unit] of batch) this.#waiting.delete(unit);
    const answer = batch.length === 0 ? null : send(batch.map(([, { update }]) => update));
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const cancelDeadline = clock.after(ANSWER_MS, () => resolve(false));
    if (answer === null) resolve(false);
    answer?.then(
      (result) => resolve((result as { readonly success?: unknown } | null)?.success !== false),
      (error: unknown) => {
        log.debug('The CAD did not take the places of units.', { reason: reasonOf(error) });
        resolve(false);
      },
    );
    void promise.then((sent) => {
      cancelDeadline();
      for (const [, entry] of batch) entry.resolve(sent);
      done();
    });
  }
}

/**
 * Reads one update of a scripter. Plain values that are not known here go along, up to 500 characters each; anything else is left out.
 *
 * @returns the update, and by what its unit is known: two of one unit have the same `unit`; null when it names no unit or no location
 */
function readUnitUpdate(update: unknown): { unit: string; update: UnitUpdate } | null {
  const read = v.safeParse(unitUpdate, update);
  if (!read.success) return null;
  const { coordinates: place, position, ...rest } = read.output;
  const identity = IDENTITIES.find((name) => rest[name] !== undefined && rest[name] !== null);
  if (identity === undefined) return null;
  const given = place ?? position ?? null;
  const coordinates = readCoordinates(given);
  if (given !== null && coordinates === null) return null;
  const plain = Object.entries(rest).filter(([, value]) => isPlain(value));
  return {
    unit: `${identity} ${String(rest[identity]).toLowerCase()}`,
    update: { ...Object.fromEntries(plain), ...(coordinates !== null && { coordinates }) },
  };
}

function readCoordinates(given: unknown): object | null {
  const [x, y, height, w] = readVector(given) ?? [];
  return height === undefined ? null : { x, y, z: height, ...(w !== undefined && { w }) };
}

function isPlain(value: unknown): boolean {
  if (typeof value === 'string') return value.length <= MAX_TEXT;
  return typeof value === 'number' || typeof value === 'boolean';
}
