import * as v from 'valibot';
import { dutyExpected, dutySchema } from '../game/dispatch/audience.ts';
import { key, listOfLength, membersOf, trimmed, wholeFrom, word } from '../lib/settings.ts';
import { de } from './locales/de.ts';
import { en, type Locale } from './locales/en.ts';
import { es } from './locales/es.ts';
import { fr } from './locales/fr.ts';
import { ptBr } from './locales/pt-br.ts';
import { ruleExpectations, ruleSchema } from './rules.ts';
import { notificationSystemName, notificationSystems } from './systems.ts';

/** Every language of the resource's own texts, by the name that the config key `locale` takes. */
export const locales = { en, es, de, fr, 'pt-br': ptBr } satisfies Readonly<Record<string, Locale>>;
export type LocaleName = keyof typeof locales;
export const localeNames = Object.keys(locales) as readonly LocaleName[];

const waypointKinds = ['none', 'exact', 'postal'] as const;

const defaults = { enabled: true, duty: 'incad', rules: [], waypoint: 'postal', onSceneStatus: 4 } as const;

const system = v.pipe(trimmed, v.transform(notificationSystemName), v.picklist(notificationSystems));

/** config.json's `notifications`. Every member may be left out. */
export const notificationsSchema = membersOf({
  enabled: v.optional(v.boolean(), defaults.enabled),
  /** Wins over `notificationSystem`, the official resource's key. */
  system: v.optional(system),
  duty: v.optional(dutySchema, defaults.duty),
  rules: v.optional(listOfLength(ruleSchema, 0, 200), () => []),
  waypoint: v.optional(v.picklist(waypointKinds), defaults.waypoint),
  onSceneStatus: v.optional(wholeFrom(0, 1_000), defaults.onSceneStatus),
});

export type NotificationSettings = Readonly<v.InferOutput<typeof notificationsSchema>>;

export const defaultNotifications: NotificationSettings = { ...defaults, rules: [] };

/** What holds when the operator's settings cannot be understood: silence, rather than what they may have switched off. */
export const noNotifications: NotificationSettings = { ...defaultNotifications, enabled: false, waypoint: 'none' };

const memberExpectations: Readonly<Record<keyof NotificationSettings, string>> = {
  enabled: 'true or false',
  system: `one of ${notificationSystems.join(', ')}`,
  duty: dutyExpected,
  rules: 'a list of up to 200 rules like [{ "on": "note", "enabled": false }]',
  waypoint: `one of ${waypointKinds.join(', ')}`,
  onSceneStatus: 'the number of a status from 0 to 1000',
};

/**
 * @param path where in `notifications` a fault is, in names and indices
 * @returns what is expected there, for the line about it
 */
function notificationsExpectation([member, index, ruleMember]: readonly PropertyKey[]): string {
  const isInRule = member === 'rules' && typeof index === 'number';
  const texts = Object.entries(isInRule ? ruleExpectations : memberExpectations);
  const [, expected] = texts.find(([name]) => name === (isInRule ? ruleMember : member)) ?? [];
  return expected ?? `${isInRule ? 'a rule' : 'an object'} with only ${texts.map(([name]) => name).join(', ')}`;
}

/** The keys about notifications. */
export const notificationKeys = {
  notificationSystem: key({
    form: 'text',
    schema: system,
    default: 'auto',
    description: 'What shows notifications to players; `auto` takes the first one that is started.',
    expected: `one of ${notificationSystems.join(', ')}`,
  }),
  notifications: key({
    form: 'json',
    schema: notificationsSchema,
    default: defaultNotifications,
    description: 'Which players are notified of what, and how; see docs/notifications.md.',
    expected: 'an object like { "system": "ox_lib", "rules": [{ "on": "note", "enabled": false }] }',
    expectedAt: notificationsExpectation,
    otherwise: 'notifications are off',
    whenRefused: noNotifications,
  }),
  locale: key({
    form: 'text',
    schema: v.pipe(
      word,
      v.transform((name) => name.replaceAll('_', '-')),
      v.picklist(localeNames),
    ),
    default: 'en',
    description: 'The language of messages to players.',
    expected: `one of ${localeNames.join(', ')}`,
  }),
};
