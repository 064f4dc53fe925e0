import { describe, expect, it } from '@jest/globals';
import { printedBy, serverWith } from './server-with.ts';

describe('a local event', () => {
  it('reaches every resource before emit returns', async () => {
    const host = await serverWith({
      one: `on('e', () => print('one'))`,
      two: `on('e', () => print('two')); emit('e'); print('after')`,
    });
    expect(printedBy(host, 'one')).toEqual(['one']);
    expect(printedBy(host, 'two')).toEqual(['two', 'after']);
  });

  it('has a name that ends at a NUL', async () => {
    const host = await serverWith({ one: `on('e', () => print('one')); emit('e\\0f')` });
    expect(printedBy(host, 'one')).toEqual(['one']);
  });

  it('is heard by the host after all resources, as often as it comes', async () => {
    const host = await serverWith({ one: `on('e', () => print('one'))` });
    const heard: unknown[][] = [];
    host.on('e', (...args) => heard.push([...args, printedBy(host, 'one').length]));
    host.emit('e', { a: [1] });
    host.emit('e');
    host.emit('f');
    expect(heard).toEqual([[{ a: [1] }, 1], [2]]);
  });

  it('goes on to the next handler when one throws, and names the event and the place', async () => {
    const host = await serverWith({
      one: `on('e', function broken() { throw new TypeError('no') });\non('e', () => print('next'))`,
    });
    host.emit('e');
    expect(printedBy(host, 'one')).toEqual([
      "^1SCRIPT ERROR in event `e': TypeError: no^7",
      '^3> broken^7 (^5@one/server.js^7:1)',
      'next',
    ]);
  });

  it('reports a rejection of an async handler, which nobody waits for', async () => {
    const host = await serverWith({ one: `on('e', async () => { throw new Error('late') })` });
    host.emit('e');
    expect(printedBy(host, 'one')).toEqual([]);
    host.tick();
    expect(printedBy(host, 'one').join('\n')).toMatch(/^\^1Error: Unhandled promise failure: Error: late/);
  });

  it('skips the handler after one that removes itself', async () => {
    const host = await serverWith({
      one: `const first = () => { print('first'); removeEventListener('e', first) };
        on('e', first); on('e', () => print('second')); on('e', () => print('third'))`,
    });
    host.emit('e');
    expect(printedBy(host, 'one')).toEqual(['first', 'third']);
  });

  it('runs a handler that was added while it runs', async () => {
    const host = await serverWith({ one: `on('e', () => on('e', () => print('added')))` });
    host.emit('e');
    expect(printedBy(host, 'one')).toEqual(['added']);
  });

  it('has an empty source, which is null after a nested event and after it all', async () => {
    const host = await serverWith({
      one: `on('inner', () => {});
        on('e', () => { print(JSON.stringify(source)); emit('inner'); print(JSON.stringify(source)) });
        on('show', () => {}); setImmediate(() => print(JSON.stringify(source)))`,
    });
    host.emit('e');
    host.tick();
    expect(printedBy(host, 'one')).toEqual(['""', 'null', 'null']);
  });

  it('can be cancelled, and the emitter can ask', async () => {
    const host = await serverWith({
      one: `on('e', () => CancelEvent()); emit('e'); print(WasEventCanceled()); emit('other'); print(WasEventCanceled())`,
    });
    expect(printedBy(host, 'one')).toEqual(['1', 'false']);
    expect(host.emit('e')).toBe(false);
    expect(host.emit('other')).toBe(true);
  });

  it('leaves a handler that asks while it runs with what became of the last event that has ended', async () => {
    const host = await serverWith({
      one: `on('refused', () => CancelEvent()); on('passed', () => {});
        on('e', (before) => { CancelEvent(); emit(before); print(WasEventCanceled()) });
        emit('passed'); emit('e', 'passed'); emit('e', 'refused'); on('f', () => print(WasEventCanceled()));
        emit('refused'); emit('f'); emit('passed'); emit('f')`,
    });
    expect(printedBy(host, 'one')).toEqual(['false', '1', '1', 'false']);
  });

  it('warns once about an eleventh listener', async () => {
    const host = await serverWith({ one: `for (let i = 0; i < 12; i++) on('e', () => {})` });
    expect(printedBy(host, 'one')).toEqual([expect.stringMatching(/^MaxListenersExceededWarning.* 11 e listeners/)]);
  });

  it('reaches raw listeners as bytes', async () => {
    const host = await serverWith({
      one: `addRawEventListener('e', (payload, from) => print(payload.length, JSON.stringify(from)))`,
    });
    host.emit('e', 1);
    expect(printedBy(host, 'one')).toEqual(['2 ""']);
  });
});

