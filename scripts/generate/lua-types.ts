import { type Declaration, type Member, type Parameter, readTypes, type TypeNode } from './read-types.ts';

/** In front of every name: an editor has one list of names for all resources. */
const PREFIX = 'SonoranCad.';

const WORDS: ReadonlyMap<string, string> = new Map([
  ['string', 'string'],
  ['number', 'number'],
  ['boolean', 'boolean'],
  ['true', 'true'],
  ['false', 'false'],
  ['unknown', 'any'],
  ['object', 'table'],
  ['void', 'nil'],
  ['null', 'nil'],
  ['never', 'nil'],
  ['undefined', 'nil'],
  // A type that is not in the catalogue.
  ['OtherPushEventType', 'string'],
]);

/** Not classes of their own: they are made of several, written out where they are used, or the exports themselves. */
const ELSEWHERE: ReadonlySet<string> = new Set([
  'KnownPushEvent',
  'KnownPushEvents',
  'OfficialOnlyExports',
  'OtherPushEventType',
  'PushEvent',
  'PushEventData',
  'PushEventDataByType',
  'PushEventType',
  'SonoranCadClientExports',
  'SonoranCadExports',
]);

const RESERVED =
  /^(?:and|break|do|else|elseif|end|false|for|function|goto|if|in|local|nil|not|or|repeat|return|then|true|until|while)$/;

const HEAD = `---@meta

-- For your editor only: never load it in a resource. Add the folder of sonorancad to Lua.workspace.library of the Lua language server.
-- Written by "npm run generate" from types.d.ts, for TypeScript. Data can hold more fields than are named here.`;

/**
 * What types.d.ts says, in the annotations of the Lua language server.
 *
 * @throws Error when types.d.ts holds what the reader, or Lua, does not know
 */
export function luaTypes(typesText: string): string {
  const printer = new LuaPrinter(readTypes(typesText));
  return `${[HEAD, ...printer.classes(), ...printer.events(), ...printer.exports()].join('\n\n')}\n`;
}

/** One way to call an export. */
interface Signature {
  readonly says: string;
  readonly parameters: readonly Parameter[];
  readonly returns: TypeNode;
}

class LuaPrinter {
  readonly #types: ReadonlyMap<string, Declaration>;

  constructor(types: ReadonlyMap<string, Declaration>) {
    this.#types = types;
  }

