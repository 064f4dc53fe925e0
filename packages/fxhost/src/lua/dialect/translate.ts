import { hashKey } from '../../natives/resource-natives.ts';
import { isToken, SYNTAX_ERROR, TokenEditor } from './token-editor.ts';
import { tokenize } from './tokens.ts';

/**
 * Translates CfxLua, the dialect of FXServer, into Lua 5.4. Every token stays on its line, so errors and traces name
 * the author's lines.
 *
 * | CfxLua | Lua 5.4 |
 * |---|---|
 * | `` `adder` `` | `(-1216765807)` |
 * | `n += 1` | `n = n + (1)` |
 * | `f().n += 1` | `do local __cfx_table = f() __cfx_table.n = __cfx_table.n + (1) end` |
 * | `t?.x`, `f()?.x` | `(t and t.x)`, `(f() or {}).x` |
 * | `local a, b in t` | `local __cfx_source = t local a, b = __cfx_source.a, __cfx_source.b` |
 * | `{ .a, .b }` | `{ a = true, b = true }` |
 *
 * Text that is no CfxLua is translated up to the error, which Lua then finds and reports.
 *
 * @param source one character for each byte (latin1), as Lua reads it
 */
export function translate(source: string): string {
  const tokens = new TokenEditor(tokenize(source));
  try {
    new Translator(tokens).chunk();
  } catch (error) {
    if (error !== SYNTAX_ERROR) throw error;
  }
  return tokens.text();
}

/** Lua's own limit of nested blocks, functions and expressions. */
const MAX_DEPTH = 200;

/** `^=` is the exclusive or, not the power. */
const COMPOUND_OPERATORS: ReadonlyMap<string, string> = new Map([
  ...['+', '-', '*', '/', '//', '%', '..', '<<', '>>', '&', '|'].map((operator) => [`${operator}=`, operator] as const),
  ['^=', '~'],
]);
const BINARY_OPERATORS: ReadonlySet<string> = new Set(
  '+ - * / // % ^ .. == ~= <= >= < > & | ~ << >> and or'.split(' '),
);
const UNARY_OPERATORS: ReadonlySet<string> = new Set(['-', 'not', '#', '~']);
const BLOCK_ENDS: ReadonlySet<string> = new Set(['end', 'else', 'elseif', 'until', '']);
const CONSTANTS: ReadonlySet<string> = new Set(['nil', 'true', 'false', '...']);

/** An expression with suffixes, such as `a.b[1](2)`, by the places of its tokens. */
interface Suffixed {
  readonly start: number;
  /** Where its last suffix begins: `.name`, `[key]` or the arguments. The same as `start` when it has no suffix. */
  readonly last: number;
  readonly kind: 'name' | 'field' | 'index' | 'call' | 'value';
}

/** Parses CfxLua by recursive descent, and edits the tokens that Lua 5.4 does not know. */
class Translator {
  readonly #tokens: TokenEditor;
  #depth = 0;

  constructor(tokens: TokenEditor) {
    this.#tokens = tokens;
  }

  chunk(): void {
    this.#block();
    if (this.#tokens.current.kind !== 'end') throw SYNTAX_ERROR;
  }

  #nested(read: () => void): void {
    if (++this.#depth > MAX_DEPTH) throw SYNTAX_ERROR;
    read();
    this.#depth--;
  }

  #block(): void {
    this.#nested(() => {
      while (!BLOCK_ENDS.has(this.#tokens.current.text)) this.#statement();
    });
  }

  #statement(): void {
    const { kind, text } = this.#tokens.current;
    if (kind !== 'keyword') {
      if (this.#tokens.takeIf(';')) return;
      if (this.#tokens.takeIf('::')) {
        this.#tokens.name();
        this.#tokens.expect('::');
        return;
      }
      this.#callOrAssignment();
      return;
    }
    const place = this.#tokens.take();
    if (text === 'if') this.#ifClauses();
    else if (text === 'while') {
      this.#expression();
      this.#doBlock();
    } else if (text === 'do') this.#blockUpTo('end');
    else if (text === 'for') this.#for();
    else if (text === 'repeat') {
      this.#blockUpTo('until');
      this.#expression();
    } else if (text === 'function') {
      this.#tokens.name();
      while (this.#tokens.takeIf('.') || this.#tokens.takeIf(':')) this.#tokens.name();
      this.#functionBody();
    } else if (text === 'local') {
      if (this.#tokens.takeIf('function')) {
        this.#tokens.name();
        this.#functionBody();
      } else this.#local(place);
    } else if (text === 'return') {
      if (!this.#tokens.is(';') && !BLOCK_ENDS.has(this.#tokens.current.text)) this.#expressions();
    } else if (text === 'goto') this.#tokens.name();
    else if (text !== 'break') throw SYNTAX_ERROR;
  }

  #blockUpTo(closing: string): void {
    this.#block();
    this.#tokens.expect(closing);
  }

  #doBlock(): void {
    this.#tokens.expect('do');
    this.#blockUpTo('end');
  }

