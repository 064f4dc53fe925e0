import * as z from 'zod';
import { lazily } from '../../schemas/lazily.ts';

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

const occasionOrType = lazily(() =>
  z
    .string()
    .trim()
    .transform((text, context): string => {
      const occasion = occasionNames.find((name) => name.toLowerCase() === text.toLowerCase());
      if (occasion !== undefined) return occasion;
      if (/^\w{1,100}$/.test(text) && text.includes('_')) return text.toUpperCase();
      context.addIssue({ code: 'custom', message: 'no occasion' });
      return z.NEVER;
    }),
);

const receiver = lazily(() =>
  z
    .string()
    .regex(/^(involved|onDuty|caller|all|ace:[\w.-]{1,100})$/)
    .transform((text) => text as 'involved' | 'onDuty' | 'caller' | 'all' | `ace:${string}`),
);

const conditionValue = lazily(() => z.union([z.string(), z.number(), z.boolean(), z.null()]));

const template = lazily(() => z.string().max(500));

/** One rule as an operator writes it. What it leaves out is that of the occasion's own rule. */
export const ruleSchema = lazily(() =>
  z.strictObject({
    on: occasionOrType(),
    enabled: z.boolean().optional(),
    /** Paths in what the templates see, and what must be found there: a value, or one of several. */
    when: z.record(z.string().min(1).max(200), z.union([conditionValue(), z.array(conditionValue())])).optional(),
    to: receiver().optional(),
    title: template().optional(),
    message: template().optional(),
    kind: z.enum(notificationKinds).optional(),
    durationMs: z.int().min(500).max(60_000).optional(),
    /** A sound of the game: its name, and the set it is in. */
    sound: z
      .strictObject({ name: z.string().min(1).max(100), set: z.string().min(1).max(100) })
      .nullable()
      .optional(),
  }),
);

export type ConfiguredRule = z.output<ReturnType<typeof ruleSchema>>;
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
