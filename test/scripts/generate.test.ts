import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import wasmoon from 'wasmoon';
import { catalogueSchema } from '../../scripts/generate/catalogue-schema.ts';
import { configConvars, configTable } from '../../scripts/generate/config-documents.ts';
import { configSchema } from '../../scripts/generate/config-schema.ts';
import { eventTypes } from '../../scripts/generate/event-types.ts';
import { luaTypes } from '../../scripts/generate/lua-types.ts';
import { generate } from '../../scripts/generate.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { loadConfig } from '../../src/config/load.ts';
import { configKeys } from '../../src/config/schema.ts';
import { catalogue } from '../../src/events/catalogue/catalogue.ts';
import { fakeSource } from '../config/fake-source.ts';

const textOf = (path: string) => generate().find((file) => file.path === path)?.text ?? '';

describe('generate', () => {
  it.each(generate())('finds $path as committed (else run scripts/generate.ts)', ({ path, text }) => {
    // Checked out on Windows, the file may have other line ends.
    expect(readFileSync(join(projectRoot, path), 'utf8').replaceAll('\r\n', '\n')).toBe(text);
  });

  it('writes types that import nothing and have no index signature', () => {
    const types = textOf('types.d.ts').replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
    expect(types).not.toMatch(/\bimport\b|\brequire\b|\bRecord<|\bany\b/);
    expect(types).not.toMatch(/\[\w+: (?:string|number|symbol)\]/);
    for (const type of Object.keys(catalogue)) expect(types).toContain(`  ${type}: `);
  });

  it('writes a page with every type, its sample without the key, and no dead link', () => {
    const page = textOf('docs/events.md');
    for (const type of Object.keys(catalogue)) expect(page).toContain(`\n## ${type}\n`);
    expect(page).not.toContain('"key"');
    const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase());
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThan(29);
    for (const link of links) expect(headings).toContain(link);
  });
});

describe('the documents of the config', () => {
  it('the table has one row for each key, with equally many cells', () => {
    const rows = configTable().split('\n');
    expect(rows.slice(2).map((row) => /^\| `(\w+)` \|/.exec(row)?.[1])).toEqual(Object.keys(configKeys));
    expect(new Set(rows.map((row) => row.split(/(?<!\\)\|/).length)).size).toBe(1);
  });

  it('the convars set every key to a value that is accepted without a complaint', () => {
    const convars = Object.fromEntries(
      configConvars()
        .split('\n')
        .map((line) => {
          const [, name = '', value = ''] = /^set (\w+) (.*)$/.exec(line) ?? [];
          // The server takes quotes off a text and leaves a bare list as it is.
          return [name, value.startsWith('"') ? JSON.parse(value) : value];
        }),
    );
    expect(Object.keys(convars)).toEqual(Object.keys(configKeys).map((key) => `sonoran_${key}`));
    const { problems } = loadConfig(fakeSource({}, convars));
    expect(problems).toEqual([{ level: 'error', line: expect.stringContaining('no API key') }]);
  });
});

interface Schema {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly pattern?: string;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly description?: string;
  readonly default?: unknown;
}

const schema = JSON.parse(configSchema()) as Schema;
const settings = schema.properties ?? {};

/** Whether a value is as a schema says, as far as these words go. */
function fits(value: unknown, { anyOf, type, properties = {}, items, ...told }: Schema): boolean {
  if (anyOf !== undefined) return anyOf.some((each) => fits(value, each));
  if (told.enum !== undefined && !told.enum.includes(value)) return false;
  if (type === 'integer' && !Number.isInteger(value)) return false;
  if (typeof value === 'number') {
    return /number|integer/.test(type ?? '') && value >= (told.minimum ?? value) && value <= (told.maximum ?? value);
  }
  if (Array.isArray(value)) {
    const fitsLength = value.length >= (told.minItems ?? 0) && value.length <= (told.maxItems ?? value.length);
    return type === 'array' && fitsLength && value.every((each) => fits(each, items ?? {}));
  }
  if (typeof value === 'object' && value !== null) {
    const fitsMember = ([name, each]: [string, unknown]) =>
      Object.hasOwn(properties, name) ? fits(each, properties[name] ?? {}) : told.additionalProperties !== false;
    return type === 'object' && Object.entries(value).every(fitsMember);
  }
  return typeof value === type && (typeof value !== 'string' || new RegExp(told.pattern ?? '').test(value));
}

const target = {
  name: 'bot',
  url: 'https://bot.example/events',
  events: ['EVENT_911'],
  secret: 'whsec_a',
  headers: {},
};

describe('config.schema.json', () => {
  it.each(Object.entries(configKeys))('explains %s, and takes its default', (name, { default: value, description }) => {
    const setting = settings[name] ?? {};
    expect(setting.description).toContain(description.replaceAll('`', '"'));
    expect(setting.type).toBeDefined();
    expect(fits(value, setting)).toBe(true);
  });

  it.each([
    [{ notifications: { duty: 'incad', rules: [{ on: 'EVENT_911', to: 'onDuty' }] } }, true],
    [{ notifications: { rules: [{ to: 'onDuty', titel: '' }] } }, false],
    [{ pushEventForwardTargets: [target] }, true],
    [{ pushEventForwardTargets: [{ ...target, includekey: false }] }, false],
    [{ netEvents: { EVENT_TONE: 'all' } }, true],
    [{ mode: 'productive' }, false],
    [{ serverId: 0 }, false],
    [{ apikey: 'misspelt' }, false],
    [{ $schema: './config.schema.json', apiKey: 'x', updateBranch: 'of the official resource' }, true],
  ])('says of %j whether it is right: %s', (config, isRight) => {
    expect(fits(config, { ...schema, properties: { ...settings, updateBranch: { type: 'string' } } })).toBe(isRight);
  });

  it('says what is expected of the members of a target', () => {
    expect(settings.pushEventForwardTargets?.items?.properties?.includeKey?.description).toBe(
      'Expected: true or false.',
    );
  });

  it('suggests no value for a secret', () => {
    expect(settings.apiKey).not.toHaveProperty('default');
  });
});

