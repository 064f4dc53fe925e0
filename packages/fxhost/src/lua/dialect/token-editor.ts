import type { Token } from './tokens.ts';

/** Thrown where a text is no CfxLua. */
export const SYNTAX_ERROR = new Error('not CfxLua');

/** Goes through the tokens of a source text, and notes what each of them becomes. A place is the number of a token. */
export class TokenEditor {
  /** The place of the current token. */
  at = 0;
  readonly #tokens: readonly Token[];
  readonly #edited: string[];

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
    this.#edited = tokens.map(({ text }) => text);
  }

  /** The text with its edits. */
  text(): string {
    return this.#tokens.map(({ space }, place) => space + this.#edited[place]).join('');
  }

  get current(): Token {
    return this.tokenAt(this.at);
  }

  /** The token at a place as it was written; behind the last one, the end of the text. */
  tokenAt(place: number): Token {
    return this.#tokens[Math.min(place, this.#tokens.length - 1)] as Token;
  }

  textAt(place: number): string {
    return this.tokenAt(place).text;
  }

  editedAt(place: number): string {
    return this.#edited[place] ?? '';
  }

  /** Whether the current token is this symbol or keyword. */
  is(text: string): boolean {
    return isToken(this.current, text);
  }

  isOneOf(texts: ReadonlySet<string>): boolean {
    return texts.has(this.current.text) && this.is(this.current.text);
  }

  /** Goes on to the next token. @returns the place of the one that was current */
  take(): number {
    return this.at++;
  }

  takeIf(text: string): boolean {
    if (!this.is(text)) return false;
    this.at++;
    return true;
  }

  /** @throws {@link SYNTAX_ERROR} when another token is the current one */
  expect(text: string): number {
    if (!this.is(text)) throw SYNTAX_ERROR;
    return this.at++;
  }

  /** Takes a name. @throws {@link SYNTAX_ERROR} when the current token is none */
  name(): number {
    if (this.current.kind !== 'name') throw SYNTAX_ERROR;
    return this.at++;
  }

  replace(place: number, text: string): void {
    this.#edited[place] = text;
  }

  prepend(place: number, text: string): void {
    this.#edited[place] = text + this.editedAt(place);
  }

  /** Adds text behind the token that was taken last. */
  appendToLast(text: string): void {
    this.#edited[this.at - 1] += text;
  }

  /** Removes tokens. The spaces in front of them stay, and so the line breaks. */
  erase(start: number, end: number): void {
    this.#edited.fill('', start, end);
  }
}

/** Whether a token is this symbol or keyword. */
export function isToken({ kind, text }: Token, expected: string): boolean {
  return text === expected && (kind === 'symbol' || kind === 'keyword');
}
