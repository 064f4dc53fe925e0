import * as v from 'valibot';
import { readVector } from '../../events/read-values.ts';
import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import { RateLimit } from '../../lib/rate-limit.ts';
import { reasonOf } from '../../lib/text.ts';

interface UnitLocationsOptions {
  /** Sends a batch to the hub. @returns the hub's answer; null when there is no session */
  send(batch: readonly UnitUpdate[]): Promise<unknown> | null;
  readonly clock: Clock;
  readonly log: Log;
}

/** Upper bound in characters for each text of an update. Longer identities and locations are refused. */
const MAX_TEXT_LENGTH = 500;

const text = v.pipe(v.string(), v.minLength(1), v.maxLength(MAX_TEXT_LENGTH));
const integer = v.pipe(v.number(), v.safeInteger());
const unitUpdate = v.looseObject({
  identId: v.nullish(integer),
  apiId: v.nullish(text),
  communityUserId: v.nullish(text),
  roblox: v.nullish(v.union([integer, text])),
  location: text,
  coordinates: v.optional(v.unknown()),
  /** The name that the CAD's own sample uses for `coordinates`. */
  position: v.optional(v.unknown()),
});

/** A unit's location in the format of the CAD's hub. */
type UnitUpdate = Readonly<Record<string, unknown>>;

/** Fields that identify a unit to the CAD, by precedence. */
const IDENTITY_FIELDS = ['identId', 'apiId', 'communityUserId', 'roblox'] as const;

/** The CAD's limit of units in one hub call. */
const MAX_BATCH_SIZE = 25;
/**
 * At most one hub call in 200 ms, measured from the answer to the previous call. Measured from the sending, calls could
 * arrive closer together.
 */
const SPACING = { most: 1, windowMs: 200 };
const SPACING_KEY = 'call';
/** Upper bound of units that wait. Updates of further units are refused. */
const MAX_UNITS = 1_000;
const ANSWER_TIMEOUT_MS = 5_000;

/** A unit's latest location, with the promise for all callers since the last one was sent. */
interface WaitingUpdate extends PromiseWithResolvers<boolean> {
  update: UnitUpdate;
}

/** Sends unit locations to the CAD's hub, in batches and within its rate limit. */
export class UnitLocations {
  readonly #options: UnitLocationsOptions;
  readonly #waiting = new Map<string, WaitingUpdate>();
  readonly #spacing: RateLimit;
  #isBusy = false;

  constructor(options: UnitLocationsOptions) {
    this.#options = options;
    this.#spacing = new RateLimit(SPACING, options.clock);
  }

  /** Queues updates. @returns whether all were valid, fitted into the queue and were accepted by the CAD */
  async add(updates: readonly unknown[]): Promise<boolean> {
    const outcomes = updates.slice(0, MAX_UNITS).map((given) => {
      const read = readUnitUpdate(given);
      return read !== null && this.#put(read.unit, read.update);
    });
    this.#sendNext();
    const sent = await Promise.all(outcomes);
    return sent.length === updates.length && sent.every(Boolean);
  }

  /** Drops all waiting updates, because old locations are useless to a new session. */
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
    const added: WaitingUpdate = { update, ...Promise.withResolvers<boolean>() };
    this.#waiting.set(unit, added);
    return added.promise;
  }

  /** Sends the next batch when the rate limit allows it, one call at a time. */
  #sendNext(): void {
    if (this.#isBusy || this.#waiting.size === 0) return;
    this.#isBusy = true;
    this.#options.clock.after(this.#spacing.waitMs(SPACING_KEY), async () => {
      await this.#sendBatch();
      this.#spacing.take(SPACING_KEY);
      this.#isBusy = false;
      this.#sendNext();
    });
  }

  async #sendBatch(): Promise<void> {
    const { send, clock, log } = this.#options;
    const batch = [...this.#waiting].slice(0, MAX_BATCH_SIZE);
    for (const [unit] of batch) this.#waiting.delete(unit);
    const answer = batch.length === 0 ? null : send(batch.map(([, { update }]) => update));
    const { promise, resolve } = Promise.withResolvers<boolean>();
    const cancelDeadline = clock.after(ANSWER_TIMEOUT_MS, () => resolve(false));
    if (answer === null) resolve(false);
    answer?.then(
      (result) => resolve((result as { readonly success?: unknown } | null)?.success !== false),
      (error: unknown) => {
        log.debug('The CAD did not accept the locations of units.', { reason: reasonOf(error) });
        resolve(false);
      },
    );
    const isSent = await promise;
    cancelDeadline();
    for (const [, entry] of batch) entry.resolve(isSent);
  }
}

/**
 * Reads one update as a script gave it. Unknown fields are kept when their value is a boolean, a number or text of up
 * to 500 characters.
 *
 * @returns the update with a key of its unit; null when it names no unit or no location
 */
function readUnitUpdate(update: unknown): { unit: string; update: UnitUpdate } | null {
  const read = v.safeParse(unitUpdate, update);
  if (!read.success) return null;
  const { coordinates: givenCoordinates, position, ...rest } = read.output;
  const identity = IDENTITY_FIELDS.find((name) => rest[name] !== undefined && rest[name] !== null);
  if (identity === undefined) return null;
  const given = givenCoordinates ?? position ?? null;
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
  if (typeof value === 'string') return value.length <= MAX_TEXT_LENGTH;
  return typeof value === 'number' || typeof value === 'boolean';
}
