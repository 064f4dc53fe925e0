import { findEntry } from './catalogue/catalogue.ts';
import type { PushEvent, PushEventSource } from './push-event.ts';
import type { Refusal } from './receive.ts';

/** Unknown types that are counted by name. The CAD may send any type, so their number needs a bound. */
const MAX_UNKNOWN_TYPES = 100;
const MAX_TYPE_LENGTH = 64;
const OTHER_TYPES = 'other types';

/** What was received since the resource started. */
export interface TrafficReport {
  /** For each transport: how many events, and how many milliseconds ago the last one came. */
  readonly ways: readonly { readonly source: PushEventSource; readonly count: number; readonly lastMs: number }[];
  /** The most frequent type first. */
  readonly types: readonly { readonly type: string; readonly count: number }[];
  /** Events whose data was not understood. */
  readonly unreadable: number;
  /** The most frequent reason first. */
  readonly refusals: readonly { readonly reason: Refusal; readonly count: number }[];
}

/** Counts accepted and refused events, for `status`, `/health` and metrics. Constant time an event, bounded memory. */
export class Traffic {
  readonly #clock: { monotonic(): number };
  readonly #transports = new Map<PushEventSource, { count: number; lastAt: number }>();
  readonly #types = new Map<string, number>();
  readonly #refusals = new Map<Refusal, number>();
  #unknownTypes = 0;
  #unreadable = 0;

  constructor(clock: { monotonic(): number }) {
    this.#clock = clock;
  }

  accepted({ source, type, valid }: PushEvent): void {
    const count = (this.#transports.get(source)?.count ?? 0) + 1;
    this.#transports.set(source, { count, lastAt: this.#clock.monotonic() });
    increment(this.#types, this.#countedName(type));
    if (!valid) this.#unreadable += 1;
  }

  refused(reason: Refusal): void {
    increment(this.#refusals, reason);
  }

  report(): TrafficReport {
    const now = this.#clock.monotonic();
    return {
      ways: [...this.#transports].map(([source, { count, lastAt }]) => ({ source, count, lastMs: now - lastAt })),
      types: mostFrequentFirst(this.#types).map(([type, count]) => ({ type, count })),
      unreadable: this.#unreadable,
      refusals: mostFrequentFirst(this.#refusals).map(([reason, count]) => ({ reason, count })),
    };
  }

  #countedName(type: string): string {
    if (this.#types.has(type) || findEntry(type) !== undefined) return type;
    if (this.#unknownTypes >= MAX_UNKNOWN_TYPES || type.length > MAX_TYPE_LENGTH) return OTHER_TYPES;
    this.#unknownTypes += 1;
    return type;
  }
}

function increment<Name>(counts: Map<Name, number>, name: Name): void {
  counts.set(name, (counts.get(name) ?? 0) + 1);
}

function mostFrequentFirst<Name>(counts: ReadonlyMap<Name, number>): [Name, number][] {
  return [...counts].sort(([, one], [, other]) => other - one);
}