  classes(): string[] {
    // Lists of a callback's arguments stand where the callback does.
    const isArguments = ({ type }: Declaration) => partsOf(type).every(({ kind }) => kind === 'tuple');
    const own = [...this.#types.values()].filter((each) => !ELSEWHERE.has(each.name) && !isArguments(each));
    return own.map((each) => this.#class(each));
  }

  /** One class for each type of event, and the names for all of them. */
  events(): string[] {
    const byType = membersIn(this.#declared('PushEventDataByType').type);
    const classes = byType.map(({ name, says, type }) => {
      const fields = [`---@field type '${name}'`, `---@field data ${this.#type(type)}`, '---@field valid true'];
      return [comment(says), `---@class ${PREFIX}${name} : ${PREFIX}ReceivedPushEvent`, ...fields].flat().join('\n');
    });
    const types = byType.map(({ name }) => `---| '${name}'`);
    const events = byType.map(({ name }) => `---| ${PREFIX}${name}`);
    return [
      ...classes,
      [...this.#said('PushEventType'), `---@alias ${PREFIX}PushEventType`, ...types].join('\n'),
      [
        ...this.#said('PushEvent'),
        `---@alias ${PREFIX}PushEvent`,
        ...events,
        `---| ${PREFIX}UnreadablePushEvent`,
        `---| ${PREFIX}OtherPushEvent`,
      ].join('\n'),
    ];
  }

  exports(): string[] {
    const { says, type } = this.#declared('OfficialOnlyExports');
    if (type.kind !== 'mapped' || type.value.kind !== 'function') throw new Error('OfficialOnlyExports is no list.');
    const { parameters, returns } = type.value;
    const official = partsOf(type.names).map((name) =>
      this.#method('Exports', textOf(name), [{ says: `${says}\n@deprecated`, parameters, returns }]),
    );
    return [
      `---@class ${PREFIX}Exports\nlocal Exports = {}`,
      ...this.#methods('SonoranCadExports', 'Exports'),
      ...official,
      `---@class ${PREFIX}ClientExports\nlocal ClientExports = {}`,
      ...this.#methods('SonoranCadClientExports', 'ClientExports'),
      `---@class CitizenExports\n---@field sonorancad ${PREFIX}Exports|${PREFIX}ClientExports\nexports = exports or {}`,
    ];
  }

  #declared(name: string): Declaration {
    const found = this.#types.get(name);
    if (found === undefined) throw new Error(`types.d.ts has no ${name}.`);
    return found;
  }

  #said(name: string): string[] {
    return comment(this.#declared(name).says);
  }

  #class({ name, says, generics, type }: Declaration): string {
    if (generics.length > 0) throw new Error(`${name} is generic, which Lua's annotations are not.`);
    const parts = type.kind === 'intersection' ? type.parts : [type];
    const bases = parts.filter(({ kind }) => kind === 'name').map((base) => this.#type(base));
    // A mapped type can refer to its names by a variable, which fields have none of.
    const own = parts.filter(
      (part) => part.kind === 'object' || (part.kind === 'mapped' && part.value.kind === 'function'),
    );
    if (bases.length + own.length < parts.length || own.length !== 1) {
      return [...comment(says), `---@alias ${PREFIX}${name} ${this.#type(type)}`].join('\n');
    }
    const base = bases.length === 0 ? '' : ` : ${bases.join(', ')}`;
    const fields = own.flatMap(membersIn).map((member) => this.#field(member));
    return [...comment(says), `---@class ${PREFIX}${name}${base}`, ...fields].join('\n');
  }

  #field({ name, isOptional, says, type }: Member): string {
    const sentence = says === null ? '' : ` ${says.replaceAll('\n', ' ')}`;
    return `---@field ${name}${isOptional ? '?' : ''} ${this.#optional(type, isOptional)}${sentence}`;
  }

  /** @param declared a type of exports. @param table the Lua table that its functions belong to */
  #methods(declared: string, table: string): string[] {
    const { type } = this.#declared(declared);
    const parts = type.kind === 'intersection' ? type.parts : [type];
    const ways = new Map<string, Signature[]>();
    for (const { name, says, type: member } of parts.filter(({ kind }) => kind === 'object').flatMap(membersIn)) {
      if (member.kind !== 'function') throw new Error(`The export ${name} is no function.`);
      ways.set(name, [...(ways.get(name) ?? []), { ...member, says: says ?? '' }]);
    }
    return [...ways].map(([name, signatures]) => this.#method(table, name, signatures));
  }

  #method(table: string, name: string, signatures: readonly Signature[]): string {
    const isSubscription = name === 'onPushEvent';
    // The one with the most parameters has room for what the others take.
    const [main, ...others] = signatures.toSorted((a, b) => b.parameters.length - a.parameters.length);
    if (main === undefined) throw new Error(`${name} cannot be called.`);
    const comments = signatures.map(({ says }) => splitComment(says));
    const tags = comments.flatMap((each) => each.tags);
    // Of those that follow, some say only that they do the same.
    const text = comments
      .map((each) => each.text)
      .filter((each) => !each.startsWith('The same'))
      .join('\n');
    const parameters = main.parameters.map((each) => this.#parameter(each));
    const given = isSubscription ? this.#subscription() : parameters;
    const returned = this.#returned(main.returns);
    const self = `self: ${PREFIX}${table}`;
    const overloads = isSubscription
      ? this.#subscriptionOverloads(self)
      : others.map(({ parameters: own, returns }) => this.#signature(own, returns, self));
    return [
      ...comment(text),
      ...tags.filter((tag) => tag.startsWith('@deprecated')).map((tag) => `---${tag}`),
      ...given.map(({ name: own, mark, type }) => `---@param ${own}${mark} ${type}${about(tags, `@param ${own} `)}`),
      ...(returned === 'nil' ? [] : [`---@return ${returned}${about(tags, '@returns ', ' # ')}`]),
      ...overloads.map((overload) => `---@overload ${overload}`),
      `function ${table}:${name}(${given.map(({ name: own }) => own).join(', ')}) end`,
    ].join('\n');
  }

  /** Of the types of an event, TypeScript says with generics what Lua says with an overload for each. */
  #subscription() {
    const type = { name: 'type', mark: '', type: `${PREFIX}PushEventType|'*'|string|string[]` };
    return [type, { name: 'callback', mark: '', type: `fun(event: ${PREFIX}PushEvent)` }];
  }

  #subscriptionOverloads(self: string): string[] {
    return membersIn(this.#declared('PushEventDataByType').type).map(
      ({ name }) => `fun(${self}, type: '${name}', callback: fun(event: ${PREFIX}${name})): number`,
    );
  }

  #parameter({ name, isOptional, isRest, type }: Parameter) {
    if (isRest) return { name: '...', mark: '', type: this.#type(type.kind === 'list' ? type.item : type) };
    if (RESERVED.test(name)) throw new Error(`${name} cannot be the name of a parameter in Lua.`);
    return { name, mark: isOptional ? '?' : '', type: this.#optional(type, isOptional) };
  }

  #signature(parameters: readonly Parameter[], returns: TypeNode, self: string | null): string {
    const given = parameters.flatMap((each) => this.#answered(each) ?? [each]).map((each) => this.#parameter(each));
    const listed = given.map(({ name, mark, type }) => `${name}${mark}: ${type}`);
    const returned = this.#returned(returns);
    const all = [...(self === null ? [] : [self]), ...listed].join(', ');
    return `fun(${all})${returned === 'nil' || returned === 'any' ? '' : `: ${returned}`}`;
  }

  /** The arguments of a callback that gets one of several lists of them; null for every other parameter. */
  #answered({ isRest, type }: Parameter): Parameter[] | null {
    if (!isRest || type.kind === 'list') return null;
    const lists = partsOf(this.#resolved(type)).map((each) => {
      if (each.kind !== 'tuple') throw new Error('The rest of the parameters is neither a list nor a tuple.');
      return each.items;
    });
    return (lists[0] ?? []).map((item, at) => {
      const parts = lists.flatMap((items) => items[at]?.type ?? []);
      return { ...item, type: { kind: 'union', parts } };
    });
  }

  /** @returns what an alias of lists stands for, with what is in its angle brackets put in */
  #resolved(type: TypeNode): TypeNode {
    if (type.kind !== 'name') return type;
    const { generics, type: meant } = this.#declared(type.name);
    const [variable] = generics;
    const [given] = type.of;
    if (generics.length !== 1 || variable === undefined || given === undefined) return meant;
    const parts = partsOf(meant).map((part): TypeNode => {
      if (part.kind !== 'tuple') return part;
      const isVariable = ({ type: own }: Parameter) => own.kind === 'name' && own.name === variable;
      return { ...part, items: part.items.map((item) => (isVariable(item) ? { ...item, type: given } : item)) };
    });
    return { kind: 'union', parts };
  }

