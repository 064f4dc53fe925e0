import type { Log } from '../../platform/log.ts';
import type { notificationSystems } from './notification-systems.ts';
import { type NotificationSystem, type SystemName, systems } from './systems.ts';

/**
 * @param wanted what the operator chose
 * @returns the system that shows notifications now: for `auto` the first whose resource is started. One that is chosen but not
 *   started is stood in for by the game's own notifications, with a line that says so. null for `none`
 */
export function chooseSystem(
  wanted: (typeof notificationSystems)[number],
  isStarted: (resource: string) => boolean,
  log: Log,
): NotificationSystem | null {
  const isThere = ({ resource }: NotificationSystem) => resource === null || isStarted(resource);
  if (wanted === 'none') return null;
  if (wanted === 'auto') return Object.values(systems).find(isThere) ?? systems.native;
  const system = systems[wanted satisfies SystemName];
  if (isThere(system)) return system;
  log.warn('The chosen notification system is not started; the game shows notifications by itself.', {
    system: wanted,
    resource: system.resource,
  });
  return systems.native;
}
