import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogue, type PushEventType } from '../../src/events/catalogue/catalogue.ts';
import type { CatalogueEntry } from '../../src/events/catalogue/entry.ts';
import type { ClientFields } from '../../src/events/client-fields.ts';
import { projectRoot } from '../project-root.ts';
import { type CatalogueSchema, type JsonSchema, referenceOf } from './catalogue-schema.ts';

/** The text of docs/events.md: every type, its data, a sample, what else is understood, and whom it concerns. */
export function eventsPage(schema: CatalogueSchema): string {
  const index = [...schema.dataNames.keys()].map(
    (type) => `| [${type}](#${type.toLowerCase()}) | ${cell(catalogue[type].description)} |`,
  );
  const events = [...schema.dataNames].map(([type, name]) => eventText(type, name, schema));
  const shapes = sharedShapes(schema).map((name) => shapeText(name, schema));
  return `${HEADER}
| Type | Sent when |
|---|---|
${index.join('\n')}

${events.join('\n\n')}

## Shared shapes

${shapes.join('\n\n')}
`;
}

const HEADER = `# Push events

<!-- Generated from src/events/catalogue by scripts/generate.ts: change that, not this. -->

Every type of push event that the resource knows, and the shape in which its \`data\` reaches subscribers, whatever
shape the CAD sent. A type that is not listed here reaches subscribers too, with its data as received;
of a list with one entry it is the entry.

- A field marked **needed** has to be in what the CAD sends. Without it the event cannot be acted on: it is marked
  \`valid: false\`, with the reasons in \`issues\`, and reaches only subscribers to \`*\`, \`sonorancad:pushEvent\`,
  \`RegisterPushEvent\` handlers and \`SonoranCAD::pushevents:OtherEvent\`. Inside an optional field or an entry of a list,
  only that field or entry is left out.
- A field with a default is always there. An optional one may be absent.
- Fields that are not listed stay as they came.
- \`data\` may come as a list with one entry. Numbers and booleans that came as text are turned into what they mean;
  where text is meant, a number becomes text. In a list, an entry that cannot be read is left out.
`;

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
