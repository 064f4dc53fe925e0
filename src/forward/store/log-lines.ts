import * as v from 'valibot';

const change = v.union([v.strictTuple([v.string(), v.string()]), v.strictTuple([v.string()])]);

/** What a file of changes comes to. */
export interface LogContent {
  readonly values: Map<string, string>;
  /** Lines that are no change: torn, or not ours. */
  readonly unreadable: number;
  /** Whether the file ends within a line. */
  readonly endsWithin: boolean;
}

/**
 * @param text lines of JSON, each `["key","value"]` for a value that was set or `["key"]` for one that was deleted
 * @returns what is left after all of them; a line that cannot be read changes nothing
 */
export function readLog(text: string): LogContent {
  const values = new Map<string, string>();
  let unreadable = 0;
  for (const line of text.split('\n')) {
    if (line === '') continue;
    const [key, value] = readChange(line);
    if (key === undefined) unreadable += 1;
    else if (value === undefined) values.delete(key);
    else values.set(key, value);
  }
  return { values, unreadable, endsWithin: text !== '' && !text.endsWith('\n') };
}

function readChange(line: string): readonly [key?: string, value?: string] {
  try {
    const read = v.safeParse(change, JSON.parse(line));
    return read.success ? read.output : [];
  } catch {
    return []; // counted by the caller; the parser's message would quote the line
  }
}
