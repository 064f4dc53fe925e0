import { expect, it } from '@jest/globals';
import { configConvars, configTable } from '../../../scripts/generate/config-documents.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { configKeys } from '../../../src/config/schema.ts';
import { fakeSource } from '../../config/fake-source.ts';

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
