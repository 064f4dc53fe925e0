import * as v from 'valibot';
import { membersOf, recordOf, trimmed, wholeFrom } from '../lib/settings.ts';
import type { Locale } from './locales/en.ts';
import { readPath } from './texts.ts';

const notificationKinds = ['info', 'success', 'warning', 'error', 'urgent'] as const;
export type NotificationKind = (typeof notificationKinds)[number];

const triggerOrType = v.pipe(
  trimmed,
  v.rawTransform(({ dataset, addIssue, NEVER }): string => {
    const given = dataset.value;
    const trigger = triggerNames.find((name) => name.toLowerCase() === given.toLowerCase());
    if (trigger !== undefined) return trigger;
    if (/^\w{1,100}$/.test(given) && given.includes('_')) return given.toUpperCase();
    addIssue();
    return NEVER;
  }),
);

const receiver = v.pipe(
  v.string(),
  v.regex(/^(involved|onDuty|caller|all|ace:[\w.-]{1,100})$/),
  v.transform((given) => given as 'involved' | 'onDuty' | 'caller' | 'all' | `ace:${string}`),
);

const conditionValue = v.union([v.string(), v.pipe(v.number(), v.finite()), v.boolean(), v.null()]);

const template = v.pipe(v.string(), v.maxLength(500));

const soundName = v.pipe(v.string(), v.minLength(1), v.maxLength(100));

/** One rule as an operator writes it. What it leaves out is that of the trigger's default rule. */
export const ruleSchema = membersOf({
  on: triggerOrType,
  enabled: v.optional(v.boolean()),
  /** Paths in what the templates see, and what must be found there: a value, or one of several. */
  when: v.optional(
    recordOf(v.pipe(v.string(), v.minLength(1), v.maxLength(200)), v.union([conditionValue, v.array(conditionValue)])),
  ),
  to: v.optional(receiver),
  title: v.optional(template),
  message: v.optional(template),
  kind: v.optional(v.picklist(notificationKinds)),
  durationMs: v.optional(wholeFrom(500, 60_000)),
  /** A sound of the game: its name, and the set it is in. */
  sound: v.optional(v.nullable(membersOf({ name: soundName, set: soundName }))),
});

type ConfiguredRule = v.InferOutput<typeof ruleSchema>;
export type Receiver = NonNullable<ConfiguredRule['to']>;

/** A rule with everything it needs. */
export type Rule = {
  readonly [Member in Exclude<keyof ConfiguredRule, 'enabled'>]-?: Exclude<ConfiguredRule[Member], undefined>;
};

/** `message` is a template without words: those with some are among the texts of each language. */
type Defaults = Pick<Rule, 'to' | 'kind' | 'durationMs' | 'sound' | 'message'> & { readonly enabled: boolean };

const rule = (
  to: Rule['to'],
  kind: Rule['kind'],
  seconds: number,
  rest: Partial<Pick<Defaults, 'sound' | 'enabled' | 'message'>> = {},
): Defaults => ({ to, kind, durationMs: seconds * 1000, sound: null, enabled: true, message: '', ...rest });

const ALARM = { name: '5_Second_Timer', set: 'DLC_HEISTS_GENERAL_FRONTEND_SOUNDS' };
const RADIO = { name: 'Start_Squelch', set: 'CB_RADIO_SFX' };

/** What can happen that players may want to be told, and the default rule for it. Besides, a rule can name any type of push event. */
const defaults = {
  '911': rule('onDuty', 'warning', 12, { sound: RADIO }),
  panic: rule('onDuty', 'urgent', 20, { sound: ALARM }),
  panicReset: rule('onDuty', 'success', 8),
  attached: rule('involved', 'info', 12, {
    sound: RADIO,
    message: '{call.code} {call.title} – {place}. {call.description}',
  }),
  detached: rule('involved', 'info', 8, { message: '{call.title} – {place}' }),
  note: rule('involved', 'info', 10, { message: '{note.content}' }),
  callEdited: rule('involved', 'info', 8, { message: '{changes}' }),
  callClosed: rule('involved', 'info', 8, { message: '{call.title} – {place}' }),
  responding: rule('caller', 'success', 10),
  tone: rule('involved', 'info', 8),
  page: rule('involved', 'warning', 12, { message: '{body}' }),
  stationAlert: rule('onDuty', 'warning', 12, { message: '{stations}' }),
  accountLinked: rule('involved', 'success', 8),
  streetSign: rule('all', 'info', 8, { enabled: false, message: '{signData.text1} {signData.text2} {signData.text3}' }),
};
export type TriggerName = keyof typeof defaults;
export const triggerNames = Object.keys(defaults) as readonly TriggerName[];

/** What is expected of each member, for the line about a bad one. */
export const ruleExpectations: Readonly<Record<keyof ConfiguredRule, string>> = {
  on: `one of ${triggerNames.join(', ')}, or a type like "EVENT_UNIT_LOGIN"`,
  enabled: 'true or false',
  when: 'an object of paths and values like { "dispatcherOnline": false }',
  to: '"involved", "onDuty", "caller", "all" or "ace:<permission>"',
  title: 'a text of up to 500 characters',
  message: 'a text of up to 500 characters',
  kind: `one of ${notificationKinds.join(', ')}`,
  durationMs: 'a whole number of milliseconds from 500 to 60000',
  sound: 'a sound like { "name": "Event_Start_Text", "set": "GTAO_FM_Events_Soundset" }, or null for none',
};

/**
 * Whether every path of a condition leads to its value, or to one of its values. Texts are compared in any case and with numbers
 * and booleans, since the CAD sends many of those as text; `null` stands for nothing there.
 */
export function isMet(condition: Rule['when'], values: unknown): boolean {
  return Object.entries(condition).every(([path, expected]) => {
    const found = readPath(values, path);
    return (Array.isArray(expected) ? expected : [expected]).some((value) => isSame(value, found));
  });
}

function isSame(expected: string | number | boolean | null, found: unknown): boolean {
  if (expected === null) return found === undefined || found === null;
  if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') return false;
  return String(found).toLowerCase() === String(expected).toLowerCase();
}

const forTypes = rule('involved', 'info', 8);

/**
 * Joins the operator's rules with the default ones. Any rule for a trigger takes the place of the default one, and has from it what it
 * leaves out: `{ on: 'note', enabled: false }` is enough to switch notes off.
 *
 * @returns the enabled rules by their triggers
 */
export function resolveRules(
  configured: readonly ConfiguredRule[],
  locale: Locale,
): ReadonlyMap<string, readonly Rule[]> {
  const named = new Set(configured.map(({ on }) => on));
  const unnamed = triggerNames.filter((on) => !named.has(on) && defaults[on].enabled).map((on) => ({ on }));
  const enabled = [...configured, ...unnamed].filter((rule: ConfiguredRule) => rule.enabled !== false);
  return Map.groupBy(
    enabled.map((rule) => resolveRule(rule, locale)),
    ({ on }) => on,
  );
}

function resolveRule({ on, when = {}, enabled: _enabled, ...given }: ConfiguredRule, locale: Locale): Rule {
  const { enabled: _usual, ...usual } = isTriggerName(on) ? defaults[on] : forTypes;
  const texts: { title: string; message?: string } = isTriggerName(on) ? locale.triggers[on] : { title: on };
  const chosen = Object.entries(given).filter(([, value]) => value !== undefined);
  const { title, message = usual.message } = texts;
  return { on, when, ...usual, title, message, ...Object.fromEntries(chosen) };
}

export function isTriggerName(name: string): name is TriggerName {
  return Object.hasOwn(defaults, name);
}
