/**
 * Calls what belongs to others, so that its failure stops nothing here.
 *
 * @param failed gets what was thrown, now or by the promise that was returned
 * @returns what settles, and never rejects unless `failed` throws, when the call has; undefined when it has already
 */
export function attempt(call: () => unknown, failed: (thrown: unknown) => unknown): unknown {
  try {
    const returned = call();
    return isThenable(returned) ? returned.then(undefined, failed) : undefined;
  } catch (error) {
    return failed(error);
  }
}

/** Whether a value is to be waited for; promises of other resources are not of this resource's `Promise`. */
function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';
}

/**
 * @param nameOf gives each type the name that events have
 * @returns the types by their names; null when `*`, which stands for all, is among them
 */
export function wantedTypes(
  types: string | readonly string[],
  nameOf: (type: string) => string,
): ReadonlySet<string> | null {
  const wanted = typeof types === 'string' ? [types] : types;
  return wanted.includes('*') ? null : new Set(wanted.map(nameOf));
}

/** What is called with events. */
export interface Subscriber {
  /** What it belongs to. */
  readonly owner: string;
  /** In upper case; null for all types. */
  readonly types: ReadonlySet<string> | null;
  /** Whether it wants events of its types whose data was not understood; one of all types always does. */
  readonly takesInvalid?: boolean;
}

/** More than any sane set of resources needs; an owner that subscribes in a loop must not fill the memory. */
const MAX_PER_OWNER = 500;

/** Who wants which events, in the order in which they came. */
export class Subscribers<Entry extends Subscriber> {
  readonly #mostEach: number;
  #entries: readonly Entry[] = [];

  constructor(mostEach = MAX_PER_OWNER) {
    this.#mostEach = mostEach;
  }

  /** @throws when the owner has as many as it may have already */
  add(entry: Entry): void {
    const { owner } = entry;
    const owned = this.#entries.filter((other) => other.owner === owner).length;
    if (owned >= this.#mostEach) throw new Error(`${owner} has ${this.#mostEach} subscriptions already`);
    this.#entries = [...this.#entries, entry];
  }

  /** @returns how many there were that the condition holds for; they are gone */
  remove(isGone: (entry: Entry) => boolean): number {
    const before = this.#entries.length;
    this.#entries = this.#entries.filter((entry) => !isGone(entry));
    return before - this.#entries.length;
  }

  has(entry: Entry): boolean {
    return this.#entries.includes(entry);
  }

  /** All of them at this moment. */
  all(): readonly Entry[] {
    return this.#entries;
  }

  /** Those of this moment who want an event: one that is added while it is being dispatched gets the next one. */
  wanting({ type, valid }: { readonly type: string; readonly valid: boolean }): Entry[] {
    return this.#entries.filter(
      ({ types, takesInvalid = false }) => types === null || ((valid || takesInvalid) && types.has(type)),
    );
  }
}
