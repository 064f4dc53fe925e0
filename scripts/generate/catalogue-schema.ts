import * as z from 'zod';
import { catalogue, type PushEventType } from '../../src/push-events/catalogue/catalogue.ts';

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

export interface CatalogueSchema {
  /** The name of the data type of each event. */
  readonly dataNames: ReadonlyMap<PushEventType, string>;
  /** Every named shape, in the order in which the events mention them. */
  readonly shapes: ReadonlyMap<string, JsonSchema>;
}

const REFERENCE = '#/$defs/';

/**
 * The catalogue's schemas as one set of named shapes.
 *
 * @throws Error when the data of an event has no name (`.meta({ id })`)
 */
export function catalogueSchema(): CatalogueSchema {
  const types = Object.keys(catalogue) as PushEventType[];
  const whole = z.object(Object.fromEntries(types.map((type) => [type, catalogue[type].schema()])));
  const json: { properties?: Record<string, JsonSchema>; $defs?: Record<string, JsonSchema> } = JSON.parse(
    JSON.stringify(z.toJSONSchema(whole)),
  );
  const dataNames = types.map((type) => [type, nameOf(json.properties?.[type] ?? {}, type)] as const);
  return { dataNames: new Map(dataNames), shapes: new Map(Object.entries(json.$defs ?? {})) };
}

/** The name that a schema refers to, or undefined when it is written out in place. */
export function referenceOf(schema: JsonSchema): string | undefined {
  return schema.$ref?.slice(REFERENCE.length);
}

function nameOf(schema: JsonSchema, type: string): string {
  const name = referenceOf(schema);
  if (name === undefined) throw new Error(`The schema of ${type} has no name: give it one with .meta({ id: '…Data' })`);
  return name;
}
