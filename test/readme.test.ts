import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');

describe('README.md', () => {
  // That each is shown as it is, is a matter of generate.test.ts; that each works, of test/examples.
  const samples = [...readme.matchAll(/```(?:lua|ts|js)\n(?:--|\/\/) (examples\/\S+)\n/g)].map(([, path]) => path);

  it('shows every script of the examples', () => {
    const scripts = ['lua-consumer', 'js-consumer', 'ts-consumer', 'verify-signature', 'listener'].flatMap((example) =>
      readdirSync(join(ROOT, 'examples', example))
        .filter((file) => file !== 'fxmanifest.lua' && !(example === 'ts-consumer' && file === 'server.js'))
        .map((file) => `examples/${example}/${file}`),
    );
    expect(samples.sort()).toEqual(scripts.sort());
  });

  it('holds no other Lua, JavaScript or TypeScript, which no test would run', () => {
    expect(readme.match(/```(lua|ts|js|javascript|typescript)\n/g)).toHaveLength(samples.length);
  });
});
