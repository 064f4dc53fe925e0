import { readPath } from './read-path.ts';
import type { Condition } from './rule-schema.ts';

/**
 * Whether every path of a condition leads to its value, or to one of its values. Texts are compared in any case and with numbers
 * and booleans, since the CAD sends many of those as text; `null` stands for nothing there.
 */
export function isMet(condition: Condition, values: unknown): boolean {
  return Object.entries(condition).every(([path, expected]) => {
    const found = readPath(values, path);
    return (Array.isArray(expected) ? expected : [expected]).some((value) => isSame(value, found));
  });
}

function isSame(expected: string | number | boolean | null, found: unknown): boolean {
  if (expected === null) return found === undefined || found === null;
  if (typeof found !== 'string' && typeof found !== 'number' && typeof found !== 'boolean') return false;
  return String(found).toLowerCase() === String(expected).toLowerCase();
}
