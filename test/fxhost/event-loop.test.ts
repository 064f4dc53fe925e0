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
