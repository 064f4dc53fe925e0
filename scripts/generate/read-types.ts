/** A type, as far as types.d.ts writes any. */
export type TypeNode =
  | { readonly kind: 'name'; readonly name: string; readonly of: readonly TypeNode[] }
  /** A text in quotes, a number, or a text with gaps, as it is written. */
  | { readonly kind: 'literal'; readonly text: string }
  | { readonly kind: 'union' | 'intersection'; readonly parts: readonly TypeNode[] }
  | { readonly kind: 'list'; readonly item: TypeNode }
  | { readonly kind: 'tuple'; readonly items: readonly Parameter[] }
  | { readonly kind: 'object'; readonly members: readonly Member[] }
  /** An object with a member for each of several names. */
  | { readonly kind: 'mapped'; readonly variable: string; readonly names: TypeNode; readonly value: TypeNode }
  | { readonly kind: 'function'; readonly parameters: readonly Parameter[]; readonly returns: TypeNode }
  | { readonly kind: 'member of'; readonly object: TypeNode; readonly name: TypeNode }
  | { readonly kind: 'names of'; readonly object: TypeNode };

export interface Parameter {
  readonly name: string;
  readonly isOptional: boolean;
  /** Whether it stands for all arguments from its place on. */
  readonly isRest: boolean;
  readonly type: TypeNode;
}

export interface Member {
  readonly name: string;
  readonly isOptional: boolean;
  /** What its comment says, null without one. */
  readonly says: string | null;
  readonly type: TypeNode;
}

/** A type that has a name. */
export interface Declaration {
  readonly name: string;
  readonly says: string | null;
  /** The names in its angle brackets. */
  readonly generics: readonly string[];
  readonly type: TypeNode;
}

const TOKEN =
  /\s+|\/\/[^\n]*|\/\*\*(?<comment>[\s\S]*?)\*\/|(?<token>'[^'\n]*'|`[^`\n]*`|\d+|\w+|=>|\.\.\.|[{}()[\]<>:;,?|&=])/uy;

interface Token {
  readonly text: string;
  readonly at: number;
  /** The comment before it. */
  readonly says: string | null;
}

/**
 * Reads the declarations of types.d.ts: TypeScript 7 offers no reader of its own to programs. It knows what that file uses.
 *
 * @throws Error that names the place of whatever it does not know
 */
export function readTypes(text: string): ReadonlyMap<string, Declaration> {
  const reader = new Reader(text);
  const found = new Map<string, Declaration>();
  while (!reader.isAtEnd()) {
    const declaration = reader.declaration();
    found.set(declaration.name, declaration);
  }
  return found;
}

class Reader {
  readonly #text: string;
  readonly #tokens: readonly Token[];
  #next = 0;

  constructor(text: string) {
    this.#text = text;
    this.#tokens = tokensOf(text);
  }

  isAtEnd(): boolean {
    return this.#next >= this.#tokens.length;
  }

  declaration(): Declaration {
    const { says } = this.#peek();
    this.#skip('export');
    const isInterface = this.#skip('interface');
    if (!isInterface) this.#take('type');
    const name = this.#word();
    const generics = this.#generics();
    const bases = isInterface && this.#skip('extends') ? [this.#postfix()] : [];
    if (!isInterface) this.#take('=');
    const own = this.#type();
    const type: TypeNode = bases.length === 0 ? own : { kind: 'intersection', parts: [...bases, own] };
    if (!isInterface) this.#take(';');
    return { name, says, generics, type };
  }

