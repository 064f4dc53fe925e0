import { catalogue } from '../../push-events/catalogue/catalogue.ts';

/** A request of the CAD's support with a key in it: sent on only to a target that names it. */
const ONLY_WHEN_NAMED = 'GET_LOGS';

/**
 * @param patterns upper-case event types, in which `*` stands for any text, even none
 * @returns whether events of a type are wanted
 */
export function createWants(patterns: readonly string[]): (type: string) => boolean {
  const named = new Set(patterns);
  const wildcards = patterns.filter((pattern) => pattern.includes('*')).map((pattern) => pattern.split('*'));
  return (type) => named.has(type) || (type !== ONLY_WHEN_NAMED && wildcards.some((parts) => hasInOrder(type, parts)));
}

/** No regular expression: one made of many stars takes minutes on a type of forty characters. */
function hasInOrder(type: string, parts: readonly string[]): boolean {
  const first = parts[0] ?? '';
  const last = parts.at(-1) ?? '';
  if (!type.startsWith(first)) return false;
  let at = first.length;
  for (const part of parts.slice(1, -1)) {
    const found = type.indexOf(part, at);
    if (found < 0) return false;
    at = found + part.length;
  }
  return type.endsWith(last) && type.length - last.length >= at;
}

/** @returns whether some type would go to both */
export function overlap(one: readonly string[], other: readonly string[]): boolean {
  const [wantsOne, wantsOther] = [createWants(one), createWants(other)];
  const types = [...Object.keys(catalogue), ...one, ...other];
  return types.some((type) => wantsOne(type) && wantsOther(type));
}

/** @returns the patterns that no known type matches: misspelt, or newer than this version */
export function unknownTypes(patterns: readonly string[]): string[] {
  const known = Object.keys(catalogue);
  return patterns.filter((pattern) => pattern !== '*' && !known.some(createWants([pattern])));
}
