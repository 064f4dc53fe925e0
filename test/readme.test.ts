import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { configTable } from '../src/config/document.ts';

const ROOT = join(import.meta.dirname, '..');
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8');
const readme = read('README.md');

describe('README.md', () => {
  const samples = [...readme.matchAll(/```(lua|ts|js)\n(?:--|\/\/) (examples\/\S+)\n(.*?)```/gs)];

  it('shows the scripts of both example consumers', () => {
    const shown = samples.map(([, , path]) => path);
    const scripts = ['lua-consumer', 'ts-consumer'].flatMap((example) =>
      readdirSync(join(ROOT, 'examples', example))
        .filter((file) => /\.(lua|ts)$/.test(file) && file !== 'fxmanifest.lua')
        .map((file) => `examples/${example}/${file}`),
    );
    expect(shown.sort()).toEqual(scripts.sort());
  });

  it.each(samples.map(([, , path = '', text = '']) => ({ path, text })))('shows $path as it is', ({ path, text }) => {
    expect(text).toBe(read(path));
  });

  it('holds no other code of a scripter that no test would run', () => {
    expect(readme.match(/```(lua|ts|js)\n/g)).toHaveLength(samples.length);
  });

  it('has the table of all config keys', () => {
    const table = /<!-- config table -->\n(.*?)\n<!-- \/config table -->/s.exec(readme)?.[1];
    expect(table?.trim()).toBe(configTable());
  });
});