  #generics(): string[] {
    const names: string[] = [];
    if (!this.#skip('<')) return names;
    do {
      names.push(this.#word());
      if (this.#skip('extends')) this.#type();
      if (this.#skip('=')) this.#type();
    } while (this.#skip(','));
    this.#take('>');
    return names;
  }

  #type(): TypeNode {
    return this.#joined('union', '|', () => this.#joined('intersection', '&', () => this.#postfix()));
  }

  #joined(kind: 'union' | 'intersection', sign: string, read: () => TypeNode): TypeNode {
    this.#skip(sign);
    const parts = [read()];
    while (this.#skip(sign)) parts.push(read());
    const [first] = parts;
    return parts.length === 1 && first !== undefined ? first : { kind, parts };
  }

  #postfix(): TypeNode {
    // Lua has nothing of the kind.
    if (this.#skip('readonly')) return this.#postfix();
    if (this.#skip('keyof')) return { kind: 'names of', object: this.#postfix() };
    let type = this.#primary();
    while (this.#skip('[')) {
      if (this.#skip(']')) type = { kind: 'list', item: type };
      else {
        type = { kind: 'member of', object: type, name: this.#type() };
        this.#take(']');
      }
    }
    return type;
  }

  #primary(): TypeNode {
    const { text } = this.#peek();
    if (text === '(') return this.#isFunction() ? this.#function() : this.#inBrackets();
    if (text === '{') return this.#object();
    if (text === '[') return { kind: 'tuple', items: this.#parameters('[', ']') };
    if (/^['`\d]/.test(text)) {
      this.#next += 1;
      return { kind: 'literal', text };
    }
    const name = this.#word();
    const of: TypeNode[] = [];
    if (!this.#skip('<')) return { kind: 'name', name, of };
    do of.push(this.#type());
    while (this.#skip(','));
    this.#take('>');
    return { kind: 'name', name, of };
  }

  #inBrackets(): TypeNode {
    this.#take('(');
    const type = this.#type();
    this.#take(')');
    return type;
  }

  /** Whether the bracket here holds parameters. */
  #isFunction(): boolean {
    const [second, third] = [this.#peek(1).text, this.#peek(2).text];
    return second === ')' || second === '...' || third === ':' || third === '?';
  }

  #function(): TypeNode {
    const parameters = this.#parameters('(', ')');
    this.#take('=>');
    return { kind: 'function', parameters, returns: this.#type() };
  }

  #parameters(open: string, close: string): Parameter[] {
    const parameters: Parameter[] = [];
    this.#take(open);
    while (!this.#skip(close)) {
      const isRest = this.#skip('...');
      const name = this.#word();
      const isOptional = this.#skip('?');
      this.#take(':');
      parameters.push({ name, isOptional, isRest, type: this.#type() });
      if (this.#peek().text !== close) this.#take(',');
    }
    return parameters;
  }

  #object(): TypeNode {
    this.#take('{');
    if (this.#peek().text === '[' || this.#peek(1).text === '[') return this.#mapped();
    const members: Member[] = [];
    while (!this.#skip('}')) {
      const { says } = this.#peek();
      this.#skip('readonly');
      const name = this.#word();
      const isOptional = this.#skip('?');
      members.push({ name, isOptional, says, type: this.#memberType() });
      if (this.#peek().text !== '}') this.#take(';');
    }
    return { kind: 'object', members };
  }

  #memberType(): TypeNode {
    if (this.#skip(':')) return this.#type();
    this.#generics();
    const parameters = this.#parameters('(', ')');
    this.#take(':');
    return { kind: 'function', parameters, returns: this.#type() };
  }

  #mapped(): TypeNode {
    this.#skip('readonly');
    this.#take('[');
    const variable = this.#word();
    this.#take('in');
    const names = this.#type();
    this.#take(']');
    this.#take(':');
    const value = this.#type();
    this.#skip(';');
    this.#take('}');
    return { kind: 'mapped', variable, names, value };
  }

  #peek(ahead = 0): Token {
    return this.#tokens[this.#next + ahead] ?? { text: '', at: this.#text.length, says: null };
  }

  #skip(text: string): boolean {
    const isNext = this.#peek().text === text;
    if (isNext) this.#next += 1;
    return isNext;
  }

  #take(text: string): void {
    if (!this.#skip(text)) this.#fail(`${text} is expected`);
  }

  #word(): string {
    const { text } = this.#peek();
    if (!/^[A-Za-z_]\w*$/.test(text)) this.#fail('a name is expected');
    this.#next += 1;
    return text;
  }

  #fail(expected: string): never {
    const { at, text } = this.#peek();
    throw unknownAt(this.#text, at, `${expected}, not ${text === '' ? 'the end' : text}`);
  }
}

function tokensOf(text: string): Token[] {
  const tokens: Token[] = [];
  let says: string | null = null;
  let at = 0;
  while (at < text.length) {
    TOKEN.lastIndex = at;
    const found = TOKEN.exec(text);
    const { comment, token } = found?.groups ?? {};
    const all = found?.[0] ?? '';
    if (all === '') throw unknownAt(text, at, 'this is nothing that the reader knows');
    if (comment !== undefined) says = comment.replaceAll(/\n\s*\* ?/g, '\n').trim();
    if (token !== undefined) {
      tokens.push({ text: token, at, says });
      says = null;
    }
    at += all.length;
  }
  return tokens;
}

function unknownAt(text: string, at: number, message: string): Error {
  return new Error(`types.d.ts, line ${text.slice(0, at).split('\n').length}: ${message}.`);
}
