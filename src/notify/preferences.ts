import * as v from 'valibot';
import type { Audience } from '../game/dispatch/audience.ts';
import type { StateView } from '../game/state/state-view.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { ClientEvents } from '../platform/events.ts';
import type { KeyValueStore } from '../platform/kvp-store.ts';
import type { OtherResources } from '../platform/resources.ts';
import type { Locale } from './locales/en.ts';
import type { NotificationSettings } from './settings.ts';
import { fillTemplate } from './texts.ts';

const MUTE = /^(\d{1,4})(s|m|h)$/;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const LONGEST_MUTE_MS = 24 * 3_600_000;

/** What the parts of notifications have in common. */
export interface NotifyParts {
  readonly state: StateView;
  readonly audience: Audience;
  readonly clients: ClientEvents;
  readonly resources: OtherResources;
  readonly preferences: PlayerPreferences;
  /** Those in force; asked each time, as the texts. */
  settings(): NotificationSettings;
  texts(): Locale;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * The commands by which players choose for themselves. Each takes the words after the name, and gives what to tell the player.
 *
 * @param gpsSwitchedOff the player wants no marks on the map from now on
 * @param unitCommand what the command for units is called
 */
export function createPlayerCommands(
  { preferences, clock: { now }, ...parts }: Pick<NotifyParts, 'preferences' | 'texts' | 'clock'>,
  gpsSwitchedOff: (source: number) => void,
  unitCommand: () => string,
) {
  const texts = () => parts.texts().preferences;
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

/** Identifiers that stay the same for a person, the best first. */
const LASTING = ['license', 'license2', 'fivem', 'steam', 'discord'];

/**
 * Remembers by a lasting identifier of the player; the store is read once for each visit.
 *
 * @param identifiersOf with their prefixes
 */
export function createPlayerPreferences(
  store: PreferenceStore,
  identifiersOf: (source: number) => readonly string[],
  log: Log,
) {
  const known = new Map<number, Preferences>();

  function keyOf(source: number): string | null {
    const identifiers = identifiersOf(source);
    const found = LASTING.map((type) => identifiers.find((identifier) => identifier.startsWith(`${type}:`)));
    return found.find((identifier) => identifier !== undefined) ?? null;
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
