import * as v from 'valibot';
import { dutyExpected, dutySchema } from '../game/dispatch/audience.ts';
import { key, listOfLength, membersOf, trimmed, wholeFrom, word } from '../lib/settings.ts';
import { de } from './locales/de.ts';
import { en, type Locale } from './locales/en.ts';
import { es } from './locales/es.ts';
import { fr } from './locales/fr.ts';
import { ptBr } from './locales/pt-br.ts';
import { ruleExpectations, ruleSchema } from './rules.ts';
import { correctSystemName, notificationSystems } from './systems.ts';

/** The languages of texts for players, by their names in the config key `locale`. */
export const locales = { en, es, de, fr, 'pt-br': ptBr } satisfies Readonly<Record<string, Locale>>;
export type LocaleName = keyof typeof locales;
export const localeNames = Object.keys(locales) as readonly LocaleName[];

const waypointKinds = ['none', 'exact', 'postal'] as const;

const defaults = { enabled: true, duty: 'incad', rules: [], waypoint: 'postal', onSceneStatus: 4 } as const;

const system = v.pipe(trimmed, v.transform(correctSystemName), v.picklist(notificationSystems));

/** Schema of the config key `notifications`. Every member is optional. */
export const notificationsSchema = membersOf({
  enabled: v.optional(v.boolean(), defaults.enabled),
  /** Takes precedence over `notificationSystem`, the official resource's key. */
  system: v.optional(system),
  duty: v.optional(dutySchema, defaults.duty),
  rules: v.optional(listOfLength(ruleSchema, 0, 200), () => []),
  waypoint: v.optional(v.picklist(waypointKinds), defaults.waypoint),
  onSceneStatus: v.optional(wholeFrom(0, 1_000), defaults.onSceneStatus),
});

export type NotificationSettings = Readonly<v.InferOutput<typeof notificationsSchema>>;

export const defaultNotifications: NotificationSettings = { ...defaults, rules: [] };

/**
 * The settings in force while the operator's are invalid: all notifications off, because the operator may have meant
 * to switch some off.
 */
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
 * Describes the valid values at a path in `notifications`, for the console line about an invalid value.
 *
 * @param path member names and list indices
 */
function describeExpectation(path: readonly PropertyKey[]): string {
  const [member, index, ruleMember] = path;
  if (member === 'rules' && typeof index === 'number') {
    return (
      expectationOf(ruleMember, ruleExpectations) ?? `a rule with only ${Object.keys(ruleExpectations).join(', ')}`
    );
  }
  return (
    expectationOf(member, memberExpectations) ?? `an object with only ${Object.keys(memberExpectations).join(', ')}`
  );
}

function expectationOf(
  member: PropertyKey | undefined,
  expectations: Readonly<Record<string, string>>,
): string | undefined {
  return typeof member === 'string' && Object.hasOwn(expectations, member) ? expectations[member] : undefined;
}

/** The config keys of notifications. */
export const notificationKeys = {
  notificationSystem: key({
    form: 'text',
    schema: system,
    default: 'auto',
    description: 'The notification system; `auto` uses the first one whose resource is started.',
    expected: `one of ${notificationSystems.join(', ')}`,
  }),
  notifications: key({
    form: 'json',
    schema: notificationsSchema,
    default: defaultNotifications,
    description: 'Settings of notifications to players; see docs/notifications.md.',
    expected: 'an object like { "system": "ox_lib", "rules": [{ "on": "note", "enabled": false }] }',
    expectedAt: describeExpectation,
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
    description: 'The language of texts for players.',
    expected: `one of ${localeNames.join(', ')}`,
  }),
};