  #ifClauses(): void {
    do {
      this.#expression();
      this.#tokens.expect('then');
      this.#block();
    } while (this.#tokens.takeIf('elseif'));
    if (this.#tokens.takeIf('else')) this.#block();
    this.#tokens.expect('end');
  }

  #for(): void {
    this.#tokens.name();
    while (this.#tokens.takeIf(',')) this.#tokens.name();
    if (!this.#tokens.takeIf('=')) this.#tokens.expect('in');
    this.#expressions();
    this.#doBlock();
  }

  /** What follows `local`, which stands at a place: `a, b <const> = 1, 2` or `a, b in t`. */
  #local(place: number): void {
    const names: string[] = [];
    const declared: string[] = [];
    do {
      const name = this.#tokens.textAt(this.#tokens.name());
      let attribute = '';
      if (this.#tokens.takeIf('<')) {
        attribute = ` <${this.#tokens.textAt(this.#tokens.name())}>`;
        this.#tokens.expect('>');
      }
      names.push(name);
      declared.push(name + attribute);
    } while (this.#tokens.takeIf(','));
    if (this.#tokens.takeIf('=')) this.#expressions();
    else if (this.#tokens.takeIf('in')) {
      this.#tokens.erase(place, this.#tokens.at);
      this.#tokens.replace(place, 'local __cfx_source =');
      this.#suffixed();
      this.#tokens.appendToLast(` local ${declared.join(', ')} = ${fieldsOfSource(names)}`);
    }
  }

  #callOrAssignment(): void {
    const target = this.#suffixed();
    const added = this.#tokens.editedAt(target.start).startsWith('(') && this.#tokens.textAt(target.start) !== '(';
    if (COMPOUND_OPERATORS.has(this.#tokens.current.text)) this.#compoundAssignment(target);
    else if (this.#tokens.is('=') || this.#tokens.is(',') || this.#tokens.is('in')) this.#assignment(target);
    else if (target.kind !== 'call') throw SYNTAX_ERROR;
    // Lua would read a parenthesis at the start of a line as the arguments of a call on the line before.
    if (added) this.#tokens.prepend(target.start, ';');
  }

  #assignment(first: Suffixed): void {
    const targets = [first];
    while (this.#tokens.takeIf(',')) targets.push(this.#suffixed());
    if (targets.some(({ kind }) => !isVariable(kind))) throw SYNTAX_ERROR;
    if (this.#tokens.takeIf('=')) this.#expressions();
    else this.#unpackInto(targets);
  }

  /** `a, b.c in t`. The variables are names and their fields, which can be written once more behind `t`. */
  #unpackInto(targets: readonly Suffixed[]): void {
    const start = targets[0]?.start ?? 0;
    const end = this.#tokens.expect('in');
    const written = Array.from({ length: end - start }, (_, index) => this.#tokens.tokenAt(start + index));
    if (written.some((token) => token.kind !== 'name' && !isToken(token, '.') && !isToken(token, ','))) {
      throw SYNTAX_ERROR;
    }
    const variables = written.map(({ text }) => text).join('');
    const names = targets.map(({ kind, last }) => this.#tokens.textAt(kind === 'name' ? last : last + 1));
    this.#tokens.erase(start, end + 1);
    this.#tokens.replace(start, 'do local __cfx_source =');
    this.#suffixed();
    this.#tokens.appendToLast(` ${variables} = ${fieldsOfSource(names)} end`);
  }

  /** `variable += expression`. Names are repeated; everything else is kept in locals, to evaluate it once. */
  #compoundAssignment({ start, last, kind }: Suffixed): void {
    if (!isVariable(kind)) throw SYNTAX_ERROR;
    const place = this.#tokens.take();
    const operator = COMPOUND_OPERATORS.get(this.#tokens.textAt(place)) ?? '';
    const ofName = last === start + 1;
    const simpleKey =
      kind === 'index' &&
      place === last + 3 &&
      ['name', 'number', 'string'].includes(this.#tokens.tokenAt(last + 1).kind);

    const locals: string[] = [];
    let variable = this.#tokens.textAt(start);
    if (kind !== 'name') {
      if (!ofName) {
        locals.push('__cfx_table');
        variable = '__cfx_table';
      }
      if (kind === 'field') variable += `.${this.#tokens.textAt(last + 1)}`;
      else if (ofName && simpleKey) variable += `[${this.#tokens.textAt(last + 1)}]`;
      else {
        locals.push('__cfx_key');
        variable += '[__cfx_key]';
      }
    }

    if (locals.length === 0) this.#tokens.replace(place, `= ${variable} ${operator} (`);
    else {
      if (kind === 'field') this.#tokens.erase(last, place);
      else {
        this.#tokens.replace(last, ofName ? '' : ',');
        this.#tokens.replace(place - 1, '');
        if (ofName) this.#tokens.replace(start, '');
      }
      this.#tokens.prepend(start, `do local ${locals.join(', ')} = `);
      this.#tokens.replace(place, ` ${variable} = ${variable} ${operator} (`);
    }
    this.#expression();
    this.#tokens.appendToLast(locals.length === 0 ? ')' : ') end');
  }

  #expressions(): void {
    do this.#expression();
    while (this.#tokens.takeIf(','));
  }

  #expression(): void {
    this.#nested(() => {
      for (;;) {
        while (this.#tokens.isOneOf(UNARY_OPERATORS)) this.#tokens.take();
        this.#operand();
        if (!this.#tokens.isOneOf(BINARY_OPERATORS)) return;
        this.#tokens.take();
      }
    });
  }

  #operand(): void {
    const { kind } = this.#tokens.current;
    if (kind === 'number' || kind === 'string' || this.#tokens.isOneOf(CONSTANTS)) this.#tokens.take();
    else if (kind === 'hash') this.#hash();
    else if (this.#tokens.is('{')) this.#table();
    else if (this.#tokens.takeIf('function')) this.#functionBody();
    else this.#suffixed();
  }

  /** A hash in backticks. Escapes in it are not supported; Lua then reports a syntax error. */
  #hash(): void {
    const place = this.#tokens.take();
    const text = this.#tokens.textAt(place).slice(1, -1);
    if (text.includes('\\')) throw SYNTAX_ERROR;
    this.#tokens.replace(place, `(${hashKey(Buffer.from(text, 'latin1'))})`);
  }

  #suffixed(): Suffixed {
    const start = this.#tokens.at;
    let last = start;
    let kind: Suffixed['kind'] = 'name';
    if (this.#tokens.takeIf('(')) {
      kind = 'value';
      this.#expression();
      this.#tokens.expect(')');
    } else this.#tokens.name();
    for (;;) {
      const place = this.#tokens.at;
      if (this.#tokens.is('.') || this.#tokens.is('[')) kind = this.#index();
      else if (this.#tokens.is('?')) {
        this.#safeIndex(start);
        kind = 'value';
      } else if (this.#tokens.takeIf(':')) {
        this.#tokens.name();
        if (!this.#arguments()) throw SYNTAX_ERROR;
        kind = 'call';
      } else if (this.#arguments()) kind = 'call';
      else return { start, last, kind };
      last = place;
    }
  }

  #index(): 'field' | 'index' {
    if (this.#tokens.takeIf('.')) {
      this.#tokens.name();
      return 'field';
    }
    this.#tokens.expect('[');
    this.#expression();
    this.#tokens.expect(']');
    return 'index';
  }

  /** `?.name` or `?[key]` behind something that begins at a place. */
  #safeIndex(start: number): void {
    const place = this.#tokens.take();
    if (!this.#tokens.is('.') && !this.#tokens.is('[')) throw SYNTAX_ERROR;
    this.#tokens.prepend(start, '(');
    // A name can be repeated, so that the key is evaluated only when there is something to look in.
    const ofName = place === start + 1;
    this.#tokens.replace(place, ofName ? ` and ${this.#tokens.textAt(start)}` : ' or {})');
    this.#index();
    if (ofName) this.#tokens.appendToLast(')');
  }

  /** @returns false when there are none */
  #arguments(): boolean {
    const { kind } = this.#tokens.current;
    if (kind === 'string') this.#tokens.take();
    else if (kind === 'hash') this.#hash();
    else if (this.#tokens.is('{')) this.#table();
    else if (this.#tokens.takeIf('(')) {
      if (!this.#tokens.is(')')) this.#expressions();
      this.#tokens.expect(')');
    } else return false;
    return true;
  }

  #table(): void {
    this.#tokens.expect('{');
    while (!this.#tokens.is('}')) {
      this.#field();
      if (!this.#tokens.takeIf(',') && !this.#tokens.takeIf(';')) break;
    }
    this.#tokens.expect('}');
  }

  /** One field of a table. `.name` and `[key]` may stand without a value, which then is `true`. */
  #field(): void {
    const place = this.#tokens.at;
    const isSet = this.#tokens.is('.');
    if (isSet || this.#tokens.is('[')) {
      this.#index();
      if (isSet) this.#tokens.replace(place, '');
      if (!this.#tokens.is('=')) {
        this.#tokens.appendToLast(' = true');
        return;
      }
    } else if (this.#tokens.current.kind === 'name' && isToken(this.#tokens.tokenAt(place + 1), '='))
      this.#tokens.take();
    this.#tokens.takeIf('=');
    this.#expression();
  }

  #functionBody(): void {
    this.#tokens.expect('(');
    while (!this.#tokens.is(')')) {
      if (!this.#tokens.takeIf('...')) this.#tokens.name();
      if (!this.#tokens.takeIf(',')) break;
    }
    this.#tokens.expect(')');
    this.#blockUpTo('end');
  }
}

function isVariable(kind: Suffixed['kind']): boolean {
  return kind === 'name' || kind === 'field' || kind === 'index';
}

function fieldsOfSource(names: readonly string[]): string {
  return names.map((name) => `__cfx_source.${name}`).join(', ');
}
