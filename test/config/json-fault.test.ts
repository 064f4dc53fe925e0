import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { findJsonFault } from '../../src/config/json-fault.ts';

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
};

it.each([
  ['', 1, 1, 'it is empty'],
  ['{"a":1', 1, 7, 'it ends too early: } is missing'],
  ['{\n  "a": [1\n', 3, 1, 'it ends too early: ] is missing'],
  ['{\r\n "a": 1,\r\n}', 3, 1, 'a comma or colon stands directly before the closing bracket'],
  ['{"a":1 "b":2}', 1, 8, 'a comma or } is missing before this place'],
  ['{"a" 1}', 1, 6, 'a : is missing after the name'],
  ['{a:1}', 1, 2, 'a name in straight double quotes is expected here'],
  ["{'a':1}", 1, 2, 'a name in straight double quotes is expected here'],
  ['{\n// note\n}', 2, 1, 'comments are not allowed in JSON'],
  ['{"a":True}', 1, 6, 'a value is expected here: a text in straight double quotes, a number'],
  ['{"a":01}', 1, 6, 'a value is expected here'],
  ['{"a":"b\nc"}', 1, 8, 'a text is not closed by " on its line'],
  ['{"a":"b', 1, 8, 'a text is not closed by "'],
  ['{"a":"C:\\dir"}', 1, 9, 'a \\ inside a text must be written \\\\'],
  ['{}{}', 1, 3, 'something follows the closing }'],
  ['[}', 1, 2, '] is expected here'],
])('the fault of %j is at line %i, column %i: %s', (text, line, column, reason) => {
  expect(findJsonFault(text)).toEqual({ line, column, reason: expect.stringContaining(reason) });
});

it('finds a fault in exactly the texts that JSON.parse refuses', () => {
  const scraps = fc.constantFrom(
    '{',
    '}',
    '[',
    ']',
    ',',
    ':',
    '"a"',
    '"',
    '1',
    '-',
    '.5',
    'e3',
    'true',
    'nul',
    ' ',
    '\n',
    '\\',
    '/',
  );
  const broken = fc
    .tuple(fc.json(), fc.nat(), fc.constantFrom('', '"', ',', '}', '\\', '\u0000'))
    .map(([text, at, put]) => {
      const cut = at % (text.length + 1);
      return text.slice(0, cut) + put + text.slice(cut + 1);
    });
  const text = fc.oneof(
    fc.array(scraps, { maxLength: 12 }).map((parts) => parts.join('')),
    broken,
    fc.json(),
    fc.string(),
  );
  fc.assert(
    fc.property(text, (candidate) => {
      expect(findJsonFault(candidate) === null).toBe(isJson(candidate));
    }),
    { numRuns: 5_000 },
  );
});

it('names a place inside the text or at its end', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const fault = findJsonFault(text);
      if (fault === null) return;
      const line = text.split('\n')[fault.line - 1];
      expect(line).toBeDefined();
      expect(fault.column).toBeLessThanOrEqual((line ?? '').length + 1);
    }),
  );
});
