import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { listSamples } from '../src/program/send/samples.ts';
import { clientType, requestsTable } from './generate/cad-requests.ts';
import { catalogueSchema } from './generate/catalogue-schema.ts';
import { configConvars, configExample, configTable } from './generate/config-documents.ts';
import { configSchema } from './generate/config-schema.ts';
import { eventTypes } from './generate/event-types.ts';
import { eventsPage } from './generate/events-page.ts';
import { luaTypes } from './generate/lua-types.ts';
import { serverNatives } from './generate/server-natives.ts';
import { isProgram } from './is-program.ts';
import { projectRoot } from './project-root.ts';
import { readSamples } from './send/sample-payloads.ts';

/** A block of code whose first line names the file it shows. */
const SAMPLE = /```(\w+)\n((?:--|\/\/|#) (examples\/\S+))\n.*?```/gs;

/** What `getForwardingStatus` gives, part by part: the interfaces, and the file that has them. */
const PARTS = ['LaneCounts', 'LaneStatus', 'StoreStatus', 'ForwardingStatus'];
const SOURCE = 'src/forward/forwarding-status.ts';

/**
 * The committed files of which all or a part is derived from the source, as they should be now. Writes nothing.
 * @returns their paths, from the project's root, and their text
 */
export function generate() {
  const schema = catalogueSchema();
  const sections: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    'docs/configuration.md': { 'config table': configTable(), 'config convars': `\`\`\`\n${configConvars()}\n\`\`\`` },
    'docs/events.md': { events: eventsPage(schema) },
    'docs/official-resource.md': { 'cad requests': requestsTable() },
  };
  const types = withSections('types.d.ts', {
    'event data': eventTypes(schema),
    'client methods': clientType(),
    'forwarding status': forwardingTypes(),
  });
  const pages = ['README.md', ...readdirSync(join(projectRoot, 'docs')).map((name) => `docs/${name}`)];
  return [
    ...pages
      .filter((path) => path.endsWith('.md'))
      .map((path) => ({ path, text: withSamples(withSections(path, sections[path] ?? {})) })),
    { path: 'types.d.ts', text: types },
    { path: 'types.lua', text: luaTypes(types) },
    { path: 'config.example.json', text: configExample() },
    { path: 'config.schema.json', text: configSchema() },
    { path: 'packages/fakecad/src/sample-events.json', text: sampleEvents() },
    { path: 'packages/fxhost/src/natives/server-natives.ts', text: serverNatives() },
  ];
}

/** The events that fakecad fires, from the fixtures. */
function sampleEvents(): string {
  return `${JSON.stringify(
    listSamples(readSamples()).map(({ body }) => body),
    null,
    2,
  )}\n`;
}

/**
 * The types of how forwarding is doing, as the source has them.
 *
 * @throws when one of them is no longer where it was
 */
function forwardingTypes(): string {
  const source = read(SOURCE);
  return PARTS.map((name) => {
    const found = new RegExp(`^/\\*\\* [^\\n]*\\*/\\nexport interface ${name} \\{\\n.*?^\\}`, 'ms').exec(source);
    if (found === null) throw new Error(`${SOURCE} has no interface ${name} with a comment of one line.`);
    return found[0];
  }).join('\n\n');
}

/** @returns the page with each sample as it stands in its file */
function withSamples(page: string): string {
  return page.replace(SAMPLE, (_block, language, title, path) => `\`\`\`${language}\n${title}\n${read(path)}\`\`\``);
}

/**
 * @param sections what stands between the comments that begin with a name and with that name after a slash; all else in the file is
 *   written by hand
 * @returns the file brought up to date
 * @throws when it has no such comments
 */
function withSections(path: string, sections: Readonly<Record<string, string>>): string {
  return Object.entries(sections).reduce((text, [name, content]) => {
    const [begin, end] = path.endsWith('.md')
      ? [`<!-- ${name}`, `<!-- /${name} -->`]
      : [`// <${name}>`, `// </${name}>`];
    const section = new RegExp(`^(${begin}[^\\n]*\\n).*?^(${end})$`, 'ms');
    if (!section.test(text)) throw new Error(`${path} has no section ${begin} … ${end}.`);
    return text.replace(section, (_section, first, last) => `${first}${content}\n${last}`);
  }, read(path));
}

function read(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8').replaceAll('\r\n', '\n');
}

if (isProgram(import.meta.url)) {
  for (const { path, text } of generate()) writeFileSync(join(projectRoot, path), text);
}
