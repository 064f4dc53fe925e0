/** What scripts send can be long; the CAD takes no more than this. */
const MAX_TEXT = 5_000;

/** Text or a number as text; empty for anything else. */
export function readText(given: unknown): string {
  if (typeof given !== 'string' && typeof given !== 'number' && typeof given !== 'boolean') return '';
  return String(given).slice(0, MAX_TEXT).toWellFormed();
}

/** The fields of an object, or of the only one in a list, as the CAD's first API wanted it; none for anything else. */
export function readFields(given: unknown): Record<string, unknown> {
  const value: unknown = Array.isArray(given) && given.length === 1 ? given[0] : given;
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : {};
}

/** The same with texts only: what is neither text, number nor boolean is left out. */
export function readTextFields(given: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(given)
      .map(([name, value]) => [name, readText(value)])
      .filter(([, value]) => value !== ''),
  );
}
