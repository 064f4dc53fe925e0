import * as v from 'valibot';
import { membersOf, recordOf, text, wholeFrom } from '../../schemas/settings.ts';

/** What can happen that players may want to be told. Besides, a rule can name any type of push event. */
export const occasionNames = [
  '911',
  'panic',
  'panicReset',
  'attached',
  'detached',
  'note',
  'callEdited',
  'callClosed',
  'responding',
  'tone',
  'page',
  'stationAlert',
  'accountLinked',
  'streetSign',
] as const;
export type OccasionName = (typeof occasionNames)[number];

const notificationKinds = ['info', 'success', 'warning', 'error', 'urgent'] as const;
export type NotificationKind = (typeof notificationKinds)[number];

const occasionOrType = v.pipe(
  text,
  v.rawTransform(({ dataset, addIssue, NEVER }): string => {
    const given = dataset.value;
    const occasion = occasionNames.find((name) => name.toLowerCase() === given.toLowerCase());
    if (occasion !== undefined) return occasion;
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

/** One rule as an operator writes it. What it leaves out is that of the occasion's own rule. */
export const ruleSchema = membersOf({
  on: occasionOrType,
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

export type ConfiguredRule = v.InferOutput<typeof ruleSchema>;
export type Condition = NonNullable<ConfiguredRule['when']>;
export type Receiver = NonNullable<ConfiguredRule['to']>;
export type GameSound = { readonly name: string; readonly set: string };

/** A rule with everything it needs. */
export interface Rule {
  readonly on: string;
  readonly when: Condition;
  readonly to: Receiver;
  readonly title: string;
  readonly message: string;
  readonly kind: NotificationKind;
  readonly durationMs: number;
  readonly sound: GameSound | null;
}

/** What is expected of each member, for the line about a bad one. */
export const ruleExpectations: Readonly<Record<keyof ConfiguredRule, string>> = {
  on: `one of ${occasionNames.join(', ')}, or a type like "EVENT_UNIT_LOGIN"`,
  enabled: 'true or false',
  when: 'an object of paths and values like { "dispatcherOnline": false }',
  to: '"involved", "onDuty", "caller", "all" or "ace:<permission>"',
  title: 'a text of up to 500 characters',
  message: 'a text of up to 500 characters',
  kind: `one of ${notificationKinds.join(', ')}`,
  durationMs: 'a whole number of milliseconds from 500 to 60000',
  sound: 'a sound like { "name": "Event_Start_Text", "set": "GTAO_FM_Events_Soundset" }, or null for none',
};
