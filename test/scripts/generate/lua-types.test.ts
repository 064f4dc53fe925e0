import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import wasmoon from 'wasmoon';
import { luaTypes } from '../../../scripts/generate/lua-types.ts';
import { projectRoot } from '../../../scripts/project-root.ts';
import { catalogue } from '../../../src/events/catalogue/catalogue.ts';

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
