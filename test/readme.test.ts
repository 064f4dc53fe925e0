import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..');
const readme = readFileSync(join(ROOT, 'README.md'), 'utf8');
const pages = readdirSync(join(ROOT, 'docs')).filter((name) => name.endsWith('.md'));
const shownIn = (text: string) =>
  [...text.matchAll(/```(?:lua|ts|js)\n(?:--|\/\/) (examples\/\S+)\n/g)].map(([, path]) => path);

describe('the documents', () => {
  // That each is shown as it is, is a matter of generate.test.ts; that each works, of test/examples.
  it('show every script of the examples', () => {
    const scripts = ['lua-consumer', 'js-consumer', 'ts-consumer', 'verify-signature', 'listener'].flatMap((example) =>
      readdirSync(join(ROOT, 'examples', example))
        .filter((file) => file !== 'fxmanifest.lua' && !(example === 'ts-consumer' && file === 'server.js'))
        .map((file) => `examples/${example}/${file}`),
    );
    const texts = [readme, ...pages.map((name) => readFileSync(join(ROOT, 'docs', name), 'utf8'))];
    expect(texts.flatMap(shownIn).sort()).toEqual(scripts.sort());
  });

  it('have an index that leads to each page', () => {
    const index = readFileSync(join(ROOT, 'docs', 'README.md'), 'utf8');
    for (const name of pages.filter((page) => page !== 'README.md' && page !== 'architecture.md'))
      expect(index).toContain(`](${name})`);
  });
});

describe('README.md', () => {
  it('holds no other Lua, JavaScript or TypeScript, which no test would run', () => {
    expect(readme.match(/```(lua|ts|js|javascript|typescript)\n/g)).toHaveLength(shownIn(readme).length);
  });

  it('is read in some minutes', () => {
    expect(readme.match(/\S+/g)?.length).toBeLessThanOrEqual(1_800);
  });
});