describe('the types of event data', () => {
  const lines = eventTypes(catalogueSchema()).split('\n');

  it('have a sentence for each field, which editors show on hover', () => {
    const isField = (line: string) => /^ +\w+\??: /.test(line);
    const bare = lines.filter((line, index) => isField(line) && !lines[index - 1]?.trim().startsWith('/**'));
    expect(bare).toEqual([]);
    expect(lines.filter(isField).length).toBeGreaterThan(100);
  });

  it('tell what a shape is apart from what a field of it is', () => {
    expect(lines[lines.indexOf('export interface Unit {') - 1]).toContain('A unit: an officer');
    expect(lines[lines.indexOf('  unit: Unit;') - 1]).toContain('All of the unit');
  });
});

const types = readFileSync(join(projectRoot, 'types.d.ts'), 'utf8');
const lua = luaTypes(types);
/** The types of TypeScript that a file without exports and events needs. */
const LEAST = `
export interface PushEventDataByType { EVENT_911: string; }
export type PushEventType = keyof PushEventDataByType;
export type PushEvent = unknown;
export type OfficialOnlyExports = { readonly [Name in 'old']: (...args: unknown[]) => void; };
export type SonoranCadClientExports = { getApiMode(): 0 | 1; };
`;
const withExport = (text: string) => luaTypes(`${LEAST}export type SonoranCadExports = { ${text} };`);

describe('the types for Lua', () => {
  it('are loaded by Lua, which sees the parameters that the comments name', async () => {
    const engine = await new wasmoon.LuaFactory().createEngine();
    try {
      const counts = `
        local found = {}
        for name, export in pairs(Exports) do
          local info = debug.getinfo(export, 'u')
          -- Called with a colon, each gets the table first.
          table.insert(found, name .. ' ' .. (info.isvararg and '...' or info.nparams - 1))
        end
        return table.concat(found, ',')`;
      const found = String(await engine.doString(lua + counts)).split(',');
      expect(found).toEqual(expect.arrayContaining(['onPushEvent 2', 'getUnits 0', 'GetBodycamRuntime ...']));
      const named = lua.split('\n\n').flatMap((block) => {
        const [, name] = /^function Exports:(\w+)/m.exec(block) ?? [];
        const parameters = [...block.matchAll(/^---@param (\S+?)\??\s/gm)].map(([, parameter]) => parameter);
        return name === undefined ? [] : `${name} ${parameters[0] === '...' ? '...' : parameters.length}`;
      });
      expect(found.sort()).toEqual(named.sort());
    } finally {
      engine.global.close();
    }
  });

  it('name every class that they mention', () => {
    const declared = new Set([...lua.matchAll(/^---@(?:class|alias) (SonoranCad\.\w+)/gm)].map(([, name]) => name));
    const mentioned = new Set([...lua.matchAll(/SonoranCad\.\w+/g)].map(([name]) => name));
    expect([...mentioned].filter((name) => !declared.has(name))).toEqual([]);
    expect(declared.size).toBeGreaterThan(60);
  });

  it.each(Object.keys(catalogue))('know what a subscriber to %s gets', (type) => {
    expect(lua).toContain(
      `---@overload fun(self: SonoranCad.Exports, type: '${type}', callback: fun(event: SonoranCad.${type})): number\n`,
    );
    expect(lua).toMatch(
      new RegExp(`^---@class SonoranCad.${type} : .*\\n---@field type '${type}'\\n---@field data SonoranCad\\.`, 'm'),
    );
  });

  it('keep the sentence of a field, its optional mark, and what a callback gets', () => {
    expect(lua).toContain('---@field primary? number The unit in charge\n');
    expect(
      withExport('/** Asks. @param id a number */ ask(id: number, answer?: (ok: boolean | null) => void): void;'),
    ).toContain(
      '---Asks.\n---@param id number a number\n---@param answer? fun(ok: boolean|nil)\nfunction Exports:ask(id, answer) end\n',
    );
  });

  it('wait for a promise, as Lua does', () => {
    expect(withExport('ask(): string | Promise<string | null>;')).toContain('---@return string|nil\n');
  });

  it.each([
    ['a sign', 'ask(): string @;', 'Unexpected token'],
    ['a form of type', 'ask(): typeof x;', "line 7: Lua's annotations have nothing for a TSTypeQuery here."],
    ['a name', 'ask(): Unit;', 'types.d.ts has no Unit.'],
    ['a generic', 'ask(): Array<string>;', 'Array<…> has no counterpart in Lua.'],
    ['a parameter', 'ask(end: string): void;', 'end cannot be the name of a parameter in Lua.'],
  ])('refuse %s that they do not know', (_what, text, message) => {
    expect(() => withExport(text)).toThrow(message);
  });
});
