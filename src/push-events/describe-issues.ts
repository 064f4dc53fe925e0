import type * as z from 'zod';

const MAX_REASONS = 10;
const MAX_QUOTED = 40;

/** How zod's names for what it wanted read in a sentence. */
const EXPECTED: Readonly<Record<string, string>> = {
  number: 'a number',
  int: 'a whole number',
  string: 'text',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

/**
 * Says what is wrong with an event's data, one sentence for each fault, at most 10, quoting at most 40 characters of
 * a value: `data.dispatch.callId: expected a number, got text "abc"`.
 *
 * @param data what was validated
 */
export function describeIssues(issues: readonly z.core.$ZodIssue[], data: unknown): string[] {
  return issues
    .slice(0, MAX_REASONS)
    .map(
      (issue) =>
        `data${describePath(issue.path)}: expected ${describeExpected(issue)}, got ${describeValue(valueAt(data, issue.path))}`,
    );
}

/** Names a value for a person, and quotes it when it is short. */
export function describeValue(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (value === null) return 'null';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : 'a list';
  if (typeof value === 'object') return 'an object';
  if (typeof value !== 'string') return String(value);
  if (value === '') return 'empty text';
  return value.length > MAX_QUOTED
    ? `text ${JSON.stringify(value.slice(0, MAX_QUOTED - 1))}…`
    : `text ${JSON.stringify(value)}`;
}

function describeExpected(issue: z.core.$ZodIssue): string {
  switch (issue.code) {
    case 'invalid_type':
      return EXPECTED[issue.expected] ?? issue.expected;
    case 'too_small':
      if (issue.origin === 'array') return 'a list with something in it';
      return issue.origin === 'string' ? 'text that is not empty' : 'a number above -2^53';
    case 'too_big':
      return 'a number below 2^53';
    case 'invalid_union':
      return [...new Set(issue.errors.flat().map(describeExpected))].join(' or ');
    default:
      return 'another value';
  }
}

function describePath(path: readonly PropertyKey[]): string {
  return path.map((step) => (typeof step === 'number' ? `[${step}]` : `.${String(step)}`)).join('');
}

function valueAt(data: unknown, path: readonly PropertyKey[]): unknown {
  let value = data;
  for (const step of path) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return undefined;
    value = Reflect.get(value, step);
  }
  return value;
}
