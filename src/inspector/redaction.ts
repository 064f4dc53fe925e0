import type { KeyRing } from '../events/key-ring.ts';
import { SecretFinder } from './secret-finder.ts';

const MASK = '***';
/** The spaces before the lines of deeper ones would be many times what came in. */
const DEEPEST_INDENTED = 64;

const [QUOTE, BACKSLASH, OPEN_LIST, CLOSE_LIST, OPEN_OBJECT, CLOSE_OBJECT] = Buffer.from('"\\[]{}');

/** Members of answers whose values are words of ours: what a secret says by chance must not change them. */
const OWN_WORDS: ReadonlySet<string> = new Set(['source', 'outcome', 'state', 'form', 'by', 'from', 'status']);

/** Of a reviver: what the number was written as. */
interface WithSource {
  readonly source?: string;
}

/** `JSON.rawJSON`, which the typings do not know yet. */
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

export type Redaction = ReturnType<typeof createRedaction>;

/**
 * The one way of everything that the page gets: without the API keys and without the secrets of the configuration, in all the forms
 * in which a key ring knows them.
 *
 * @param secrets gives the texts that must not be shown; asked when they are first looked for
 */
export function createRedaction(keys: Pick<KeyRing, 'mask'>, secrets: () => readonly string[]) {
  let finder: SecretFinder | null = null;

  function text(given: string): string {
    finder ??= new SecretFinder(secrets());
    return finder.mask(keys.mask(given), MASK);
  }

  function revive(name: string, value: unknown, { source }: WithSource): unknown {
    if (typeof value === 'string') return text(value);
    if (typeof value === 'number') {
      const written = source ?? String(value);
      // A key may consist of digits only.
      if (text(written) !== written) return text(written);
      return String(value) === written ? value : rawJSON(written);
    }
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
    return name === '' ? value : withNamesShown(value);
  }

  function withNamesShown(value: object): object {
    if (Object.keys(value).every((name) => text(name) === name)) return value;
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [text(name), member]));
  }

  return {
    text,
    /** @returns an answer as JSON */
    json(answer: unknown): string {
      const written = JSON.stringify(answer);
      // Mostly there is nothing to take out, and one look over all of it says so; unless something is written in another way in JSON.
      if (!written.includes('\\') && text(written) === written) return written;
      return JSON.stringify(answer, (name, value) =>
        typeof value === 'string' && !OWN_WORDS.has(name) ? text(value) : value,
      );
    },
    /**
     * @param raw an envelope as received
     * @returns the same as JSON, without its key, indented unless it is nested deep; numbers stay as they are written. null when it cannot be written
     */
    envelope(raw: Buffer, indent: number): string | null {
      try {
        const parse = JSON.parse as (text: string, reviver: typeof revive) => Record<string, unknown>;
        const { key: _, ...envelope } = parse(raw.toString(), revive);
        const isDeep = depthOf(raw) > DEEPEST_INDENTED;
        return JSON.stringify(withNamesShown(envelope), null, isDeep ? 0 : indent);
      } catch {
        // Nested deeper than JSON can be written.
        return null;
      }
    },
  };
}

/** @returns how many lists and objects stand in one another, of what is JSON */
function depthOf(raw: Buffer): number {
  let depth = 0;
  let deepest = 0;
  let isText = false;
  for (let at = 0; at < raw.length; at += 1) {
    const byte = raw[at];
    if (byte === BACKSLASH) at += 1;
    else if (byte === QUOTE) isText = !isText;
    else if (isText) continue;
    else if (byte === OPEN_LIST || byte === OPEN_OBJECT) deepest = Math.max(deepest, ++depth);
    else if (byte === CLOSE_LIST || byte === CLOSE_OBJECT) depth -= 1;
  }
  return deepest;
}
