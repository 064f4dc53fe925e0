import { toJsonSchema } from '@valibot/to-json-schema';
import * as v from 'valibot';
import { officialKeysWithoutUse } from '../../src/config/config-file.ts';
import { configKeys } from '../../src/config/schema.ts';
import type { ConfigKey } from '../../src/lib/settings.ts';

/**
 * config.schema.json, by which editors explain and complete the settings, and mark misspelt ones. It describes each value as it is best
 * written; the resource also takes some other ways, such as a number in quotes.
 */
export function configSchema(): string {
  const settings = Object.entries<ConfigKey>(configKeys).map(([name, key]) => [name, settingSchema(key)]);
  const unused = officialKeysWithoutUse
    .filter((name) => !Object.hasOwn(configKeys, name))
    .map((name) => [name, { description: 'A setting of the official resource. It has no effect here.' }]);
  const schema = {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'The settings of sonorancad',
    type: 'object',
    // Two words that VS Code knows; other editors pass over them.
    allowComments: true,
    allowTrailingCommas: true,
    properties: {
      $schema: { type: 'string', description: 'Where this file is, for editors.' },
      ...Object.fromEntries([...settings, ...unused]),
    },
    additionalProperties: false,
  };
  return `${JSON.stringify(schema, null, 2)}\n`;
}

function settingSchema({ schema, description, expected, expectedAt, default: value, members, secret }: ConfigKey) {
  const { $schema: _same, ...json } = toJsonSchema(asWritten(schema), {
    typeMode: 'input',
    errorMode: 'ignore',
    // They take an object of any names.
    overrideSchema: ({ valibotSchema }) => (valibotSchema.type === 'custom' ? { type: 'object' } : undefined),
  });
  return {
    description: `${description} Expected: ${expected}.`.replaceAll('`', '"'),
    ...described(json as Described, [], expectedAt),
    ...(members && { propertyNames: { enum: members() } }),
    // The default of a secret is an empty text, which an editor would only fill in.
    ...(secret === true ? {} : { default: value }),
  };
}

/** The parts of JSON Schema that lead to those within. */
interface Described {
  readonly properties?: Readonly<Record<string, Described>>;
  readonly items?: Described;
}

/** @returns the schema, and what is expected of each member within */
function described(json: Described, path: readonly PropertyKey[], expectedAt: ConfigKey['expectedAt']): Described {
  const { properties, items } = json;
  const member = (name: string, schema: Described) => {
    const expected = expectedAt?.([...path, name]);
    return {
      ...(expected && { description: `Expected: ${expected}.` }),
      ...described(schema, [...path, name], expectedAt),
    };
  };
  return {
    ...json,
    ...(properties && {
      properties: Object.fromEntries(Object.entries(properties).map(([name, each]) => [name, member(name, each)])),
    }),
    ...(items && { items: described(items, [...path, 0], expectedAt) }),
  };
}

/** Checks that JSON Schema has a word for. */
const SAID: ReadonlySet<string> = new Set([
  'regex',
  'min_length',
  'max_length',
  'min_value',
  'max_value',
  'safe_integer',
]);

/** What valibot's schemas are made of. */
interface Parts {
  readonly pipe?: readonly (v.GenericSchema | v.GenericPipeAction)[];
  readonly entries?: Readonly<Record<string, v.GenericSchema>>;
  readonly wrapped?: v.GenericSchema;
  readonly default?: unknown;
  readonly item?: v.GenericSchema;
  readonly options?: readonly unknown[];
}

/** @returns a schema of the same values without its steps of reading: of those that a value passes through, the last says most */
function asWritten(schema: v.GenericSchema): v.GenericSchema {
  const { pipe, entries, wrapped, item, options, default: standIn } = schema as Parts;
  if (pipe !== undefined) {
    const last = pipe.findLast((part) => part.kind === 'schema') ?? v.unknown();
    const checks = pipe.filter((part) => part.kind === 'validation' && SAID.has(part.type));
    // A pattern says nothing of a list of words.
    const kept = last.type === 'picklist' ? [] : checks;
    const plain = last === schema ? v.unknown() : asWritten(last as v.GenericSchema);
    return kept.length === 0
      ? plain
      : kept.reduce<v.GenericSchema>((piped, check) => v.pipe(piped, check as v.GenericPipeAction), plain);
  }
  if (entries !== undefined) {
    return v.strictObject(Object.fromEntries(Object.entries(entries).map(([name, each]) => [name, asWritten(each)])));
  }
  if (wrapped !== undefined) return v.optional(asWritten(wrapped), standIn);
  if (item !== undefined) return v.array(asWritten(item));
  if (schema.type === 'union') return v.union((options as v.GenericSchema[]).map(asWritten));
  return schema;
}
