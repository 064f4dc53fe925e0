import { displayText } from '../lib/text.ts';

/** Stands where a value is missing. */
const DASH = '–';

/** Characters of one value that are shown: a whole story in one field leaves room for the others. */
const LONGEST_VALUE = 400;

const PLACEHOLDER = /\{([\w-]+(?:\.[\w-]+)*)\}/g;

/**
 * Fills `{path}` placeholders in one pass: what a value brings in is never looked at again.
 *
 * @param values what the paths lead into; texts, numbers and booleans are shown, all else is missing
 */
export function fillTemplate(template: string, values: unknown): string {
  return template.replace(PLACEHOLDER, (_placeholder, path: string) => shown(readPath(values, path)));
}

function shown(value: unknown): string {
  if (typeof value === 'number' && Number.isFinite(value)) return String(value);
  if (typeof value === 'boolean') return String(value);
  return (typeof value === 'string' && displayText(value, LONGEST_VALUE)) || DASH;
}

/**
 * Reads a value by a path like `call.metaData.postal`. Only what an object has itself is found, never what it inherits.
 *
 * @returns undefined where there is nothing
 */
export function readPath(values: unknown, path: string): unknown {
  let found = values;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}