  /** Lua waits for a promise that an export gives. */
  #returned(type: TypeNode): string {
    const parts = partsOf(type).flatMap((part) => (part.kind === 'name' && part.name === 'Promise' ? part.of : [part]));
    return this.#type({ kind: 'union', parts });
  }

  /** @returns a type without the nil that a question mark says already */
  #optional(type: TypeNode, isOptional: boolean): string {
    const isNil = (part: TypeNode) => part.kind === 'name' && WORDS.get(part.name) === 'nil';
    return this.#type(isOptional ? { kind: 'union', parts: partsOf(type).filter((part) => !isNil(part)) } : type);
  }

  #type(type: TypeNode): string {
    switch (type.kind) {
      case 'name':
        return this.#name(type.name, type.of);
      case 'literal':
        return type.text;
      case 'union':
        return this.#union(type.parts.flatMap(partsOf));
      case 'list':
        return /^[\w.]+$/.test(this.#type(type.item)) ? `${this.#type(type.item)}[]` : `(${this.#type(type.item)})[]`;
      case 'object':
        return `{ ${type.members.map(({ name, isOptional, type: own }) => `${name}${isOptional ? '?' : ''}: ${this.#type(own)}`).join(', ')} }`;
      case 'function':
        return this.#signature(type.parameters, type.returns, null);
      default:
        throw new Error(`Lua's annotations have nothing for "${type.kind}".`);
    }
  }

  #union(parts: readonly TypeNode[]): string {
    const [first] = parts;
    if (parts.length === 1 && first !== undefined) return this.#type(first);
    const texts = parts.map((part) => (part.kind === 'function' ? `(${this.#type(part)})` : this.#type(part)));
    return [...new Set(texts)].join('|').replace('true|false', 'boolean');
  }

  #name(name: string, of: readonly TypeNode[]): string {
    const [only] = of;
    if (name === 'Readonly' && only !== undefined) return this.#type(only);
    const word = WORDS.get(name);
    if (word !== undefined && of.length === 0) return word;
    // What a subscriber to one type gets stands in the overloads.
    if (name === 'KnownPushEvents') return `${PREFIX}PushEvent`;
    if (of.length > 0) throw new Error(`${name}<…> has no counterpart in Lua.`);
    if (name !== 'Type') this.#declared(name);
    return name === 'Type' ? `${PREFIX}PushEventType` : `${PREFIX}${name}`;
  }
}

function partsOf(type: TypeNode): readonly TypeNode[] {
  return type.kind === 'union' ? type.parts.flatMap(partsOf) : [type];
}

function membersIn(type: TypeNode): readonly Member[] {
  if (type.kind === 'mapped') {
    return partsOf(type.names).map((name) => ({ name: textOf(name), isOptional: false, says: null, type: type.value }));
  }
  if (type.kind !== 'object') throw new Error('An object is expected here.');
  return type.members;
}

function textOf(type: TypeNode): string {
  if (type.kind !== 'literal') throw new Error('A text is expected here.');
  return type.text.slice(1, -1);
}

function comment(says: string | null): string[] {
  return says === null || says === '' ? [] : says.split('\n').map((line) => `---${line}`);
}

/** Parts what a comment says from its remarks that begin with an @, each on one line. */
function splitComment(says: string): { readonly text: string; readonly tags: readonly string[] } {
  const [text = '', ...tags] = says.split(/(?=@(?:param|returns|deprecated)\b)/);
  return { text: text.trim(), tags: tags.map((tag) => tag.replaceAll(/\s+/g, ' ').trim()) };
}

function about(tags: readonly string[], beginning: string, before = ' '): string {
  const tag = tags.find((each) => each.startsWith(beginning));
  return tag === undefined ? '' : `${before}${tag.slice(beginning.length)}`;
}
