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

/** Schema of one rule as an operator writes it. A missing member is taken from the trigger's default rule. */
export const ruleSchema = membersOf({
  on: triggerOrType,
  enabled: v.optional(v.boolean()),
  /** The value that each path must have. A list allows any of its values. */
  when: v.optional(
    recordOf(v.pipe(v.string(), v.minLength(1), v.maxLength(200)), v.union([conditionValue, v.array(conditionValue)])),
  ),
  to: v.optional(receiver),
  title: v.optional(template),
  message: v.optional(template),
  kind: v.optional(v.picklist(notificationKinds)),
  durationMs: v.optional(wholeFrom(500, 60_000)),
  /** A sound of the game, by its name and its sound set. */
  sound: v.optional(v.nullable(membersOf({ name: soundName, set: soundName }))),
});

type ConfiguredRule = v.InferOutput<typeof ruleSchema>;
export type Receiver = NonNullable<ConfiguredRule['to']>;

/** A rule with all members, after `resolveRules`. */
export type Rule = {
  readonly [Member in Exclude<keyof ConfiguredRule, 'enabled'>]-?: Exclude<ConfiguredRule[Member], undefined>;
};

/** A trigger's default rule. `message` has placeholders only: templates with words are in the locales. */
type DefaultRule = Pick<Rule, 'to' | 'kind' | 'durationMs' | 'sound' | 'message'> & { readonly enabled: boolean };

function defaultRule(
  to: Rule['to'],
  kind: Rule['kind'],
  seconds: number,
  rest: Partial<Pick<DefaultRule, 'sound' | 'enabled' | 'message'>> = {},
): DefaultRule {
  return { to, kind, durationMs: seconds * 1000, sound: null, enabled: true, message: '', ...rest };
}

const ALARM = { name: '5_Second_Timer', set: 'DLC_HEISTS_GENERAL_FRONTEND_SOUNDS' };
const RADIO = { name: 'Start_Squelch', set: 'CB_RADIO_SFX' };

/** The triggers with their default rules. Besides, a rule can name any type of push event. */
const defaultRules = {
  '911': defaultRule('onDuty', 'warning', 12, { sound: RADIO }),
  panic: defaultRule('onDuty', 'urgent', 20, { sound: ALARM }),
  panicReset: defaultRule('onDuty', 'success', 8),
  attached: defaultRule('involved', 'info', 12, {
    sound: RADIO,
    message: '{call.code} {call.title} – {place}. {call.description}',
  }),
  detached: defaultRule('involved', 'info', 8, { message: '{call.title} – {place}' }),
  note: defaultRule('involved', 'info', 10, { message: '{note.content}' }),
  callEdited: defaultRule('involved', 'info', 8, { message: '{changes}' }),
  callClosed: defaultRule('involved', 'info', 8, { message: '{call.title} – {place}' }),
  responding: defaultRule('caller', 'success', 10),
  tone: defaultRule('involved', 'info', 8),
  page: defaultRule('involved', 'warning', 12, { message: '{body}' }),
  stationAlert: defaultRule('onDuty', 'warning', 12, { message: '{stations}' }),
  accountLinked: defaultRule('involved', 'success', 8),
  streetSign: defaultRule('all', 'info', 8, {
    enabled: false,
    message: '{signData.text1} {signData.text2} {signData.text3}',
  }),
};
export type TriggerName = keyof typeof defaultRules;
export const triggerNames = Object.keys(defaultRules) as readonly TriggerName[];

/** The valid values of each member, quoted by the console line about an invalid one. */
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
 * Whether the values at all paths of a condition are as expected. Values are compared as text without regard to case,
 * because the CAD sends many numbers and booleans as text. An expected `null` means that there is no value.
 */
export function isMet(condition: Rule['when'], values: unknown): boolean {
  return Object.entries(condition).every(([path, expected]) => {
    const actual = readPath(values, path);
    const allowed = Array.isArray(expected) ? expected : [expected];
    return allowed.some((value) => isSame(value, actual));
  });
}

function isSame(expected: string | number | boolean | null, actual: unknown): boolean {
  if (expected === null) return actual === undefined || actual === null;
  if (typeof actual !== 'string' && typeof actual !== 'number' && typeof actual !== 'boolean') return false;
  return String(actual).toLowerCase() === String(expected).toLowerCase();
}

/**
 * Merges the operator's rules with the default rules. A rule for a trigger replaces the default rule, and takes
 * missing members from it: `{ on: 'note', enabled: false }` is enough to switch notes off.
 *
 * @returns the enabled rules by trigger
 */
export function resolveRules(
  configured: readonly ConfiguredRule[],
  locale: Locale,
): ReadonlyMap<string, readonly Rule[]> {
  const configuredTriggers = new Set(configured.map(({ on }) => on));
  const defaults = triggerNames
    .filter((on) => !configuredTriggers.has(on) && defaultRules[on].enabled)
    .map((on): ConfiguredRule => ({ on }));
  const rules = [...configured, ...defaults]
    .filter(({ enabled }) => enabled !== false)
    .map((rule) => resolveRule(rule, locale));
  return Map.groupBy(rules, ({ on }) => on);
}

const DEFAULT_RULE_FOR_TYPES = defaultRule('involved', 'info', 8);

function resolveRule({ on, when = {}, enabled: _, ...given }: ConfiguredRule, locale: Locale): Rule {
  const { enabled: __, ...defaults } = isTriggerName(on) ? defaultRules[on] : DEFAULT_RULE_FOR_TYPES;
  const texts: { title: string; message?: string } = isTriggerName(on) ? locale.triggers[on] : { title: on };
  const { title, message = defaults.message } = texts;
  const configured = Object.entries(given).filter(([, value]) => value !== undefined);
  return { on, when, ...defaults, title, message, ...Object.fromEntries(configured) };
}

export function isTriggerName(name: string): name is TriggerName {
  return Object.hasOwn(defaultRules, name);
}
