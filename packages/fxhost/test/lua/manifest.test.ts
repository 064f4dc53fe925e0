import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { loadLua } from '../../src/lua/lua-runtime.ts';
import { readManifest } from '../../src/lua/manifest.ts';
import { expandGlob } from '../../src/resource-scripts.ts';

const source = await loadLua();
const root = mkdtempSync(join(tmpdir(), 'manifest-'));
afterAll(() => rmSync(root, { recursive: true }));

function manifestOf(text: string) {
  const folder = join(root, 'my-res');
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'fxmanifest.lua'), text);
  return readManifest(source, join(folder, 'fxmanifest.lua'));
}

const HEAD = `fx_version 'cerulean'\ngame 'common'\n`;

describe('a manifest', () => {
  it('stores single values as they are named and lists without their s', () => {
    const metadata = manifestOf(`${HEAD}
      version '1.0.0'
      number(5)
      server_scripts { 'a.lua', 'b.js' }
      server_script 'c.lua'
      dependencies { '/server:13068', 'chat' }
      client_scripts 'kept with s'
      description 'Grüße'`);
    expect(metadata.get('version')).toEqual(['1.0.0']);
    expect(metadata.get('number')).toEqual(['5']);
    expect(metadata.get('server_script')).toEqual(['a.lua', 'b.js', 'c.lua']);
    expect(metadata.get('dependencie')?.[1]).toBe('chat');
    expect(metadata.get('client_scripts')).toEqual(['kept with s']);
    expect(metadata.get('description')).toEqual(['Grüße']);
    expect(metadata.get('missing')).toBeUndefined();
  });

  it('keeps what follows a value as JSON', () => {
    expect(manifestOf(`${HEAD}data_file 'X' { a = 1, b = { true } }`).get('data_file_extra')).toEqual([
      '{"a":1,"b":[true]}',
    ]);
  });

  it('may compute, but reach neither files nor code', () => {
    expect(manifestOf(`${HEAD}for i = 1, 2 do file('f' .. i) end`).get('file')).toEqual(['f1', 'f2']);
    expect(() => manifestOf(`${HEAD}io.open('/etc/passwd')`)).toThrow(
      /my-res\/fxmanifest.lua:3: attempt to index a function/,
    );
    expect(manifestOf(`${HEAD}load 'stored'`).get('load')).toEqual(['stored']);
  });

  it.each([
    [`game 'common'`, 'Resource my-res does not specify an `fx_version` in fxmanifest.lua.'],
    [`fx_version 'old'\ngame 'common'`, 'Resource my-res does not specify an `fx_version` in fxmanifest.lua.'],
    [`fx_version 'cerulean'`, 'Resource my-res does not support the current game (gta5).'],
    [
      `fx_version 'cerulean'\ngames { 'common', 'gta5' }`,
      'Resource my-res specifies both `common` and a specific game. This is considered ill-formed.',
    ],
    [`fx_version 'cerulean`, /^Could not load resource my-res: @my-res\/fxmanifest.lua:1: unfinished string/],
    [`${HEAD}version(true)`, /fxmanifest.lua:3: bad argument #2 to 'AddMetaData' \(string expected, got boolean\)/],
  ])('is refused when it reads %j', (text, message) => {
    expect(() => manifestOf(text)).toThrow(message);
  });

  it('accepts several games', () => {
    expect(manifestOf(`fx_version 'adamant'\ngames { 'gta5', 'rdr3' }`).get('game')).toEqual(['gta5', 'rdr3']);
  });
});

const named = join(root, 'named');
for (const path of ['a.lua', 'a.js', 'server/b.lua', 'server/deep/c.lua', 'server/b+(1).lua']) {
  mkdirSync(dirname(join(named, path)), { recursive: true });
  writeFileSync(join(named, path), '');
}

describe('a manifest pattern', () => {
  it.each([
    ['*.lua', ['a.lua']],
    ['**/*.lua', ['a.lua', 'server/b+(1).lua', 'server/b.lua', 'server/deep/c.lua']],
    ['server/**/*', ['server/b+(1).lua', 'server/b.lua', 'server/deep/c.lua']],
    ['./server/?.lua', ['server/b.lua']],
    ['server/b+(*).lua', ['server/b+(1).lua']],
    ['missing/*.lua', []],
    ['missing.lua', ['missing.lua']],
    ['@other/*.lua', ['@other/*.lua']],
  ])('%s names %j', (pattern, expected) => {
    expect(expandGlob(named, pattern)).toEqual(expected);
    expect(expandGlob(`${named}/`, pattern)).toEqual(expected);
  });
});