describe('a net event', () => {
  it('waits for the next tick and carries the player as a number', async () => {
    const host = await serverWith({
      one: `onNet('e', (a) => print(typeof source, source, a, String(GetInvokingResource())))`,
    });
    const player = host.addPlayer();
    player.trigger('e', 'hi');
    expect(printedBy(host, 'one')).toEqual([]);
    host.tick();
    expect(printedBy(host, 'one')).toEqual([`number ${player.id} hi null`]);
  });

  it('runs nothing when its name was not registered', async () => {
    const host = await serverWith({ one: `on('e', () => print('ran'))` });
    host.addPlayer().trigger('e');
    host.tick();
    expect(printedBy(host, 'one')).toEqual(['^1Error: Event e was not safe for net^7']);
  });

  it('also runs plain handlers once the name is registered', async () => {
    const host = await serverWith({
      one: `on('e', () => print('plain')); RegisterNetEvent('e', () => print('ignored'))`,
    });
    host.addPlayer().trigger('e');
    host.tick();
    expect(printedBy(host, 'one')).toEqual(['plain']);
  });

  it('is listed for the resource that accepts it', async () => {
    const host = await serverWith({
      one: `onNet('b', () => {}); RegisterNetEvent('a'); on('c', () => {}); on('d', () => {}, true)`,
    });
    expect(host.netSafeEvents('one')).toEqual(['a', 'b', 'd']);
  });
});

describe('an event for clients', () => {
  it('is received by its player only, or by all for -1', async () => {
    const host = await serverWith({
      one: `on('go', (id) => { emitNet('mine', id, { a: undefined }); emitNet('all', -1, 1); emitNet('nobody', 99);
        TriggerLatentClientEvent('slow', id, 1000, 2) })`,
    });
    const [first, second] = [host.addPlayer(), host.addPlayer()];
    host.emit('go', first.id);
    expect(first.received).toEqual([
      { event: 'mine', args: [{ a: null }], latent: false },
      { event: 'all', args: [1], latent: false },
      { event: 'slow', args: [2], latent: true },
    ]);
    expect(second.received).toEqual([{ event: 'all', args: [1], latent: false }]);
  });

  it('needs a target', async () => {
    const host = await serverWith({ one: `try { emitNet('e', 0) } catch (error) { print(error.message) }` });
    expect(printedBy(host, 'one')).toEqual(['native TriggerClientEventInternal: Argument at index 1 was null.']);
  });
});

describe('a player who leaves', () => {
  it('raises playerDropped with its number as source', async () => {
    const host = await serverWith({ one: `on('playerDropped', (reason) => print(source, reason))` });
    const player = host.addPlayer();
    player.drop('bye');
    expect(printedBy(host, 'one')).toEqual([`${player.id} bye`]);
  });

  it('is known to the natives while playerDropped is handled', async () => {
    const host = await serverWith({
      one: `const look = () => print(GetPlayerName(7), getPlayers(), getPlayerIdentifiers(7), GetPlayerPed(7));
        on('playerDropped', look); on('later', look)`,
    });
    host.addPlayer({ id: 7, name: 'Ann', identifiers: ['license:1'] }).drop();
    host.emit('later');
    expect(printedBy(host, 'one')).toEqual(['Ann 7 license:1 131079', 'null   0']);
  });
});
