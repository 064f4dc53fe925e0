/** Names that the CAD's documents still have for types. */
const ALIASES: ReadonlyMap<string, string> = new Map([
  ['EVENT_UNIT_ATTACH', 'EVENT_DISPATCH_UNIT_ATTACH'],
  ['EVENT_UNIT_DETACH', 'EVENT_DISPATCH_UNIT_DETACH'],
]);

/**
 * What an administrator asks for in the CAD's FiveM panel, of the official resource: that it takes its configuration from the CAD.
 * The CAD sends these over the session only, without a key, and no configuration is in them.
 */
const PANEL_REQUESTS: ReadonlyMap<string, string> = new Map([
  ['EVENT_FIVEM_CONFIGURATION', 'to apply the configuration saved there and restart'],
  ['EVENT_FIVEM_CONFIGURATION_MIGRATION', 'to have its configuration reviewed and imported'],
]);

/** @param given the name of a type, in any case. @returns the one by which the catalogue has it, in upper case */
export function typeNamed(given: string): string {
  const name = given.toUpperCase();
  return ALIASES.get(name) ?? name;
}

/** @returns what an administrator asked for in the CAD's panel; null for every other type */
export const describePanelRequest = (type: string): string | null => PANEL_REQUESTS.get(type) ?? null;

/** Requests to the resource itself, the first with a key of the CAD's support in it: sent on only to a target that names them. */
export const ONLY_WHEN_NAMED: ReadonlySet<string> = new Set(['GET_LOGS', ...PANEL_REQUESTS.keys()]);
