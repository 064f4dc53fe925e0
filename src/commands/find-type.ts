import { nearestKey } from '../config/nearest-key.ts';
import { catalogue, type PushEventType } from '../push-events/catalogue/catalogue.ts';

const PREFIX = 'EVENT_';
const MAX_NEAREST = 3;

const byShortName: ReadonlyMap<string, PushEventType> = new Map(
  (Object.keys(catalogue) as PushEventType[]).map((type) => [shortName(type), type]),
);

/**
 * Finds the type that somebody means.
 *
 * @param word in any case, with or without `EVENT_`
 * @returns the type; or, when there is none of that name, up to three that are spelt like it
 */
export function findType(word: string): { type: PushEventType } | { nearest: readonly PushEventType[] } {
  const wanted = shortName(word.toUpperCase());
  const found = byShortName.get(wanted);
  if (found !== undefined) return { type: found };
  const left = new Map(byShortName);
  const nearest: PushEventType[] = [];
  while (nearest.length < MAX_NEAREST) {
    const name = nearestKey(wanted, left.keys());
    const type = name === null ? undefined : left.get(name);
    if (name === null || type === undefined) break;
    nearest.push(type);
    left.delete(name);
  }
  return { nearest };
}

function shortName(type: string): string {
  return type.startsWith(PREFIX) ? type.slice(PREFIX.length) : type;
}
