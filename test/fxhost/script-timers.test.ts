import { describe, expect, it } from '@jest/globals';
import { printedBy, serverWith } from './server-with.ts';

/** At which ticks a script's line was printed. */
async function ticksOf(script: string, ticks: number): Promise<number[]> {
  const host = await serverWith({ one: script });
  const seen: number[] = [];
  for (let tick = 1; tick <= ticks; tick++) {
    const before = printedBy(host, 'one').length;
    host.tick();
    if (printedBy(host, 'one').length > before) seen.push(tick);
  }
  return seen;
}

describe('a global timer', () => {
  it.each([
    ['setTimeout(() => print(1), 0)', [1]],
    ['setImmediate(() => print(1))', [1]],
    ['setTimeout(() => print(1), 49)', [1]],
    ['setTimeout(() => print(1), 50)', [2]],
    ['setTimeout(() => print(1), 120)', [3]],
    ['setInterval(() => print(1), 100)', [3, 6, 9]],
    ['setInterval(() => print(1), 10)', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['setTick(() => print(1))', [1, 2, 3, 4, 5, 6, 7, 8, 9]],
    ['setTimeout(() => setTimeout(() => print(1), 0), 0)', [2]],
    ['const t = setTimeout(() => print(1), 0); clearTimeout(t)', []],
    ['const t = setTimeout(() => print(1), 0); clearTimeout(+t)', [1]],
    ['const id = setTick(() => { print(1); clearTick(id) })', [1]],
    ['const t = setTimeout(() => { print(1); t.refresh() }, 0)', [1]],
    ['const t = setTimeout(() => print(1), 100); setTimeout(() => t.refresh(), 0)', [4]],
  ])('%s runs at ticks %j', async (script, expected) => {
    expect(await ticksOf(script, 9)).toEqual(expected);
  });

  it('that throws is reported, and the others run', async () => {
    const host = await serverWith({
      one: `setTimeout(() => { throw new Error('no') }, 0); setTimeout((a) => print(a), 0, 'argument')`,
    });
    host.tick();
    expect(printedBy(host, 'one')).toEqual([
      '^1SCRIPT ERROR in timer: Error: no^7',
      expect.stringContaining('@one/server.js'),
      'argument',
    ]);
  });

  it('cannot be replaced', async () => {
    const host = await serverWith({
      one: `'use strict'; try { globalThis.setTimeout = 1 } catch (error) { print(error.message) }`,
    });
    expect(printedBy(host, 'one')[0]).toMatch(/read only/);
  });

  it('takes no other than a function, so it cannot be promisified', async () => {
    const host = await serverWith({
      one: `util.promisify(setTimeout)(1).catch((error) => print(error.message))`,
    });
    host.tick();
    expect(printedBy(host, 'one')).toEqual(['Callback must be a function']);
  });

  it('gives a handle that turns into its number', async () => {
    const host = await serverWith({
      one: `const t = setTimeout(() => {}, 0); print(typeof t, +t === t.id, t.hasRef(), t.unref().hasRef(), t.ref() === t)`,
    });
    expect(printedBy(host, 'one')).toEqual(['object true true false true']);
  });
});

describe('a ticker that waits', () => {
  it('is called again only when what it waits for is there', async () => {
    expect(
      await ticksOf('setTick(async () => { print(1); await new Promise((done) => setTimeout(done, 100)) })', 9),
    ).toEqual([1, 5, 9]);
  });
});
