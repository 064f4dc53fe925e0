import type { Locale } from '../locales/en.ts';
import { type ConfiguredRule, type OccasionName, occasionNames, type Rule } from './rule-schema.ts';

type Defaults = Pick<Rule, 'to' | 'kind' | 'durationMs' | 'sound'> & { readonly enabled: boolean };

const rule = (
  to: Rule['to'],
  kind: Rule['kind'],
  seconds: number,
  rest: { sound?: Rule['sound']; enabled?: boolean } = {},
): Defaults => ({ to, kind, durationMs: seconds * 1000, sound: null, enabled: true, ...rest });

const ALARM = { name: '5_Second_Timer', set: 'DLC_HEISTS_GENERAL_FRONTEND_SOUNDS' };
const RADIO = { name: 'Start_Squelch', set: 'CB_RADIO_SFX' };

const defaults: Readonly<Record<OccasionName, Defaults>> = {
  '911': rule('onDuty', 'warning', 12, { sound: RADIO }),
  panic: rule('onDuty', 'urgent', 20, { sound: ALARM }),
  panicReset: rule('onDuty', 'success', 8),
  attached: rule('involved', 'info', 12, { sound: RADIO }),
  detached: rule('involved', 'info', 8),
  note: rule('involved', 'info', 10),
  callEdited: rule('involved', 'info', 8),
  callClosed: rule('involved', 'info', 8),
  responding: rule('caller', 'success', 10),
  tone: rule('involved', 'info', 8),
  page: rule('involved', 'warning', 12),
  stationAlert: rule('onDuty', 'warning', 12),
  accountLinked: rule('involved', 'success', 8),
  streetSign: rule('all', 'info', 8, { enabled: false }),
};

const forTypes: Defaults = rule('involved', 'info', 8);

/**
 * Joins the operator's rules with those that hold by default. Any rule for an occasion takes the place of the default one, and has
 * from it what it leaves out: `{ on: 'note', enabled: false }` is enough to switch notes off.
 *
 * @returns the enabled rules by what they are for
 */
export function resolveRules(
  configured: readonly ConfiguredRule[],
  locale: Locale,
): ReadonlyMap<string, readonly Rule[]> {
  const rules = new Map<string, Rule[]>();
  const named = new Set(configured.map(({ on }) => on));
  const unnamed = occasionNames.filter((on) => !named.has(on) && defaults[on].enabled);
  const remaining = unnamed.map((on): ConfiguredRule => ({ on }));
  // Whoever writes a rule for something that is off by default wants it on.
  for (const { enabled = true, ...each } of [...configured, ...remaining]) {
    if (!enabled) continue;
    const resolved = resolveRule(each, locale);
    const others = rules.get(each.on);
    if (others === undefined) rules.set(each.on, [resolved]);
    else others.push(resolved);
  }
  return rules;
}

function resolveRule(configured: Omit<ConfiguredRule, 'enabled'>, locale: Locale): Rule {
  const { on } = configured;
  const occasion = isOccasion(on)
    ? { ...defaults[on], ...locale.occasions[on] }
    : { ...forTypes, title: on, message: '' };
  const { to, kind, durationMs, sound, title, message } = occasion;
  return {
    on,
    when: configured.when ?? {},
    to: configured.to ?? to,
    title: configured.title ?? title,
    message: configured.message ?? message,
    kind: configured.kind ?? kind,
    durationMs: configured.durationMs ?? durationMs,
    sound: configured.sound === undefined ? sound : configured.sound,
  };
}

export function isOccasion(name: string): name is OccasionName {
  return (occasionNames as readonly string[]).includes(name);
}
