import * as v from 'valibot';
import type { Log } from '../lib/log.ts';
import type { KeyValueStore } from '../platform/kvp-store.ts';
import type { Locale } from './locales/en.ts';
import { fillTemplate } from './template.ts';

const MUTE = /^(\d{1,4})(s|m|h)$/;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const LONGEST_MUTE_MS = 24 * 3_600_000;

interface PlayerCommandsOptions {
  readonly preferences: Pick<PlayerPreferences, 'of' | 'change'>;
  /** The texts of the language in force. */
  texts(): Locale['preferences'];
  /** Milliseconds since 1970. */
  now(): number;
  /** The player wants no marks on the map from now on. */
  gpsSwitchedOff(source: number): void;
  /** What the command for units is called. */
  unitCommand(): string;
}

/** The commands by which players choose for themselves. Each takes the words after the name, and gives what to tell the player. */
export function createPlayerCommands({ preferences, texts, now, gpsSwitchedOff, unitCommand }: PlayerCommandsOptions) {
  const muted = (until: number) => fillTemplate(texts().muted, { minutes: Math.ceil((until - now()) / 60_000) });

  function describe(source: number): string {
    const { off, mutedUntil } = preferences.of(source);
    if (off) return texts().off;
    return mutedUntil > now() ? muted(mutedUntil) : texts().on;
  }

  return {
    /** `on`, `off`, or `mute` and a time like `10m` (seconds, minutes or hours, at most a day). Without words: how it is now. */
    cadnotify(source: number, words: readonly string[]): string {
      const [word, time = '10m', ...rest] = words.map((each) => each.toLowerCase());
      if (word === undefined) return describe(source);
      if (word === 'on' && words.length === 1) preferences.change(source, { off: false, mutedUntil: 0 });
      else if (word === 'off' && words.length === 1) preferences.change(source, { off: true, mutedUntil: 0 });
      else {
        const [, count, unit = ''] = MUTE.exec(time) ?? [];
        const wanted = Number(count) * (UNIT_MS[unit] ?? 0);
        if (word !== 'mute' || rest.length > 0 || !(wanted > 0)) return texts().usage;
        preferences.change(source, { off: false, mutedUntil: now() + Math.min(wanted, LONGEST_MUTE_MS) });
      }
      return describe(source);
    },
    /** `gps on` or `gps off`. */
    dn(source: number, words: readonly string[]): string {
      const [word, choice, ...rest] = words.map((each) => each.toLowerCase());
      if (word !== 'gps' || rest.length > 0 || (choice !== 'on' && choice !== 'off'))
        return fillTemplate(texts().gpsUsage, { name: unitCommand() });
      preferences.change(source, { gpsOff: choice === 'off' });
      if (choice === 'off') gpsSwitchedOff(source);
      return fillTemplate(choice === 'off' ? texts().gpsOff : texts().gpsOn, { name: unitCommand() });
    },
  };
}

/** Where preferences are kept beyond a restart. */
export type PreferenceStore = Pick<KeyValueStore, 'get' | 'set' | 'delete'>;

const UNCHANGED = { off: false, mutedUntil: 0, gpsOff: false };

const preferencesSchema = v.object({
  off: v.optional(v.boolean(), UNCHANGED.off),
  /** Milliseconds since 1970. */
  mutedUntil: v.optional(v.pipe(v.number(), v.finite()), UNCHANGED.mutedUntil),
  gpsOff: v.optional(v.boolean(), UNCHANGED.gpsOff),
});

/** What a player has chosen for themselves. */
type Preferences = Readonly<v.InferOutput<typeof preferencesSchema>>;

export type PlayerPreferences = ReturnType<typeof createPlayerPreferences>;

interface PlayerPreferencesOptions {
  readonly store: PreferenceStore;
  /** With their prefixes. */
  identifiersOf(source: number): readonly string[];
  readonly log: Log;
}

/** Identifiers that stay the same for a person, the best first. */
const LASTING = ['license', 'license2', 'fivem', 'steam', 'discord'];

/** Remembers by a lasting identifier of the player; the store is read once for each visit. */
export function createPlayerPreferences({ store, identifiersOf, log }: PlayerPreferencesOptions) {
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
    change(source: number, change: Partial<Preferences>): void {
      const changed = { ...of(source), ...change };
      known.set(source, changed);
      const key = keyOf(source);
      if (key === null) return;
      // Nothing is kept about a player who has the defaults.
      if (JSON.stringify(changed) === JSON.stringify(UNCHANGED)) store.delete(key);
      else store.set(key, JSON.stringify(changed));
    },
    /** To be called when a player has left. */
    forget: (source: number) => void known.delete(source),
  };
}
