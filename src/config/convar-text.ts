import { isProtectionMark } from './api-keys.ts';
import { type ConfigKeyName, convarOf, setterConvarOf } from './schema.ts';

/** Reads a convar; null when it is not set. */
export type ReadConvar = (name: string) => string | null;

// What the official resource makes of a list when it writes its config back into convars.
const LUA_TABLE = /^\s*table: (0x)?[0-9a-f]+\s*$/i;

/**
 * What the operator set a key's convar to.
 * @returns null when the operator did not: not set, blank (as hosting panels leave a field that nobody filled in),
 *   marked `protection_initialized`, or written by a resource, as the `_setter` companion tells
 */
export function operatorConvar(convar: ReadConvar, key: ConfigKeyName): string | null {
  const text = convar(convarOf(key));
  if (text === null || text.trim() === '' || isProtectionMark(text) || LUA_TABLE.test(text)) return null;
  const setter = convar(setterConvarOf(key));
  return setter?.trim().toLowerCase() === 'framework' ? null : text;
}
