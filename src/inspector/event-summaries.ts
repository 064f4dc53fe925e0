import type { EventSummary } from './api-types.ts';
import { type Words, wordsOf } from './event-words.ts';
import type { KeptEvent } from './history.ts';
import type { Redaction } from './redaction.ts';

interface SummariesOptions {
  redaction(): Redaction;
  /** What the community calls the unit statuses. */
  statusLabels(): readonly string[];
}

/** The lines of the list of events. Each is made once, when it is first asked for, however many streams are open. */
export class EventSummaries {
  readonly #options: SummariesOptions;
  readonly #made = new WeakMap<KeptEvent, { readonly by: Redaction; readonly json: string }>();

  constructor(options: SummariesOptions) {
    this.#options = options;
  }

  of(event: KeptEvent): EventSummary {
    const { seq, id, type, source, issues, receivedAt, raw } = event;
    return { seq, id, type, source, valid: issues === null, receivedAt, bytes: raw.length, ...this.#wordsOf(event) };
  }

  /** Streams write in a timer, where what is thrown would end more than the stream. */
  #wordsOf(event: KeptEvent): Words {
    try {
      return wordsOf(event, this.#options.statusLabels(), this.#options.redaction().text);
    } catch {
      return { title: '', text: '' };
    }
  }

  /** @returns the same as JSON, without secrets */
  json(event: KeptEvent): string {
    const redaction = this.#options.redaction();
    const made = this.#made.get(event);
    // With other secrets, other texts must not be shown.
    if (made?.by === redaction) return made.json;
    const json = redaction.json(this.of(event));
    this.#made.set(event, { by: redaction, json });
    return json;
  }
}
