/** Where a text stops being JSON, and why. */
export interface JsonFault {
  /** From 1 */
  line: number;
  /** From 1, in UTF-16 units */
  column: number;
  /** One clause in our own words, quoting nothing of the text but a single punctuation mark */
  reason: string;
}

type Expected = 'value' | 'value or end' | 'name' | 'name or end' | 'colon' | 'comma or end' | 'nothing';

const LITERAL = /(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)(?![\w.+-])/y;
const SPACE = /[ \t\r\n]*/y;
const ESCAPE_SEQUENCE = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y;

function matchEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : -1;
}

/** The offset after the string that begins at `at`, or the offset and reason of what is wrong inside it. */
function stringEnd(text: string, at: number): { end: number } | { fault: number; reason: string } {
  let position = at + 1;
  while (position < text.length) {
    const character = text.charAt(position);
    if (character === '"') return { end: position + 1 };
    if (character < ' ') return { fault: position, reason: 'a text is not closed by " on its line' };
    if (character === '\\') {
      const end = matchEnd(ESCAPE_SEQUENCE, text, position);
      if (end < 0) return { fault: position, reason: 'a \\ inside a text must be written \\\\' };
      position = end;
    } else position++;
  }
  return { fault: text.length, reason: 'a text is not closed by "' };
}

function reasonFor(expected: Expected, character: string, open: string): string {
  const close = open === '{' ? '}' : ']';
  if (character === '') return open === '' ? 'it is empty' : `it ends too early: ${close} is missing`;
  if (expected === 'nothing') return 'something follows the closing }';
  if (character === '/' || character === '#') return 'comments are not allowed in JSON';
  if (expected === 'comma or end') return `a comma or ${close} is missing before this place`;
  if (expected === 'colon') return 'a : is missing after the name';
  if (character === '}' || character === ']') {
    return expected === 'value or end' || expected === 'name or end'
      ? `${close} is expected here`
      : 'a comma or colon stands directly before the closing bracket';
  }
  if (expected === 'name' || expected === 'name or end') return 'a name in straight double quotes is expected here';
  return 'a value is expected here: a text in straight double quotes, a number, true, false, null, a list or an object';
}

function locate(text: string, offset: number, reason: string): JsonFault {
  const before = text.slice(0, offset);
  return { line: before.split('\n').length, column: offset - before.lastIndexOf('\n'), reason };
}

/**
 * Finds the first fault of a text that `JSON.parse` refused. The parser's own message is no use to an operator and a
 * danger in a log: it quotes the input, where the API key stands.
 * @returns null when the text is JSON
 */
export function findJsonFault(text: string): JsonFault | null {
  const open: string[] = [];
  let expected: Expected = 'value';
  let at = 0;
  const afterValue = (): Expected => (open.length === 0 ? 'nothing' : 'comma or end');

  for (;;) {
    at = matchEnd(SPACE, text, at);
    const character = text.charAt(at);
    const inside = open.at(-1) ?? '';
    const fault = () => locate(text, at, reasonFor(expected, character, inside));

    if (expected === 'nothing') return character === '' ? null : fault();
    if (expected === 'colon') {
      if (character !== ':') return fault();
      expected = 'value';
      at++;
    } else if ((character === '}' || character === ']') && expected.endsWith('or end')) {
      if (character !== (inside === '{' ? '}' : ']')) return fault();
      open.pop();
      expected = afterValue();
      at++;
    } else if (expected === 'comma or end') {
      if (character !== ',') return fault();
      expected = inside === '{' ? 'name' : 'value';
      at++;
    } else if (character === '"') {
      const string = stringEnd(text, at);
      if ('fault' in string) return locate(text, string.fault, string.reason);
      expected = expected.startsWith('name') ? 'colon' : afterValue();
      at = string.end;
    } else if (expected.startsWith('value') && (character === '{' || character === '[')) {
      open.push(character);
      expected = character === '{' ? 'name or end' : 'value or end';
      at++;
    } else {
      const end = expected.startsWith('value') ? matchEnd(LITERAL, text, at) : -1;
      if (end < 0) return fault();
      expected = afterValue();
      at = end;
    }
  }
}
