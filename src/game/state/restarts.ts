import type { State, StateSnapshot, StateStep } from './state.ts';

/** Keeps what is known while the resource restarts: the CAD does not say again who is signed in. */
export interface Restarts {
  /** To be called as the resource stops. */
  save(): void;
  /** To be called once, as it starts. @returns the steps that tell who is a unit, to be run once scripts listen */
  restore(): StateStep[];
}

export interface RestartOptions {
  readonly state: Pick<State, 'snapshot' | 'restore'>;
  readonly store: { get(key: string): string | null; set(key: string, value: string): void; delete(key: string): void };
  /** The resource's version: another one may keep things in another shape. */
  readonly version: string;
  /** Milliseconds since 1970. */
  readonly clock: { now(): number };
  readonly log: { warn(message: string, fields: Readonly<Record<string, string>>): void };
}

/** After a longer time away too much has been missed. */
const MAX_AWAY_MS = 10 * 60_000;

const KEY = 'snapshot';

interface Saved {
  readonly version: string;
  readonly savedAt: number;
  readonly snapshot: StateSnapshot;
}

export function createRestarts({ state, store, version, clock, log }: RestartOptions): Restarts {
  return {
    save() {
      const saved: Saved = { version, savedAt: clock.now(), snapshot: state.snapshot() };
      store.set(KEY, JSON.stringify(saved));
    },
    restore() {
      const text = store.get(KEY);
      if (text === null) return [];
      // What cannot be taken now must not be tried again at each start.
      store.delete(KEY);
      try {
        const saved: Saved = JSON.parse(text);
        const away = clock.now() - saved.savedAt;
        return saved.version === version && away >= 0 && away < MAX_AWAY_MS ? state.restore(saved.snapshot) : [];
      } catch (error) {
        const reason = String((error as { name?: unknown }).name);
        log.warn('What was known before the restart could not be read; units and calls are known as they change.', {
          reason,
        });
        return [];
      }
    },
  };
}
