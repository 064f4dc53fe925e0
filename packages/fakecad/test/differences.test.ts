import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import { faultNames } from '../src/faults.ts';
import { routes } from '../src/rest/rest-api.ts';

const read = (page: string) => readFileSync(join(import.meta.dirname, '..', page), 'utf8');

it('the page of differences lists exactly the endpoints that there are, with their limits', () => {
  const [, table = ''] = /<!-- endpoints -->(.*)<!-- \/endpoints -->/s.exec(read('docs/differences.md')) ?? [];
  const listed = [...table.matchAll(/^\| `([^`]+)` \| (\w+) \|$/gm)].map(
    ([, endpoint, limit]) => `${endpoint} ${limit}`,
  );
  expect(listed.sort()).toEqual(routes.map(({ method, path, limit }) => `${method} ${path} ${limit ?? 'none'}`).sort());
});

it('the README lists exactly the faults that there are', () => {
  const [, table = ''] = /^## Faults$(.*)^## Limits$/ms.exec(read('README.md')) ?? [];
  const cells = [...table.matchAll(/^\| (`.*?`) \|/gm)].map(([, names = '']) => names);
  const listed = cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name]) => name));
  expect(listed.sort()).toEqual([...faultNames, 'only'].sort());
});
