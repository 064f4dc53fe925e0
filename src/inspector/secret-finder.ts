import { base64Within, quotedFormsOf } from '../events/key-ring.ts';

/** Shorter texts are no secrets, and stand in many others. */
const SHORTEST = 4;
const BITS = 16;

/**
 * Finds secrets in texts, in any case and in all the forms in which they may be written. One pass over a text, however many secrets there
 * are: an expression of all of them takes a tenth of a second to compile, and then milliseconds for each text.
 */
export class SecretFinder {
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
