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

export interface NotificationParts {
  readonly state: StateView;
  readonly audience: Audience;
  readonly clients: ClientEvents;
  readonly resources: OtherResources;
  readonly preferences: PlayerPreferences;
  /** Gives the current settings, which change when the configuration is reloaded. */
  settings(): NotificationSettings;
  texts(): Locale;
  readonly clock: Clock;
  readonly log: Log;
}

const MUTE_DURATION = /^(\d{1,4})(s|m|h)$/;
const DEFAULT_MUTE = '10m';
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
/** Longer mutes are shortened to a day. */
const MAX_MUTE_MS = 24 * 3_600_000;

/** The chat commands for a player's own notification settings. Each command returns the answer to the player. */
export class PlayerCommands {
  readonly #parts: Pick<NotificationParts, 'preferences' | 'texts' | 'clock'>;
  readonly #gpsSwitchedOff: (source: number) => void;
  readonly #unitCommandName: () => string;

  /** @param gpsSwitchedOff called when a player has switched marks on the map off */
  constructor(
    parts: Pick<NotificationParts, 'preferences' | 'texts' | 'clock'>,
    gpsSwitchedOff: (source: number) => void,
    unitCommandName: () => string,
  ) {
    this.#parts = parts;
    this.#gpsSwitchedOff = gpsSwitchedOff;
    this.#unitCommandName = unitCommandName;
  }

  /**
   * Runs `/cadnotify`: `on`, `off`, or `mute` with a duration like `10m` (seconds, minutes or hours). Without
   * arguments it only answers with the current setting.
   */
  cadnotify(source: number, args: readonly string[]): string {
    const { preferences, texts, clock } = this.#parts;
    const [action, duration = DEFAULT_MUTE] = args.map((arg) => arg.toLowerCase());

    if (action === undefined) return this.#describeSetting(source);
    if (action === 'on' && args.length === 1) {
      preferences.change(source, { off: false, mutedUntil: 0 });
      return this.#describeSetting(source);
    }
    if (action === 'off' && args.length === 1) {
      preferences.change(source, { off: true, mutedUntil: 0 });
      return this.#describeSetting(source);
    }

    const muteMs = parseDurationMs(duration);
    if (action !== 'mute' || args.length > 2 || muteMs === null) return texts().preferences.usage;
    preferences.change(source, { off: false, mutedUntil: clock.now() + Math.min(muteMs, MAX_MUTE_MS) });
    return this.#describeSetting(source);
  }

  /** Runs `/dn gps on` and `/dn gps off`. */
  dn(source: number, args: readonly string[]): string {
    const { gpsOn, gpsOff, gpsUsage } = this.#parts.texts().preferences;
    const name = this.#unitCommandName();
    const [setting, choice] = args.map((arg) => arg.toLowerCase());
    if (setting !== 'gps' || args.length > 2 || (choice !== 'on' && choice !== 'off')) {
      return fillTemplate(gpsUsage, { name });
    }

    const isOff = choice === 'off';
    this.#parts.preferences.change(source, { gpsOff: isOff });
    if (isOff) this.#gpsSwitchedOff(source);
    return fillTemplate(isOff ? gpsOff : gpsOn, { name });
  }

  #describeSetting(source: number): string {
    const { preferences, clock } = this.#parts;
    const texts = this.#parts.texts().preferences;
    const { off, mutedUntil } = preferences.get(source);
    if (off) return texts.off;

    const leftMs = mutedUntil - clock.now();
    return leftMs > 0 ? fillTemplate(texts.muted, { minutes: Math.ceil(leftMs / 60_000) }) : texts.on;
  }
}

/** Reads a duration like `10m`. Null for any other text, and for a duration of 0. */
function parseDurationMs(text: string): number | null {
  const [, count, unit = ''] = MUTE_DURATION.exec(text) ?? [];
  const durationMs = Number(count) * (UNIT_MS[unit] ?? 0);
  return durationMs > 0 ? durationMs : null;
}

export type PreferenceStore = Pick<KeyValueStore, 'get' | 'set' | 'delete'>;

const DEFAULT_PREFERENCES = { off: false, mutedUntil: 0, gpsOff: false };

const preferencesSchema = v.object({
  off: v.optional(v.boolean(), DEFAULT_PREFERENCES.off),
  /** Milliseconds since 1970. */
  mutedUntil: v.optional(v.pipe(v.number(), v.finite()), DEFAULT_PREFERENCES.mutedUntil),
  gpsOff: v.optional(v.boolean(), DEFAULT_PREFERENCES.gpsOff),
});

type Preferences = Readonly<v.InferOutput<typeof preferencesSchema>>;

/** Kinds of identifiers that stay the same over a person's visits, in order of preference. */
const LASTING_IDENTIFIERS = ['license', 'license2', 'fivem', 'steam', 'discord'];

/** Stores each player's notification settings under a lasting identifier of the player. */
export class PlayerPreferences {
  readonly #store: PreferenceStore;
  readonly #identifiersOf: (source: number) => readonly string[];
  readonly #log: Log;
  /** Settings of connected players, so that the store is read only once for each visit. */
  readonly #cache = new Map<number, Preferences>();

  /** @param identifiersOf gives a player's identifiers with their prefixes, as `license:abc` */
  constructor(store: PreferenceStore, identifiersOf: (source: number) => readonly string[], log: Log) {
    this.#store = store;
    this.#identifiersOf = identifiersOf;
    this.#log = log;
  }

  /** Gives a player's settings. A player without stored settings has the defaults. */
  get(source: number): Preferences {
    const preferences = this.#cache.get(source) ?? this.#read(source);
    this.#cache.set(source, preferences);
    return preferences;
  }

  /**
   * Changes a player's settings, and stores the result. A player without a lasting identifier keeps them for this
   * visit.
   */
  change(source: number, change: Partial<Preferences>): void {
    const changed = { ...this.get(source), ...change };
    this.#cache.set(source, changed);

    const key = this.#storeKeyOf(source);
    if (key === null) return;
    // Default settings are not stored, so that the store holds data only about players who changed something.
    if (JSON.stringify(changed) === JSON.stringify(DEFAULT_PREFERENCES)) this.#store.delete(key);
    else this.#store.set(key, JSON.stringify(changed));
  }

  forget(source: number): void {
    this.#cache.delete(source);
  }

  #read(source: number): Preferences {
    const key = this.#storeKeyOf(source);
    const stored = key === null ? null : this.#store.get(key);
    if (stored === null) return DEFAULT_PREFERENCES;
    try {
      return v.parse(preferencesSchema, JSON.parse(stored));
    } catch {
      // The parser's message is not logged, because it quotes the stored text.
      this.#log.warn(
        "A player's stored notification settings are damaged. Defaults apply until the player uses /cadnotify.",
        { player: key },
      );
      return DEFAULT_PREFERENCES;
    }
  }

  #storeKeyOf(source: number): string | null {
    const identifiers = this.#identifiersOf(source);
    for (const kind of LASTING_IDENTIFIERS) {
      const identifier = identifiers.find((each) => each.startsWith(`${kind}:`));
      if (identifier !== undefined) return identifier;
    }
    return null;
  }
}
