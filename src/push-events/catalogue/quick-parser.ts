import type * as z from 'zod';

/** Gives what a schema makes of a value, or {@link UNFIT} when it may refuse it: whoever needs to know why asks the schema. */
export type QuickParser = (value: unknown) => unknown;

export const UNFIT = Symbol('unfit');

type Schema = z.core.$ZodType;

/** What zod keeps of a schema, as far as it matters here; which of it is there depends on the type. */
interface Definition {
  readonly type: string;
  readonly checks?: readonly unknown[];
  readonly coerce?: boolean;
  readonly format?: string;
  readonly innerType: Schema;
  readonly element: Schema;
  readonly shape: Readonly<Record<string, Schema>>;
  readonly catchall?: Schema;
  readonly defaultValue: unknown;
}

/**
 * Writes a function for one schema, since zod makes an object for every field that it looks at: that is most of what its parsing
 * costs. Of the same values the function makes the same, in the same order. Schemas of other kinds than the catalogue has a lot of
 * are asked themselves.
 *
 * @throws when the engine forbids code from text
 */
export function quickParser(schema: Schema): QuickParser {
  const held: unknown[] = [UNFIT];
  const statements = writeParsing(schema, 'value', 'parsed', createNames(), held);
  const make = new Function('held', `return (value) => { let parsed; ${statements} return parsed; };`);
  return make(held) as QuickParser;
}

const REFUSE = 'return held[0];';

/** @returns statements that set the variable `to` to what the schema makes of the expression `from`, or end the function */
function writeParsing(schema: Schema, from: string, to: string, name: () => string, held: unknown[]): string {
  const definition = schema._zod.def as unknown as Definition;
  const hold = (value: unknown) => `held[${held.push(value) - 1}]`;
  const test = testOf(definition, from);
  if (test !== null) return `if (!(${test})) ${REFUSE} ${to} = ${from};`;
  const inner = (part: Schema, source: string) => writeParsing(part, source, to, name, held);
  switch (isPlain(definition) ? definition.type : '') {
    case 'optional': {
      const { innerType } = definition;
      const parsing = inner(innerType, from);
      return innerType._zod.optin === 'defaulted' ? parsing : `if (${from} !== undefined) { ${parsing} }`;
    }
    case 'default':
      // Asked each time, since it may be a list that is made anew.
      return `if (${from} === undefined) ${to} = ${hold(definition)}.defaultValue; else { ${inner(definition.innerType, from)} }`;
    case 'prefault': {
      const given = name();
      return `const ${given} = ${from} === undefined ? ${hold(definition)}.defaultValue : ${from}; ${inner(definition.innerType, given)}`;
    }
    case 'array': {
      const [list, entry, parsed] = [name(), name(), name()];
      const parsing = writeParsing(definition.element, entry, parsed, name, held);
      return `if (!Array.isArray(${from})) ${REFUSE} const ${list} = [];
        for (const ${entry} of ${from}) { let ${parsed}; ${parsing} ${list}.push(${parsed}); } ${to} = ${list};`;
    }
    case 'object':
      if (definition.catchall?._zod.def.type === 'unknown') return writeObject(definition, from, to, name, held);
  }
  const result = name();
  const run = hold((value: unknown) => runSchema(schema, value));
  return `const ${result} = ${run}(${from}); if (${result}.issues.length > 0) ${REFUSE} ${to} = ${result}.value;`;
}

const UNMEASURED = { value: undefined, issues: ['too odd to be measured'] };

/** zod measures whatever has a `length`, also where text was meant, and fails when that is an object with a `toString`. */
function runSchema(schema: Schema, value: unknown): { readonly value: unknown; readonly issues: readonly unknown[] } {
  try {
    return schema._zod.run({ value, issues: [] }, {}) as z.core.ParsePayload;
  } catch {
    return UNMEASURED;
  }
}

/** Fields of the schema first, in its order, then those that it does not name. */
function writeObject({ shape }: Definition, from: string, to: string, name: () => string, held: unknown[]): string {
  const output = name();
  const names = Object.keys(shape);
  const fields = names.map((field) => {
    const key = JSON.stringify(field);
    const [given, parsed] = [name(), name()];
    const schema = shape[field] as Schema;
    const whenAbsent = schema._zod.optin === undefined ? `else ${REFUSE}` : '';
    return `const ${given} = ${from}[${key}]; let ${parsed}; ${writeParsing(schema, given, parsed, name, held)}
      if (${parsed} !== undefined || ${key} in ${from}) ${output}[${key}] = ${parsed}; ${whenAbsent}`;
  });
  const known = `held[${held.push(new Set([...names, '__proto__'])) - 1}]`;
  const field = name();
  return `if (typeof ${from} !== 'object' || ${from} === null || Array.isArray(${from})) ${REFUSE}
    const ${output} = {}; ${fields.join('\n')}
    for (const ${field} in ${from}) if (!${known}.has(${field})) ${output}[${field}] = ${from}[${field}];
    ${to} = ${output};`;
}

/** @returns whether a value of a simple type is what it should be, as an expression; null for other types */
function testOf(definition: Definition, from: string): string | null {
  if (!isPlain(definition)) return null;
  switch (definition.type) {
    case 'unknown':
      return 'true';
    case 'string':
    case 'boolean':
      return `typeof ${from} === '${definition.type}'`;
    case 'number':
      if (definition.format === undefined) return `Number.isFinite(${from})`;
      return definition.format === 'safeint' ? `Number.isSafeInteger(${from})` : null;
    default:
      return null;
  }
}

function isPlain({ checks, coerce }: Definition): boolean {
  return (checks === undefined || checks.length === 0) && coerce !== true;
}

function createNames(): () => string {
  let count = 0;
  return () => {
    count += 1;
    return `v${count}`;
  };
}
