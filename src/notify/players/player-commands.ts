import type { Locale } from '../locales/en.ts';
import { fillTemplate } from '../rules/fill-template.ts';
import type { PlayerPreferences } from './preferences.ts';

const MUTE = /^(\d{1,4})(s|m|h)$/;
const UNIT_MS: Readonly<Record<string, number>> = { s: 1_000, m: 60_000, h: 3_600_000 };
const LONGEST_MUTE_MS = 24 * 3_600_000;

interface PlayerCommandsOptions {
  readonly preferences: PlayerPreferences;
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
export interface PlayerCommands {
  /** `on`, `off`, or `mute` and a time like `10m` (seconds, minutes or hours, at most a day). Without words: how it is now. */
  cadnotify(source: number, words: readonly string[]): string;
  /** `gps on` or `gps off`. */
  dn(source: number, words: readonly string[]): string;
}

export function createPlayerCommands({
  preferences,
  texts,
  now,
  gpsSwitchedOff,
  unitCommand,
}: PlayerCommandsOptions): PlayerCommands {
  const muted = (until: number) => fillTemplate(texts().muted, { minutes: Math.ceil((until - now()) / 60_000) });

  function describe(source: number): string {
    const { off, mutedUntil } = preferences.of(source);
    if (off) return texts().off;
    return mutedUntil > now() ? muted(mutedUntil) : texts().on;
  }

  return {
    cadnotify(source, words) {
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
    dn(source, words) {
      const [word, choice, ...rest] = words.map((each) => each.toLowerCase());
      if (word !== 'gps' || rest.length > 0 || (choice !== 'on' && choice !== 'off'))
        return fillTemplate(texts().gpsUsage, { name: unitCommand() });
      preferences.change(source, { gpsOff: choice === 'off' });
      if (choice === 'off') gpsSwitchedOff(source);
      return fillTemplate(choice === 'off' ? texts().gpsOff : texts().gpsOn, { name: unitCommand() });
    },
  };
}
