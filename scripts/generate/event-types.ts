import { catalogue, type PushEventType } from '../../src/events/catalogue/catalogue.ts';
import { type CatalogueSchema, type JsonSchema, referenceOf } from './catalogue-schema.ts';

/** The types of the data of every event, as types.d.ts has them. */
export function eventTypes(schema: CatalogueSchema): string {
  return [...[...schema.shapes].map(([name, shape]) => interfaceText(name, shape)), dataByType(schema)].join('\n\n');
}

function dataByType({ dataNames }: CatalogueSchema): string {
  const lines = [...dataNames].map(
    ([type, name]) => `${comment(catalogue[type satisfies PushEventType].description, '  ')}  ${type}: ${name};`,
  );
  return `/** The data of each type of push event. */\nexport interface PushEventDataByType {\n${lines.join('\n')}\n}`;
}

function interfaceText(name: string, shape: JsonSchema): string {
  return `${comment(shape.description, '')}export interface ${name} ${objectText(shape, '')}`;
}

function objectText({ properties = {}, required = [] }: JsonSchema, indent: string): string {
  const inner = `${indent}  `;
  const fields = Object.entries(properties).map(([name, field]) => {
    const mark = required.includes(name) ? '' : '?';
    return `${comment(field.description, inner)}${inner}${name}${mark}: ${typeText(field, inner)};`;
  });
  return `{\n${fields.join('\n')}\n${indent}}`;
}

function typeText(schema: JsonSchema, indent = ''): string {
  const reference = referenceOf(schema);
  if (reference !== undefined) return reference;
  if (schema.anyOf !== undefined) return union(schema.anyOf.map((each) => typeText(each, indent)));
  if (typeof schema.type === 'object') return union(schema.type.map((type) => typeText({ ...schema, type }, indent)));
  switch (schema.type) {
    case 'string':
    case 'boolean':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return listText(typeText(schema.items ?? {}, indent));
    case 'object':
      return objectText(schema, indent);
    default:
      return 'unknown';
  }
}

function listText(entry: string): string {
  return entry.includes(' | ') ? `(${entry})[]` : `${entry}[]`;
}

function union(types: readonly string[]): string {
  return [...new Set(types)].join(' | ');
}

function comment(text: string | undefined, indent: string): string {
  return text === undefined ? '' : `${indent}/** ${text.replaceAll('*/', '*\\/')} */\n`;
}
