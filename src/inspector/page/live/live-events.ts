import { batch, computed, signal } from '@preact/signals';
import type { EventDetail, EventSource, EventSummary } from '../../api-types.ts';
import { type Api, ApiFailure, pause } from '../api.ts';
import { Follower } from '../follow.ts';

/** As many as the server keeps the payloads of. */
const MOST = 500;
/** Payloads that were looked at and need not be asked for again. */
const MOST_DETAILS = 20;
/** Who chooses one so soon after another, as with an arrow key held down, looks at the last one only. */
const HASTE_MS = 250;

/** How an event came in, in words. */
export const SOURCES: Readonly<Record<EventSource, string>> = {
  http: 'HTTP',
  websocket: 'Session',
  simulated: 'Simulated',
};

/** Which events are wanted; '' stands for all. */
export interface Filter {
  readonly type: string;
  readonly text: string;
  readonly valid: '' | 'true' | 'false';
  readonly source: '' | EventSource;
}

export const NO_FILTER: Filter = { type: '', text: '', valid: '', source: '' };

/** The event that is looked at. */
export interface LookedAt {
  readonly seq: number;
  readonly detail: EventDetail | null;
  /** The envelope, as indented JSON. */
  readonly payload: string | null;
  /** Why one of them is missing. */
  readonly failure: string | null;
}

/** The events that came, newest first, and the one that is looked at. */
export class LiveEvents {
  readonly filter = signal<Filter>(NO_FILTER);
  readonly selected = signal<LookedAt | null>(null);
  /** Events that came and went unseen, since more came at once than the server keeps. */
  readonly missed = signal(0);
  readonly #api: Api;
  readonly #over: () => void;
  readonly #all = signal<readonly EventSummary[]>([]);
  readonly #frozen = signal<readonly EventSummary[] | null>(null);
  readonly #follower = signal<Follower>();
  readonly #details = new Map<number, LookedAt>();
  #openedAt = Number.NEGATIVE_INFINITY;

  readonly shown = computed(() => this.#frozen.value ?? this.#all.value);
  readonly isPaused = computed(() => this.#frozen.value !== null);
  /** How many came since it was paused, at most as many as are kept. */
  readonly held = computed(() => {
    const newest = this.#frozen.value?.[0]?.seq ?? 0;
    return this.isPaused.value ? this.#all.value.filter(({ seq }) => seq > newest).length : 0;
  });
  /** The number of the newest event that came, 0 before the first. */
  readonly newest = computed(() => this.#all.value[0]?.seq ?? 0);
  readonly way = computed(() => this.#follower.value?.way.value ?? 'connecting');

  /** @param over is called when the server says that the link has ended */
  constructor(api: Api, over: () => void) {
    this.#api = api;
    this.#over = over;
    this.#follow();
  }

  /** Shows other events, of those that the server keeps and of those that come. */
  filterBy(filter: Filter): void {
    if (JSON.stringify(filter) === JSON.stringify(this.filter.peek())) return;
    this.filter.value = filter;
    this.#follow();
  }

  pause(): void {
    this.#frozen.value = this.#all.value;
  }

  resume(): void {
    this.#frozen.value = null;
  }

  /** Empties the list; what comes is shown. */
  clear(): void {
    batch(() => {
      this.#all.value = [];
      this.#frozen.value = null;
      this.missed.value = 0;
      this.close();
    });
  }

  /** Looks at an event: asks for its payload, and what became of it. */
  async open(seq: number): Promise<void> {
    const isHasty = performance.now() - this.#openedAt < HASTE_MS;
    this.#openedAt = performance.now();
    this.selected.value = this.#details.get(seq) ?? { seq, detail: null, payload: null, failure: null };
    if (isHasty) await pause(HASTE_MS);
    if (this.selected.peek()?.seq === seq) await this.refresh();
  }

  /** Asks again what became of the event that is looked at. */
  async refresh(): Promise<void> {
    const known = this.selected.peek();
    if (known === null) return;
    const looked = await this.#ask(known);
    // Another one may have been chosen meanwhile.
    if (this.selected.peek()?.seq !== known.seq) return;
    this.selected.value = looked;
    if (looked.payload !== null) this.#remember(looked);
  }

  close(): void {
    this.selected.value = null;
  }

  stop(): void {
    this.#follower.peek()?.stop();
  }

  async #ask({ seq, payload, detail: before }: LookedAt): Promise<LookedAt> {
    try {
      const [detail, text] = await Promise.all([
        this.#api.ask<EventDetail>(`events/${seq}`),
        payload ?? this.#api.askText(`events/${seq}/payload`),
      ]);
      return { seq, detail, payload: text, failure: null };
    } catch (error) {
      const { code, message } = error as ApiFailure;
      const isGone = error instanceof ApiFailure && code === 'unknown';
      const failure = isGone ? 'The server does not keep this event any more: it keeps the last 500.' : message;
      return { seq, detail: before, payload, failure };
    }
  }

  #remember(looked: LookedAt): void {
    this.#details.delete(looked.seq);
    this.#details.set(looked.seq, looked);
    for (const oldest of this.#details.keys()) {
      if (this.#details.size <= MOST_DETAILS) break;
      this.#details.delete(oldest);
    }
  }

  #follow(): void {
    this.stop();
    const { type, text, valid, source } = this.filter.peek();
    const given = (value: string) => (value === '' ? undefined : value);
    this.#follower.value = new Follower({
      api: this.#api,
      filter: { type: given(type), text: given(text), valid: given(valid), source: given(source) },
      over: this.#over,
      began: () => this.#show([]),
      came: (events) => this.#show([...events.toReversed(), ...this.#all.peek()]),
      missed: (count) => {
        this.missed.value += Math.max(count, 0);
      },
    });
  }

  #show(events: readonly EventSummary[]): void {
    batch(() => {
      this.#all.value = events.slice(0, MOST);
      // While paused, another filter shows its events once.
      const frozen = this.#frozen.peek();
      if (frozen !== null && (events.length === 0 || frozen.length === 0)) this.#frozen.value = this.#all.value;
    });
  }
}
