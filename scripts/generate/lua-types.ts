import {
  alternativesIn,
  argumentsOf,
  type Declaration,
  isObject,
  itemOf,
  type Member,
  membersIn,
  nameOf,
  type Parameter,
  readTypes,
  signatureOf,
  type Type,
  unknown,
} from './read-types.ts';

/** In front of every name: an editor has one list of names for all resources. */
const PREFIX = 'SonoranCad.';

const WORDS: ReadonlyMap<string, string> = new Map([
  ['TSStringKeyword', 'string'],
  ['TSNumberKeyword', 'number'],
  ['TSBooleanKeyword', 'boolean'],
  ['TSUnknownKeyword', 'any'],
  ['TSObjectKeyword', 'table'],
  ['TSVoidKeyword', 'nil'],
  ['TSNullKeyword', 'nil'],
  ['TSNeverKeyword', 'nil'],
  ['TSUndefinedKeyword', 'nil'],
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
 * @throws Error when types.d.ts holds what Lua, or this file, does not know
 */
export function luaTypes(typesText: string): string {
  const printer = new LuaPrinter(typesText);
  return `${[HEAD, ...printer.classes(), ...printer.events(), ...printer.exports()].join('\n\n')}\n`;
}

class LuaPrinter {
  readonly #text: string;
  readonly #types: ReadonlyMap<string, Declaration>;

  constructor(text: string) {
    this.#text = text;
    this.#types = readTypes(text);
  }

  classes(): string[] {
    // Lists of a callback's arguments stand where the callback does.
    const isArguments = ({ parts }: Declaration) => alternativesIn(parts).every(({ type }) => type === 'TSTupleType');
    const own = [...this.#types.values()].filter((each) => !ELSEWHERE.has(each.name) && !isArguments(each));
    return own.map((each) => this.#class(each));
  }

  /** One class for each type of event, and the names for all of them. */
  events(): string[] {
    const byType = this.#eventTypes();
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
    const { says, parts } = this.#declared('OfficialOnlyExports');
    const official = parts
      .flatMap(membersIn)
      .map(({ name, type }) => this.#method('Exports', name, [{ says: `${says}\n@deprecated`, type }]));
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

  #eventTypes(): Member[] {
    return this.#declared('PushEventDataByType').parts.flatMap(membersIn);
  }

  #class({ name, says, generics, parts }: Declaration): string {
    if (generics.length > 0) throw new Error(`${name} is generic, which Lua's annotations are not.`);
    const bases = parts.filter(({ type }) => type === 'TSTypeReference' || type === 'TSExpressionWithTypeArguments');
    const own = parts.filter(isObject);
    if (bases.length + own.length < parts.length || own.length !== 1) {
      return [...comment(says), `---@alias ${PREFIX}${name} ${this.#union(alternativesIn(parts))}`].join('\n');
    }
    const base = bases.length === 0 ? '' : ` : ${bases.map((each) => this.#type(each)).join(', ')}`;
    const fields = own.flatMap(membersIn).map((member) => this.#field(member));
    return [...comment(says), `---@class ${PREFIX}${name}${base}`, ...fields].join('\n');
  }

  #field({ name, isOptional, says, type }: Member): string {
    const sentence = says === '' ? '' : ` ${says.replaceAll('\n', ' ')}`;
    return `---@field ${name}${isOptional ? '?' : ''} ${this.#optional([type], isOptional)}${sentence}`;
  }

  /** @param declared a type of exports. @param table the Lua table that its functions belong to */
  #methods(declared: string, table: string): string[] {
    const members = this.#declared(declared).parts.filter(isObject).flatMap(membersIn);
    return [...Map.groupBy(members, ({ name }) => name)].map(([name, ways]) => this.#method(table, name, ways));
  }

  /** @param ways to call it, one after the other */
  #method(table: string, name: string, ways: readonly Pick<Member, 'says' | 'type'>[]): string {
    const isSubscription = name === 'onPushEvent';
    // The one with the most parameters has room for what the others take.
    const signatures = ways.map(({ type }) => signatureOf(type));
    const [main, ...others] = signatures.toSorted((a, b) => b.parameters.length - a.parameters.length);
    if (main === undefined) throw new Error(`${name} cannot be called.`);
    const comments = ways.map(({ says }) => splitComment(says));
    const tags = comments.flatMap((each) => each.tags);
    // Of those that follow, some say only that they do the same.
    const text = comments
      .map((each) => each.text)
      .filter((each) => !each.startsWith('The same'))
      .join('\n');
    const given = isSubscription ? SUBSCRIPTION : main.parameters.map((each) => this.#parameter(each));
    const returned = this.#returned(main.returns);
    const self = `self: ${PREFIX}${table}`;
    const overloads = isSubscription
      ? this.#subscriptionOverloads(self)
      : others.map(({ parameters, returns }) => this.#signature(parameters, returns, self));
    return [
      ...comment(text),
      ...tags.filter((tag) => tag.startsWith('@deprecated')).map((tag) => `---${tag}`),
      ...given.map(({ name: own, mark, type }) => `---@param ${own}${mark} ${type}${about(tags, `@param ${own} `)}`),
      ...(returned === 'nil' ? [] : [`---@return ${returned}${about(tags, '@returns ', ' # ')}`]),
      ...overloads.map((overload) => `---@overload ${overload}`),
      `function ${table}:${name}(${given.map(({ name: own }) => own).join(', ')}) end`,
    ].join('\n');
  }

  #subscriptionOverloads(self: string): string[] {
    return this.#eventTypes().map(
      ({ name }) => `fun(${self}, type: '${name}', callback: fun(event: ${PREFIX}${name})): number`,
    );
  }

  #parameter({ name, isOptional, isRest, types }: Parameter) {
    if (isRest) return { name: '...', mark: '', type: this.#union(types.map(itemOf)) };
    if (RESERVED.test(name)) throw new Error(`${name} cannot be the name of a parameter in Lua.`);
    return { name, mark: isOptional ? '?' : '', type: this.#optional(types, isOptional) };
  }

  #signature(parameters: readonly Parameter[], returns: Type, self: string | null): string {
    const given = parameters.flatMap((each) => this.#answered(each) ?? [each]).map((each) => this.#parameter(each));
    const listed = given.map(({ name, mark, type }) => `${name}${mark}: ${type}`);
    const returned = this.#returned(returns);
    const all = [...(self === null ? [] : [self]), ...listed].join(', ');
    return `fun(${all})${returned === 'nil' || returned === 'any' ? '' : `: ${returned}`}`;
  }

  /** The arguments of a callback that gets one of several lists of them; null for every other parameter. */
  #answered({ isRest, types: [type] }: Parameter): Parameter[] | null {
    if (!isRest || type === undefined || itemOf(type) !== type) return null;
    const lists = this.#lists(type);
    return (lists[0] ?? []).map((item, at) => ({ ...item, types: lists.flatMap((items) => items[at]?.types ?? []) }));
  }

  /** @returns the lists that an alias stands for, with what is in its angle brackets put in */
  #lists(type: Type): Parameter[][] {
    const declared = type.type === 'TSTypeReference' ? this.#declared(nameOf(type)) : null;
    const isVariable = (each: Type) => each.type === 'TSTypeReference' && nameOf(each) === declared?.generics[0];
    return alternativesIn(declared?.parts ?? [type]).map((list) => {
      if (list.type !== 'TSTupleType') throw unknown(list);
      return list.elementTypes.map((item) => {
        if (item.type !== 'TSNamedTupleMember') throw unknown(item);
        const { label, optional: isOptional, elementType } = item;
        const types = isVariable(elementType) ? argumentsOf(type) : [elementType];
        return { name: nameOf(label), isOptional, isRest: false, types };
      });
    });
  }

  /** Lua waits for a promise that an export gives. */
  #returned(type: Type): string {
    const parts = alternativesIn([type]).flatMap((part): readonly Type[] => {
      const isPromise = part.type === 'TSTypeReference' && nameOf(part) === 'Promise';
      return isPromise ? argumentsOf(part) : [part];
    });
    return this.#union(parts);
  }

  /** @returns a type without the nil that a question mark says already */
  #optional(types: readonly Type[], isOptional: boolean): string {
    const isNil = ({ type }: Type) => WORDS.get(type) === 'nil';
    return this.#union(isOptional ? alternativesIn(types).filter((part) => !isNil(part)) : types);
  }

  #type(type: Type): string {
    const word = WORDS.get(type.type);
    if (word !== undefined) return word;
    switch (type.type) {
      case 'TSTypeReference':
      case 'TSExpressionWithTypeArguments':
        return this.#name(nameOf(type), argumentsOf(type));
      case 'TSLiteralType':
        return this.#text.slice(type.start ?? 0, type.end ?? 0);
      case 'TSParenthesizedType':
        return this.#type(type.typeAnnotation);
      case 'TSUnionType':
        return this.#union(type.types);
      case 'TSArrayType': {
        const item = this.#type(type.elementType);
        return /^[\w.]+$/.test(item) ? `${item}[]` : `(${item})[]`;
      }
      case 'TSTypeOperator':
        // Lua has nothing of the kind.
        if (type.operator === 'readonly') return this.#type(type.typeAnnotation);
        throw unknown(type);
      case 'TSTypeLiteral': {
        const members = membersIn(type).map(({ name, isOptional, type: own }) => {
          return `${name}${isOptional ? '?' : ''}: ${this.#type(own)}`;
        });
        return `{ ${members.join(', ')} }`;
      }
      case 'TSFunctionType':
      case 'TSMethodSignature': {
        const { parameters, returns } = signatureOf(type);
        return this.#signature(parameters, returns, null);
      }
      default:
        throw unknown(type);
    }
  }

  #union(types: readonly Type[]): string {
    const parts = alternativesIn(types);
    const [first] = parts;
    if (parts.length === 1 && first !== undefined) return this.#type(first);
    const texts = parts.map((part) => (part.type === 'TSFunctionType' ? `(${this.#type(part)})` : this.#type(part)));
    return [...new Set(texts)].join('|').replace('true|false', 'boolean');
  }

  #name(name: string, of: readonly Type[]): string {
    const [only] = of;
    if (name === 'Readonly' && only !== undefined) return this.#type(only);
    // A type that is not in the catalogue.
    if (name === 'OtherPushEventType') return 'string';
    // What a subscriber to one type gets stands in the overloads.
    if (name === 'KnownPushEvents') return `${PREFIX}PushEvent`;
    if (of.length > 0) throw new Error(`${name}<…> has no counterpart in Lua.`);
    if (name !== 'Type') this.#declared(name);
    return name === 'Type' ? `${PREFIX}PushEventType` : `${PREFIX}${name}`;
  }
}

/** What TypeScript says of the types of an event with generics, Lua says with an overload for each. */
const SUBSCRIPTION = [
  { name: 'type', mark: '', type: `${PREFIX}PushEventType|'*'|string|string[]` },
  { name: 'callback', mark: '', type: `fun(event: ${PREFIX}PushEvent)` },
];

function comment(says: string): string[] {
  return says === '' ? [] : says.split('\n').map((line) => `---${line}`);
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
