import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { serverWith } from './server-with.ts';

const PAGE = readFileSync(join(import.meta.dirname, '../docs/differences.md'), 'utf8');

/** The names in the second column of a table of the page. */
function namesIn(table: string): string[] {
  const [, rows = ''] = new RegExp(`<!-- ${table} -->(.*)<!-- /${table} -->`, 's').exec(PAGE) ?? [];
  const cells = rows.split('\n').map((row) => row.split('|')[2] ?? '');
  return cells.flatMap((cell) => [...cell.matchAll(/`(\w+)`/g)].map(([, name = '']) => name)).sort();
}

describe('the page of differences', () => {
  it('lists exactly the natives that the host has', async () => {
    const { nativeNames } = await serverWith({});
    expect(namesIn('natives')).toEqual([...nativeNames].sort());
  });

  it('lists exactly the commands that the host has', async () => {
    const { natives } = await serverWith({});
    expect(namesIn('commands')).toEqual(natives.commands.names().sort());
  });

  it('quotes the error of a native that the host lacks', async () => {
    const host = await serverWith({ one: 'GetHeliTailRotorHealth(1)' });
    const [, quoted = ''] = /^```\n(fxhost does not have.*?)\n```$/ms.exec(PAGE) ?? [];
    expect(quoted).not.toBe('');
    expect(host.console('one')).toContain(quoted.replace('\n', ' '));
  });
});
