import type { Clock } from '../../lib/clock.ts';
import type { Log } from '../../lib/log.ts';
import type { KeyValueStore } from '../../platform/kvp-store.ts';
import type { State, StateStep } from './state.ts';

interface RestartOptions {
  readonly state: Pick<State, 'snapshot' | 'restore'>;
  readonly store: Pick<KeyValueStore, 'get' | 'set' | 'delete'>;
  /** The resource's version: another one may keep things in another shape. */
  readonly version: string;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Pick<Log, 'warn'>;
}

/** After a longer time away too much has been missed. */
const MAX_AWAY_MS = 10 * 60_000;

const KEY = 'snapshot';

/** Keeps what is known while the resource restarts: the CAD does not say again who is signed in. */
export class Restarts {
  readonly #options: RestartOptions;

  constructor(options: RestartOptions) {
    this.#options = options;
  }

  /** To be called as the resource stops. */
  save(): void {
    const { state, store, version, clock } = this.#options;
    store.set(KEY, JSON.stringify({ version, savedAt: clock.now(), snapshot: state.snapshot() }));
  }

  /** To be called once, as it starts. @returns the steps that tell who is a unit, to be run once scripts listen */
  restore(): StateStep[] {
    const { state, store, version, clock, log } = this.#options;
    const text = store.get(KEY);
    if (text === null) return [];
    // What cannot be taken now must not be tried again at each start.
    store.delete(KEY);
    try {
      const saved = JSON.parse(text);
      const away = clock.now() - saved.savedAt;
      return saved.version === version && away >= 0 && away < MAX_AWAY_MS ? state.restore(saved.snapshot) : [];
    } catch (error) {
      const reason = String((error as { name?: unknown }).name);
      log.warn('What was known before the restart could not be read; units and calls are known as they change.', {
        reason,
      });
      return [];
    }
  }
}
