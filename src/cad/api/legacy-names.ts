import { legacyCalls } from './legacy/legacy-calls.ts';
import { legacyGeneral } from './legacy/legacy-general.ts';
import { legacyOthers } from './legacy/legacy-others.ts';
import type { LegacyRequest } from './legacy/legacy-request.ts';

const byName = new Map<string, LegacyRequest>(Object.entries({ ...legacyGeneral, ...legacyCalls, ...legacyOthers }));

/**
 * What a script means by a type that it gives to the export `performApiRequest`: those of the official resource's version 4, and
 * those of version 1 that scripts still send.
 *
 * @param type in any case
 * @returns null for a name that stands for nothing here
 */
export function legacyRequestOf(type: string): LegacyRequest | null {
  return byName.get(type.trim().toUpperCase()) ?? null;
}
