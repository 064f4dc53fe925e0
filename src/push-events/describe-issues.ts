import type * as v from 'valibot';

const MAX_REASONS = 10;
const MAX_QUOTED = 40;

/**
 * Says what is wrong with an event's data, one sentence for each fault, at most 10, quoting at most 40 characters of
 * a value: `data.dispatch.callId: expected a number, got text "abc"`.
 */
export function describeIssues(issues: readonly v.BaseIssue<unknown>[]): string[] {
  return issues
    .slice(0, MAX_REASONS)
    .map(
      ({ path = [], message, input }) => `data${describePath(path)}: expected ${message}, got ${describeValue(input)}`,
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

function describePath(path: readonly { readonly key: unknown }[]): string {
  return path.map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');
}
