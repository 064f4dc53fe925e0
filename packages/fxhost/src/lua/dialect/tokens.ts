/** A token of CfxLua source text. */
export interface Token {
  readonly kind: 'name' | 'keyword' | 'number' | 'string' | 'hash' | 'symbol' | 'unreadable' | 'end';
  readonly text: string;
  /**
   * White space and comments in front of the token. A C-style comment, which Lua lacks, is reduced to its line breaks.
   */
  readonly space: string;
}

const KEYWORDS: ReadonlySet<string> = new Set(
  (
    'and break do else elseif end false for function goto if in ' +
    'local nil not or repeat return then true until while'
  ).split(' '),
);

/** Longest first, so that `..=` is not read as `..` and `=`. */
const SYMBOLS: readonly string[] = (
  '... ..= <<= >>= //= .. == ~= <= >= << >> // :: += -= *= /= %= &= |= ^= ' +
  '+ - * / % ^ # & ~ | < > = ( ) { } [ ] ; : , . ?'
).split(' ');
const SYMBOLS_BY_FIRST = Map.groupBy(SYMBOLS, (symbol) => symbol[0] ?? '');

/**
 * Reads source text as tokens. Joined again, with their spaces, they are the text without its C-style comments.
 *
 * @param source one character for each byte (latin1), as Lua reads it
 * @returns the tokens, with an `end` token last. Text that Lua cannot read either becomes one `unreadable` token, up to
 *   the end of the text
 */
export function tokenize(source: string): readonly Token[] {
  const tokens: Token[] = [];
  const scanner = new Scanner(source);
  for (;;) {
    const token = scanner.next();
    tokens.push(token);
    if (token.kind === 'end') return tokens;
  }
}

class Scanner {
  readonly #source: string;
  #at = 0;

  constructor(source: string) {
    this.#source = source;
  }

  next(): Token {
    const space = this.#skipSpace();
    const start = this.#at;
    if (start === this.#source.length) return { kind: 'end', text: '', space };
    const kind = this.#skipToken();
    if (kind === 'unreadable') this.#at = this.#source.length;
    const text = this.#source.slice(start, this.#at);
    return { kind: kind === 'name' && KEYWORDS.has(text) ? 'keyword' : kind, text, space };
  }

  #peek(distance = 0): string {
    return this.#source[this.#at + distance] ?? '';
  }

  #skipSpace(): string {
    let space = '';
    for (;;) {
      const start = this.#at;
      while (isSpace(this.#peek())) this.#at++;
      const comment = this.#source.startsWith('--', this.#at) && this.#skipLuaComment();
      space += this.#source.slice(start, this.#at);
      if (comment) continue;
      if (!this.#source.startsWith('/*', this.#at)) return space;
      const end = this.#source.indexOf('*/', this.#at + 2);
      if (end === -1) return space;
      // A space keeps the tokens on both sides apart, and the line breaks keep the numbers of the lines.
      space += ` ${lineBreaks(this.#source.slice(this.#at, end))}`;
      this.#at = end + 2;
    }
  }

  /** @returns false, having skipped nothing, when a long comment has no end */
  #skipLuaComment(): boolean {
    const start = this.#at;
    this.#at += 2;
    const level = this.#longBracket();
    if (level !== null) {
      if (this.#skipLong(level)) return true;
      this.#at = start;
      return false;
    }
    while (this.#at < this.#source.length && !isLineBreak(this.#peek())) this.#at++;
    return true;
  }

  #skipToken(): Token['kind'] {
    const first = this.#peek();
    if (isNameStart(first)) {
      while (isNameStart(this.#peek()) || isDigit(this.#peek())) this.#at++;
      return 'name';
    }
    if (isDigit(first) || (first === '.' && isDigit(this.#peek(1)))) return this.#skipNumber();
    if (first === '"' || first === "'") return this.#skipQuoted(first) ? 'string' : 'unreadable';
    if (first === '`') return this.#skipQuoted(first) ? 'hash' : 'unreadable';
    if (first === '[') {
      const level = this.#longBracket();
      if (level !== null) return this.#skipLong(level) ? 'string' : 'unreadable';
    }
    // `#skipSpace` leaves comments that have no end.
    if (this.#source.startsWith('--', this.#at) || this.#source.startsWith('/*', this.#at)) return 'unreadable';
    const symbol = SYMBOLS_BY_FIRST.get(first)?.find((each) => this.#source.startsWith(each, this.#at));
    if (symbol === undefined) return 'unreadable';
    this.#at += symbol.length;
    return 'symbol';
  }

  /**
   * Takes every character that could belong to a number, as Lua does before it looks whether the number is malformed.
   */
  #skipNumber(): 'number' {
    const hexadecimal = this.#peek() === '0' && 'xX'.includes(this.#peek(1));
    const exponent = hexadecimal ? 'pP' : 'eE';
    if (hexadecimal) this.#at += 2;
    for (;;) {
      const character = this.#peek();
      if (character !== '' && exponent.includes(character)) {
        this.#at++;
        if (this.#peek() === '+' || this.#peek() === '-') this.#at++;
      } else if (isDigit(character) || isNameStart(character) || character === '.') this.#at++;
      else return 'number';
    }
  }

  /** A text in quotes or backticks. @returns false when it has no end on its line */
  #skipQuoted(quote: string): boolean {
    this.#at++;
    while (this.#peek() !== quote) {
      if (this.#at >= this.#source.length || isLineBreak(this.#peek())) return false;
      if (this.#peek() !== '\\') this.#at++;
      else if (this.#peek(1) === 'z') {
        this.#at += 2;
        while (isSpace(this.#peek())) this.#at++;
      } else this.#at += this.#peek(1) === '\r' && this.#peek(2) === '\n' ? 3 : 2;
    }
    this.#at++;
    return true;
  }

  /** Skips `[[`, `[=[` and so on. @returns the number of equals signs, null when no long bracket begins here */
  #longBracket(): number | null {
    if (this.#peek() !== '[') return null;
    let level = 0;
    while (this.#peek(1 + level) === '=') level++;
    if (this.#peek(1 + level) !== '[') return null;
    this.#at += 2 + level;
    return level;
  }

  /** Skips to behind the end of a long text or comment. @returns whether it has one */
  #skipLong(level: number): boolean {
    const closing = `]${'='.repeat(level)}]`;
    const end = this.#source.indexOf(closing, this.#at);
    if (end === -1) return false;
    this.#at = end + closing.length;
    return true;
  }
}

function isSpace(character: string): boolean {
  return character !== '' && ' \t\v\f\r\n'.includes(character);
}

function isLineBreak(character: string): boolean {
  return character === '\n' || character === '\r';
}

function isDigit(character: string): boolean {
  return character >= '0' && character <= '9';
}

function isNameStart(character: string): boolean {
  return (character >= 'a' && character <= 'z') || (character >= 'A' && character <= 'Z') || character === '_';
}

function lineBreaks(text: string): string {
  return Array.from(text).filter(isLineBreak).join('');
}
