import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, type PushEventType } from '../../src/events/catalogue/catalogue.ts';
import type { CatalogueEntry } from '../../src/events/catalogue/entry.ts';
import type { ClientFields } from '../../src/events/kinds.ts';
import { projectRoot } from '../project-root.ts';
import { type CatalogueSchema, type JsonSchema, referenceOf } from './catalogue-schema.ts';

/** What docs/events.md says of every type: its data, a sample, what else is understood, and whom it concerns. */
export function eventsPage(schema: CatalogueSchema): string {
  const index = [...schema.dataNames.keys()].map(
    (type) => `| [${type}](#${type.toLowerCase()}) | ${cell(catalogue[type].description)} |`,
  );
  const events = [...schema.dataNames].map(([type, name]) => eventText(type, name, schema));
  const shapes = sharedShapes(schema).map((name) => shapeText(name, schema));
  const table = ['| Type | Sent when |', '|---|---|', ...index].join('\n');
  return [table, ...events, '## Shared shapes', ...shapes].join('\n\n');
}

function eventText(type: PushEventType, name: string, schema: CatalogueSchema): string {
  const entry = catalogue[type];
  const parts = [
    `## ${type}`,
    entry.description,
    `Type \`${name}\`:`,
    tableText(schema.shapes.get(name) ?? {}),
    `As sent:`,
    sampleText(type),
  ];
  if (entry.accepts.length > 0)
    parts.push(`Also understood:\n\n${entry.accepts.map((line) => `- ${line}`).join('\n')}`);
  parts.push(concernsText(entry), clientText(entry));
  return parts.join('\n\n');
}

function shapeText(name: string, { shapes }: CatalogueSchema): string {
  const shape = shapes.get(name) ?? {};
  return [`### ${name}`, ...(shape.description ? [shape.description] : []), tableText(shape)].join('\n\n');
}

/** The named shapes that are not the whole data of an event. */
function sharedShapes({ dataNames, shapes }: CatalogueSchema): string[] {
  const whole = new Set(dataNames.values());
  return [...shapes.keys()].filter((name) => !whole.has(name)).sort();
}

function tableText(shape: JsonSchema): string {
  const rows = rowsOf(shape, '').map((row) => `| ${row.map(cell).join(' | ')} |`);
  return ['| Field | Type | When missing | |', '|---|---|---|---|', ...rows].join('\n');
}

function rowsOf({ properties = {}, required = [] }: JsonSchema, path: string): string[][] {
  return Object.entries(properties).flatMap(([name, field]) => {
    const place = `${path}${name}`;
    const row = [`\`${place}\``, typeText(field), missingText(field, required.includes(name)), field.description ?? ''];
    return [row, ...rowsOf(field.items ?? {}, `${place}[].`)];
  });
}

function missingText(field: JsonSchema, required: boolean): string {
  if (!required) return 'absent';
  if (field.default !== undefined && referenceOf(field) !== undefined) return '`{}` with its defaults';
  return field.default === undefined ? '**needed**' : `\`${JSON.stringify(field.default)}\``;
}

const WORDS: ReadonlyMap<string | undefined, string> = new Map([
  ['string', 'text'],
  ['integer', 'whole number'],
  ['number', 'number'],
  ['boolean', 'true or false'],
  ['object', 'object'],
]);

function typeText(field: JsonSchema): string {
  const reference = referenceOf(field);
  if (reference !== undefined) return `[${reference}](#${reference.toLowerCase()})`;
  if (field.type === 'array') return `list of ${typeText(field.items ?? {})}`;
  if (field.anyOf !== undefined) return field.anyOf.map(typeText).join(' or ');
  if (typeof field.type === 'object') return field.type.map((type) => typeText({ type })).join(' or ');
  return WORDS.get(field.type) ?? 'anything';
}

function sampleText(type: PushEventType): string {
  const file = join(projectRoot, 'test', 'fixtures', 'push-events', `${type}.json`);
  const { key: _key, ...sample } = JSON.parse(readFileSync(file, 'utf8'));
  return `\`\`\`json\n${JSON.stringify(sample, null, 2)}\n\`\`\``;
}

const CONCERNS = [
  ['idents', 'units'],
  ['calls', 'dispatch calls'],
  ['emergencyCalls', '911 calls'],
  ['identities', 'people, by their identities'],
] as const;

function concernsText({ concerns }: CatalogueEntry): string {
  const names = CONCERNS.filter(([name]) => concerns[name] !== undefined).map(([, words]) => words);
  return names.length === 0 ? 'Concerns no unit or call.' : `Concerns ${names.join('; ')}.`;
}

function clientText({ data }: CatalogueEntry): string {
  const paths = leafPaths(data.shown, '').map((path) => `\`${path}\``);
  if (paths.length === 0) return "Nothing of it is ever sent to players' games.";
  return `The most that players' games may see: ${paths.join(', ')}.`;
}

function leafPaths(allowed: ClientFields, path: string): string[] {
  if (typeof allowed === 'string') return [path];
  return Object.entries(allowed).flatMap(([name, inner]) => {
    if (Array.isArray(allowed)) return leafPaths(inner, `${path}[]`);
    return leafPaths(inner, path === '' ? name : `${path}.${name}`);
  });
}

function cell(text: string): string {
  return text.replaceAll('|', '\\|');
}
