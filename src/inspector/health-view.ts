import type { Clock } from '../lib/clock.ts';
import type { Finding } from '../lib/finding.ts';
import { reasonOf } from '../lib/text.ts';
import type { Health } from './api-types.ts';

/** An answer comes within 4 s, or not at all; the checks may take longer. */
const WAIT_MS = 3_000;

interface HealthOptions {
  /** Checks everything once more. */
  doctor(): Promise<readonly Finding[]>;
  /** What `status` says, a line each. */
  status(): readonly string[];
  readonly clock: Clock;
}

/** What `doctor` and `status` say. */
export class HealthView {
  readonly #options: HealthOptions;
  #looking: Promise<void> | null = null;
  #found: { readonly at: number; readonly findings: readonly Finding[] } | null = null;

  constructor(options: HealthOptions) {
    this.#options = options;
  }

  /** Waits a little for checks that are running; the first time begins them. */
  async show(): Promise<Health> {
    if (this.#found === null && this.#looking === null) this.#look();
    if (this.#looking !== null) await Promise.race([this.#looking, this.#patience()]);
    return {
      looking: this.#looking !== null,
      lookedAt: this.#found?.at ?? null,
      findings: this.#found?.findings ?? [],
      status: this.#options.status(),
    };
  }

  /** Begins to look again, unless the checks are running. */
  lookAgain(): Promise<Health> {
    if (this.#looking === null) this.#look();
    return this.show();
  }

  #look(): void {
    const { doctor, clock } = this.#options;
    this.#looking = doctor()
      .catch((thrown: unknown): Finding[] => [{ ok: false, text: `The checks failed: ${reasonOf(thrown)}` }])
      .then((findings) => {
        this.#found = { at: clock.now(), findings };
        this.#looking = null;
      });
  }

  #patience(): Promise<void> {
    return new Promise((resolve) => {
      this.#options.clock.after(WAIT_MS, resolve);
    });
  }
}
