import * as z from 'zod';
import { dutyExpected, dutySchema } from '../players/duty.ts';
import { lazily } from '../schemas/lazily.ts';
import { ruleExpectations, ruleSchema } from './rules/rule-schema.ts';
import { notificationSystemName, notificationSystems } from './systems/notification-systems.ts';

const waypointKinds = ['none', 'exact', 'postal'] as const;

const defaults = { enabled: true, duty: 'incad', rules: [], waypoint: 'postal', onSceneStatus: 4 } as const;

/** config.json's `notifications`. Every member may be left out. */
export const notificationsSchema = lazily(() =>
  z.strictObject({
    enabled: z.boolean().default(defaults.enabled),
    /** Wins over `notificationSystem`, the official resource's key. */
    system: z.string().trim().transform(notificationSystemName).pipe(z.enum(notificationSystems)).optional(),
    duty: dutySchema().default(defaults.duty),
    rules: z
      .array(ruleSchema())
      .max(200)
      .default(() => []),
    waypoint: z.enum(waypointKinds).default(defaults.waypoint),
    onSceneStatus: z.int().min(0).max(1_000).default(defaults.onSceneStatus),
  }),
);

export type NotificationSettings = Readonly<z.output<ReturnType<typeof notificationsSchema>>>;

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
 * @param path where in `notifications` a fault is, as zod gives it
 * @returns what is expected there, for the line about it
 */
export function notificationsExpectation(path: readonly PropertyKey[]): string {
  const [member, index, ruleMember] = path;
  if (member === 'rules' && typeof index === 'number') {
    return ownOf(ruleExpectations, ruleMember) ?? `a rule with only ${Object.keys(ruleExpectations).join(', ')}`;
  }
  return ownOf(memberExpectations, member) ?? `an object with only ${Object.keys(memberExpectations).join(', ')}`;
}

function ownOf(texts: Readonly<Record<string, string>>, name: PropertyKey | undefined): string | undefined {
  return typeof name === 'string' && Object.hasOwn(texts, name) ? texts[name] : undefined;
}
