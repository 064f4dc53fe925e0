import * as v from 'valibot';
import type { Log } from '../../platform/log.ts';

/** Where preferences are kept beyond a restart. */
export interface PreferenceStore {
  get(key: string): string | null;
  set(key: string, value: string): void;
  delete(key: string): void;
}

const UNCHANGED = { off: false, mutedUntil: 0, gpsOff: false };

const preferencesSchema = v.object({
  off: v.optional(v.boolean(), UNCHANGED.off),
  /** Milliseconds since 1970. */
  mutedUntil: v.optional(v.pipe(v.number(), v.finite()), UNCHANGED.mutedUntil),
  gpsOff: v.optional(v.boolean(), UNCHANGED.gpsOff),
});

/** What a player has chosen for themselves. */
export type Preferences = Readonly<v.InferOutput<typeof preferencesSchema>>;

export interface PlayerPreferences {
  of(source: number): Preferences;
  change(source: number, change: Partial<Preferences>): void;
  /** To be called when a player has left. */
  forget(source: number): void;
}

interface PlayerPreferencesOptions {
  readonly store: PreferenceStore;
  /** With their prefixes. */
  identifiersOf(source: number): readonly string[];
  readonly log: Log;
}

/** Identifiers that stay the same for a person, the best first. */
const LASTING = ['license', 'license2', 'fivem', 'steam', 'discord'];

/** Remembers by a lasting identifier of the player; the store is read once for each visit. */
export function createPlayerPreferences({ store, identifiersOf, log }: PlayerPreferencesOptions): PlayerPreferences {
  const known = new Map<number, Preferences>();

  function keyOf(source: number): string | null {
    const identifiers = identifiersOf(source);
    for (const type of LASTING) {
      const found = identifiers.find((identifier) => identifier.startsWith(`${type}:`));
      if (found !== undefined) return found;
    }
    return null;
  }

  function read(source: number): Preferences {
    const key = keyOf(source);
    const text = key === null ? null : store.get(key);
    if (text === null) return UNCHANGED;
    try {
      return v.parse(preferencesSchema, JSON.parse(text));
    } catch {
      // The parser's message would quote what is stored.
      log.warn("A player's stored notification settings could not be read; the defaults hold for them.", {
        player: key,
      });
      return UNCHANGED;
    }
  }

  function of(source: number): Preferences {
    const found = known.get(source) ?? read(source);
    known.set(source, found);
    return found;
  }

  return {
    of,
    change(source, change) {
      const changed = { ...of(source), ...change };
      known.set(source, changed);
      const key = keyOf(source);
      if (key === null) return;
      // Nothing is kept about who changed nothing.
      if (JSON.stringify(changed) === JSON.stringify(UNCHANGED)) store.delete(key);
      else store.set(key, JSON.stringify(changed));
    },
    forget: (source) => void known.delete(source),
  };
}
