import { base64Within, type KeyRing, quotedFormsOf } from '../events/api-keys.ts';

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

/** Shorter texts are no secrets, and stand in many others. */
const SHORTEST = 4;
const BITS = 16;

/**
 * Finds secrets in texts, in any case and in all the forms in which they may be written. One pass over a text, however many secrets there
 * are: an expression of all of them takes a tenth of a second to compile, and then milliseconds for each text.
 */
class SecretFinder {
  /** In lower case, by their first four characters. */
  readonly #forms = new Map<string, string[]>();
  /** Whether any form may begin with four characters of that mark. */
  readonly #marks = new Uint8Array(2 ** BITS);

  constructor(secrets: readonly string[]) {
    // What is half a character cannot be percent-encoded.
    const written = secrets.filter((secret) => secret.length >= SHORTEST).map((secret) => secret.toWellFormed());
    const forms = new Set(written.flatMap(formsOf).map(fold));
    // The longest first, so that nothing is left of one that begins as another.
    for (const form of [...forms].sort((a, b) => b.length - a.length)) {
      if (form.length < SHORTEST) continue;
      const start = form.slice(0, SHORTEST);
      let mark = 0;
      for (let at = 0; at < SHORTEST; at += 1) mark = marked(mark, form.charCodeAt(at));
      this.#marks[mark] = 1;
      this.#forms.set(start, [...(this.#forms.get(start) ?? []), form]);
    }
  }

  /** @param by what is shown in the place of each */
  mask(text: string, by: string): string {
    if (this.#forms.size === 0) return text;
    const folded = fold(text);
    let masked = '';
    let done = 0;
    let mark = 0;
    for (let end = 0; end < folded.length; end += 1) {
      mark = marked(mark, folded.charCodeAt(end));
      const at = end + 1 - SHORTEST;
      if (this.#marks[mark] === 0 || at < done) continue;
      const form = this.#forms.get(folded.slice(at, at + SHORTEST))?.find((each) => folded.startsWith(each, at));
      if (form === undefined) continue;
      masked += text.slice(done, at) + by;
      done = at + form.length;
    }
    return done === 0 ? text : masked + text.slice(done);
  }
}

/** As a key ring has them, and as base64 and base64url, alone or within something longer, in JSON and in addresses. */
function formsOf(secret: string): string[] {
  const base64 = [0, 1, 2].map((before) => base64Within(secret, before));
  const inUrls = base64.map((text) => text.replaceAll('+', '-').replaceAll('/', '_'));
  const quoted = base64.flatMap((text) => [encodeURIComponent(text), text.replaceAll('/', '\\/')]);
  return [...quotedFormsOf(secret), ...base64, ...inUrls, ...quoted];
}

/** @returns the text in lower case, each character in its place */
function fold(text: string): string {
  const folded = text.toLowerCase();
  return folded.length === text.length ? folded : text.replace(/[A-Z]+/g, (letters) => letters.toLowerCase());
}

/** @returns the mark of the last four characters: of the ones before, nothing is left in its bits */
function marked(mark: number, code: number): number {
  return ((mark << (BITS / SHORTEST)) ^ code) & (2 ** BITS - 1);
}
