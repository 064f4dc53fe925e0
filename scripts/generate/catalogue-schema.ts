import {
  type JsonSchema as AnyJsonSchema,
  type OverrideSchemaContext,
  toJsonSchemaDefs,
} from '@valibot/to-json-schema';
import * as v from 'valibot';
import { catalogue, type PushEventType } from '../../src/events/catalogue/catalogue.ts';
import { whole } from '../../src/events/kinds.ts';

/** The parts of JSON Schema that the catalogue's schemas come out as. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly type?: string | readonly string[];
  readonly description?: string;
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
}

export type CatalogueSchema = ReturnType<typeof catalogueSchema>;

const REFERENCE = '#/$defs/';

/**
 * The catalogue's schemas as one set of named shapes.
 *
 * @throws Error when the data of an event has no name
 */
export function catalogueSchema() {
  const types = Object.keys(catalogue) as PushEventType[];
  const dataNames = types.map((type) => [type, nameOf(type)] as const);
  const named: Record<string, v.GenericSchema> = {};
  for (const type of types) collectNamed(catalogue[type].data.becomes, named);
  const json = toJsonSchemaDefs(named, { typeMode: 'output', overrideSchema, ignoreActions: ['finite', 'raw_check'] });
  const shapes = Object.entries(json as Record<string, JsonSchema>).map(
    ([name, shape]) => [name, { ...shape, description: ownDescription(named[name]) }] as const,
  );
  // The name of each event's data type, and every named shape, in the order in which the events mention them.
  return { dataNames: new Map(dataNames), shapes: new Map<string, JsonSchema>(shapes) };
}

/** The parts of valibot's schemas that lead to those within. */
interface Nested {
  readonly pipe?: readonly (v.GenericSchema | v.GenericPipeAction)[];
  readonly entries?: Readonly<Record<string, v.GenericSchema>>;
  readonly wrapped?: v.GenericSchema;
  readonly item?: v.GenericSchema;
}

/** Every named shape in a schema, each before those that it mentions. */
function collectNamed(schema: v.GenericSchema, named: Record<string, v.GenericSchema>): void {
  const { pipe, entries, wrapped, item } = schema as Nested;
  const name = v.getTitle(schema);
  if (name !== undefined && pipe !== undefined) named[name] ??= schema;
  const parts = pipe ?? [...Object.values(entries ?? {}), wrapped, item];
  for (const part of parts) if (part?.kind === 'schema') collectNamed(part, named);
}

/** What a shape says of itself: a field of it may have put its own sentence around that. */
function ownDescription(schema: v.GenericSchema | undefined): string | undefined {
  const [within] = (schema as Nested | undefined)?.pipe ?? [];
  const own = within?.kind === 'schema' ? ownDescription(within) : undefined;
  return own ?? (schema && v.getDescription(schema));
}

function overrideSchema({ valibotSchema, jsonSchema }: OverrideSchemaContext): AnyJsonSchema | undefined {
  // They are told by a function, which JSON Schema cannot have.
  if (valibotSchema === whole.becomes) return { type: 'integer' };
  if (!('entries' in valibotSchema)) return undefined;
  // What has a default is always there.
  const members = Object.entries(valibotSchema.entries as Readonly<Record<string, Member>>);
  const always = members.filter(([, { type, default: standIn }]) => type !== 'optional' || standIn !== undefined);
  const properties = Object.entries(jsonSchema.properties ?? {}).map(([name, field]) => [
    name,
    withSentence(field as JsonSchema, valibotSchema.entries as Entries, name),
  ]);
  return { ...jsonSchema, properties: Object.fromEntries(properties), required: always.map(([name]) => name) };
}

type Entries = Readonly<Record<string, v.GenericSchema>>;

/** The converter leaves out what a field says besides the shape that it refers to. */
function withSentence(field: JsonSchema, entries: Entries, name: string): JsonSchema {
  const schema = entries[name];
  const description = schema && v.getDescription(schema);
  return field.$ref === undefined || description === undefined ? field : { ...field, description };
}

interface Member {
  readonly type: string;
  readonly default?: unknown;
}

/** The name that a schema refers to, or undefined when it is written out in place. */
export function referenceOf(schema: JsonSchema): string | undefined {
  return schema.$ref?.slice(REFERENCE.length);
}

function nameOf(type: PushEventType): string {
  const name = v.getTitle(catalogue[type].data.becomes);
  if (name === undefined) throw new Error(`The data of ${type} has no name: give it one, shape('…Data', …)`);
  return name;
}
