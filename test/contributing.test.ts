import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../scripts/project-root.ts';

const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { scripts: object };

describe.each(['CONTRIBUTING.md', 'docs/architecture.md'])('%s', (page) => {
  const text = readFileSync(join(projectRoot, page), 'utf8');

  it('names files and folders that exist', () => {
    const paths = [...text.matchAll(/`((?:src|test|scripts|docs|resource)\/[^`]*)`/g)].map(([, path = '']) => path);
    const patterns = paths.map((path) => path.replace(/<\w+>/g, '*'));
    expect(patterns.filter((path) => globSync(path, { cwd: projectRoot }).length === 0)).toEqual([]);
    expect(paths.length).toBeGreaterThan(4);
  });

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(/(?:^|`)npm (?:run )?([a-z]+)/gm)].map(([, name = '']) => name);
    expect(named.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  });
});
