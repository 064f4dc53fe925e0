/** The notification systems that players can see messages through. */
export const notificationSystems = [
  'auto',
  'ox_lib',
  'lation_ui',
  'pNotify',
  'okokNotify',
  'mythic_notify',
  'esx',
  'qb',
  'qbx',
  'chat',
  'native',
  'none',
] as const;

const bare = (name: string): string => name.toLowerCase().replace(/[^a-z]/g, '');

/**
 * The system's own spelling for any that operators use: `oxlib`, `pnotify`, `OX-LIB`.
 * @returns the text unchanged when it names no system
 */
export function notificationSystemName(text: string): string {
  return notificationSystems.find((system) => bare(system) === bare(text)) ?? text;
}
