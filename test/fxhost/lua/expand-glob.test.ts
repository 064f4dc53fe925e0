import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from '@jest/globals';
import { expandGlob } from '../../../scripts/fxhost/resource-scripts.ts';

const root = mkdtempSync(join(tmpdir(), 'glob-'));
for (const path of ['a.lua', 'a.js', 'server/b.lua', 'server/deep/c.lua', 'server/b+(1).lua']) {
  mkdirSync(dirname(join(root, path)), { recursive: true });
  writeFileSync(join(root, path), '');
}
afterAll(() => rmSync(root, { recursive: true }));

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
    expect(expandGlob(root, pattern)).toEqual(expected);
    expect(expandGlob(`${root}/`, pattern)).toEqual(expected);
  });
});
