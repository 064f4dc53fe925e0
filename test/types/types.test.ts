import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { manifest, printedBy } from '../../packages/fxhost/test/write-resource.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { clientMethods, refusedMethods } from '../../src/api/cad-client.ts';
import { provideClientExports } from '../../src/api/client-exports.ts';
import { EXPORT_SPY, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';

/** What the compiler says of each file of a TypeScript resource somewhere else, which has installed nothing but this package. */
let said: ReadonlyMap<string | undefined, readonly string[]>;

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-types-'));
  const packageFolder = join(folder, 'node_modules', 'sonorancad');
  mkdirSync(packageFolder, { recursive: true });
  for (const file of ['types.d.ts', 'package.json']) copyFileSync(join(projectRoot, file), join(packageFolder, file));
  copyFileSync(join(projectRoot, 'test', 'types', 'push-event.types.ts'), join(folder, 'right.ts'));
  const misspelt = `import type { PushEventData } from 'sonorancad/types';
export const title = (data: PushEventData<'EVENT_DISPATCH_NEW'>) => data.dispatch.titel;
`;
  writeFileSync(join(folder, 'misspelt.ts'), misspelt);
  const shown = `import type { SonoranCadExports } from 'sonorancad/types';
export function subscribe(cad: SonoranCadExports): void {
  cad.onPushEvent('EVENT_911', (event) => (event satisfies null));
  cad.onPushEvent(['EVENT_TONE', 'GET_LOGS'], (event) => (event satisfies null));
}
`;
  writeFileSync(join(folder, 'shown.ts'), shown);
  const tsc = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--types', '', '--module', 'preserve'];
  const files = ['right.ts', 'misspelt.ts', 'shown.ts'];
  const { stdout } = spawnSync(process.execPath, [tsc, ...options, ...files], { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  said = Map.groupBy(stdout.split(/\n(?=\S)/), (error) => /^[\w.]+(?=\()/.exec(error)?.[0]);
});

describe('types.d.ts, without valibot in reach', () => {
  it('compiles what is right, and refuses every misspelling that is marked as one', () => {
    expect([...said.keys()].sort()).toEqual(['misspelt.ts', 'shown.ts']);
  });

  it('refuses a misspelt field by its name', () => {
    expect(said.get('misspelt.ts')).toEqual([expect.stringContaining("'titel'")]);
  });

  it('shows an event by the name of its type', () => {
    expect(said.get('shown.ts')).toEqual([
      expect.stringContaining(`'KnownPushEvent<"EVENT_911">'`),
      expect.stringContaining(`'KnownPushEvents<"EVENT_TONE" | "GET_LOGS">'`),
    ]);
  });
});

const types = readFileSync(join(projectRoot, 'types.d.ts'), 'utf8').replaceAll('\r\n', '\n');

/** @returns the names of the members of one type, overloads once, and those of a mapped type */
function membersOf(name: string): string[] {
  const [, text = ''] = new RegExp(`^export type ${name} = .*?\\{\\n(.*?)^\\};`, 'ms').exec(types) ?? [];
  const members = text.matchAll(/^ {2}(\w+)[<(]|^ {4}\| '(\w+)'/gm);
  return [...new Set([...members].map(([, method, mapped]) => method ?? mapped ?? ''))];
}

const luaTypes = readFileSync(join(projectRoot, 'types.lua'), 'utf8').replaceAll('\r\n', '\n');

/** @returns the functions of a table of types.lua, with what their parameters are said to be */
function luaExports(table: string) {
  const found = luaTypes.matchAll(new RegExp(`((?:^---.*\\n)*)^function ${table}:(\\w+)\\((.*)\\) end$`, 'gm'));
  return [...found].map(([, comment = '', name = '', list = '']) => ({
    name,
    parameters: list.split(', ').flatMap((parameter) => {
      if (parameter === '') return [];
      const said = comment.split('\n').find((line) => new RegExp(`^---@param ${parameter}\\??\\s`).test(line)) ?? '';
      return [{ name: parameter, type: said.split(' ').slice(2).join(' ') }];
    }),
  }));
}

/** @returns a value of a parameter's type, as Lua writes it */
function sampleOf({ type }: { readonly type: string }): string {
  if (type.includes('fun(')) return 'function() end';
  if (type.startsWith('number')) return '1';
  if (type.startsWith('table[]')) return "{ { icon = 'a' } }";
  if (/^(?:table|SonoranCad\.(?!PushEventType))/.test(type)) return "{ identId = 1, location = 'x', x = 1, y = 2 }";
  return "'EVENT_911'";
}

describe('the types of the exports', () => {
  let served: ServedResource;
  beforeAll(async () => {
    served = await serveResource({ before: { 'spy.js': EXPORT_SPY } });
    served.host.ensure('sonorancad');
  });
  afterAll(() => served.close());

  it('name every export that the running resource has for others, and no other', () => {
    const offered = printedBy(served.host, 'sonorancad').flatMap((line) => /^export (\w+) /.exec(line)?.[1] ?? []);
    const lua = readFileSync(join(projectRoot, 'resource', 'exports.lua'), 'utf8');
    const inLua = [...lua.matchAll(/^exports\('(\w+)'/gm)].map(([, name = '']) => name);
    expect(inLua).toHaveLength(3);
    // What Lua asks JavaScript for is nobody else's.
    const callable = [...offered.filter((name) => !name.endsWith('ForLua')), ...inLua];
    const typed = [...membersOf('SonoranCadExports'), ...membersOf('OfficialOnlyExports')];
    expect(typed.sort()).toEqual(callable.sort());
  });

  it("name every method of the vendor's client, and no other", () => {
    expect(membersOf('CadClient').sort()).toEqual([...clientMethods].sort());
    expect(membersOf('CadClientRefusals')).toEqual(Object.keys(refusedMethods));
  });

  it('are the same in Lua, with room for every argument that an export takes', () => {
    const declared = new Map(luaExports('Exports').map(({ name, parameters }) => [name, parameters.length]));
    const typed = [...membersOf('SonoranCadExports'), ...membersOf('OfficialOnlyExports')];
    expect([...declared.keys()].sort()).toEqual(typed.sort());
    expect(luaExports('ClientExports').map(({ name }) => name)).toEqual(membersOf('SonoranCadClientExports'));
    const registered = printedBy(served.host, 'sonorancad').flatMap((line) => {
      const [, name = '', length = ''] = /^export (\w+) (\d+)$/.exec(line) ?? [];
      return declared.has(name) ? [[name, Number(length)] as const] : [];
    });
    expect(registered.filter(([name, length]) => length > (declared.get(name) ?? 0))).toEqual([]);
  });

  it('call every export in Lua so that nobody complains of its arguments', async () => {
    const calls = luaExports('Exports')
      .filter(({ parameters }) => parameters[0]?.name !== '...')
      .map(({ name, parameters }) => `call('${name}', ${parameters.map(sampleOf).join(', ') || 'nil'})`);
    expect(calls.length).toBeGreaterThan(40);
    const script = `
      local function call(name, ...)
        local cad = exports.sonorancad
        local ok, message = pcall(cad[name], cad, ...)
        print('called ' .. name .. ' ' .. tostring(ok or message))
      end
      CreateThread(function()
        ${calls.join('\n        ')}
        print('done')
      end)`;
    served.add('caller', { 'fxmanifest.lua': manifest("server_script 'calls.lua'"), 'calls.lua': script });
    served.host.ensure('caller');
    await until(() => printedBy(served.host, 'caller').includes('done'));
    const called = printedBy(served.host, 'caller');
    expect(called.filter((line) => !line.endsWith(' true'))).toEqual(['done']);
    expect(called).toHaveLength(calls.length + 1);
    expect(served.host.lines.filter((line) => line.includes('do not fit'))).toEqual([]);
  });

  it('name every export of the client script, and no other', () => {
    const offered: string[] = [];
    provideClientExports({
      provideClientExport: (name) => void offered.push(name),
      onServerEvent: () => {},
      tellServer: () => {},
      callerOnClient: () => null,
      warnOnClient: () => {},
    });
    expect(membersOf('SonoranCadClientExports').sort()).toEqual(offered.sort());
  });

  it('say of each export what it does', () => {
    // Of an overloaded one the first comment is not enough either: each stands behind one.
    const lines = types.split('\n');
    const bare = lines.filter((line, index) => /^ {2}\w+[<(]/.test(line) && !lines[index - 1]?.endsWith('*/'));
    expect(bare).toEqual([]);
  });
});
