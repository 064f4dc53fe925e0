import type { NotificationsConfig } from '../notify/create-notifications.ts';
import { systems } from '../notify/systems/systems.ts';

/** @returns in a few words what shows notifications to players now, as `chooseSystem` would choose it */
export function describeNotificationSystem(
  { notifications, notificationSystem }: Pick<NotificationsConfig, 'notifications' | 'notificationSystem'>,
  isStarted: (resource: string) => boolean,
): string {
  if (!notifications.enabled) return 'off';
  const wanted = notifications.system ?? notificationSystem;
  if (wanted === 'none') return 'none';
  const names = Object.keys(systems) as (keyof typeof systems)[];
  const isThere = (name: keyof typeof systems) => {
    const { resource } = systems[name];
    return resource === null || isStarted(resource);
  };
  if (wanted === 'auto') return `${names.find(isThere) ?? 'native'} (chosen by auto)`;
  return isThere(wanted) ? wanted : `native, since ${wanted} is not started`;
}
