import { describe, expect, it } from '@jest/globals';
import { printedBy, serverWith } from './server-with.ts';

const HANDLER = `on('e', async () => { print('before'); await null; print('after') });`;
const ALIVE = `require('node:timers').setInterval(() => {}, 2 ** 30);`;

describe('code after the first await of a handler', () => {
  it('waits for the tick when nothing keeps the loop alive', async () => {
    const host = await serverWith({ one: HANDLER });
    host.emit('e');
    await Promise.resolve();
    host.pump();
    expect(printedBy(host, 'one')).toEqual(['before']);
    host.tick();
    expect(printedBy(host, 'one')).toEqual(['before', 'after']);
  });

  it.each([
    ['a real timer', ALIVE],
    ['a listening server', `require('net').createServer().listen(0, '127.0.0.1');`],
    ['a promise of node:timers', `require('node:timers/promises').setTimeout(2 ** 30);`],
  ])('runs at the next pass when %s keeps it alive', async (_name, code) => {
    const host = await serverWith({ one: HANDLER + code });
    host.pump();
    host.emit('e');
    await Promise.resolve();
    expect(printedBy(host, 'one')).toEqual(['before']);
    host.pump();
    expect(printedBy(host, 'one')).toEqual(['before', 'after']);
  });

  it.each([
    ['unreferenced', `require('node:timers').setInterval(() => {}, 2 ** 30).unref();`],
    [
      'cleared',
      `const { setInterval, clearInterval } = require('node:timers'); clearInterval(setInterval(() => {}, 2 ** 30));`,
    ],
    ['one of the globals', `globalThis.setInterval(() => {}, 1000);`],
  ])('waits for the tick when the timer is %s', async (_name, code) => {
    const host = await serverWith({ one: `${HANDLER} { ${code} }` });
    host.emit('e');
    host.pump();
    expect(printedBy(host, 'one')).toEqual(['before']);
  });

  it('runs by itself, without ticks by hand', async () => {
    const host = await serverWith({ one: HANDLER + ALIVE }, { manualTicks: false });
    host.emit('e');
    while (printedBy(host, 'one').length < 2) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(printedBy(host, 'one')).toEqual(['before', 'after']);
  });

  it('runs after a callback of Node', async () => {
    const host = await serverWith({
      one: `require('node:timers').setTimeout(async () => { print('before'); await null; print('after') }, 1)`,
    });
    while (printedBy(host, 'one').length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(printedBy(host, 'one')).toEqual(['before', 'after']);
  });

  it('of a script file that is one function does not run within its start', async () => {
    const host = await serverWith({
      one: `"use strict";\n(() => {\n  (async () => { print('before'); await null; print('after') })();\n})();\n`,
    });
    expect(printedBy(host, 'one')).toEqual(['before']);
  });
});

describe('next ticks, microtasks and promises of Node', () => {
  it('run in the order of Node, next ticks first', async () => {
    const host = await serverWith({
      one: `on('e', () => {
        Promise.resolve().then(() => { print('promise'); process.nextTick(() => print('tick in promise')) });
        queueMicrotask(() => print('microtask'));
        process.nextTick((a) => print('tick', a), 1);
      })`,
    });
    host.emit('e');
    expect(printedBy(host, 'one')).toEqual([]);
    host.tick();
    expect(printedBy(host, 'one')).toEqual(['tick 1', 'promise', 'microtask', 'tick in promise']);
  });

  it('go on when something outside the scope settles them', async () => {
    const host = await serverWith(
      {
        one: `on('e', async () => { print((await fs.promises.readFile(GetResourcePath('one') + '/fxmanifest.lua', 'utf8')).slice(0, 10)) })`,
      },
      { manualTicks: false },
    );
    host.emit('e');
    while (printedBy(host, 'one').length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(printedBy(host, 'one')).toEqual(['fx_version']);
  });
});

describe('an exception in a callback of Node', () => {
  it('is printed and ends nothing', async () => {
    const host = await serverWith({
      one: `require('node:timers').setTimeout(() => { throw new Error('no') }, 1)`,
    });
    while (printedBy(host, 'one').length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(printedBy(host, 'one')[0]).toBe('Uncaught Error: no');
    expect(host.resourceState('one')).toBe('started');
  });
});

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
