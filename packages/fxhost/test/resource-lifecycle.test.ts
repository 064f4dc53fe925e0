import { describe, expect, it } from '@jest/globals';
import type { FxHost } from '../src/index.ts';
import { manifest, printedBy, serverWith } from './server-with.ts';

const WATCHER = `for (const name of ['onResourceStarting', 'onResourceStart', 'onResourceStop', 'onServerResourceStart', 'onServerResourceStop'])
  on(name, (resource) => print(name, resource, GetResourceState(resource)))`;

const dependent = (on: string, script = '') => ({
  'fxmanifest.lua': manifest(`server_script 'server.js'`, `dependency '${on}'`),
  'server.js': script,
});

describe('a start', () => {
  it('tells everybody, the resource itself included, in this order', async () => {
    const host = await serverWith({ watcher: WATCHER, one: WATCHER });
    host.tick();
    const about = (lines: string[]) => lines.filter((line) => line.includes(' one '));
    expect(about(printedBy(host, 'watcher'))).toEqual([
      'onResourceStarting one starting',
      'onResourceStart one starting',
      'onServerResourceStart one started',
    ]);
    expect(about(printedBy(host, 'one'))).toEqual([
      'onResourceStart one starting',
      'onServerResourceStart one started',
    ]);
    expect(host.lines.filter((line) => line.startsWith('[resources]'))).toEqual([
      '[resources] Started resource watcher',
      '[resources] Started resource one',
    ]);
  });

  it('can be cancelled by another resource', async () => {
    const host = await serverWith({ watcher: `on('onResourceStarting', () => CancelEvent())`, one: `print('ran')` });
    expect(host.resourceState('one')).toBe('stopped');
    expect(printedBy(host, 'one')).toEqual([]);
  });

  it('starts what the resource depends on first', async () => {
    const host = await serverWith({ a: dependent('b'), b: '' });
    expect(host.lines.slice(0, 2)).toEqual(['[resources] Started resource b', '[resources] Started resource a']);
  });

  it('starts what `dependencies` names first', async () => {
    const host = await serverWith({
      a: { 'fxmanifest.lua': manifest(`server_script 'server.js'`, `dependencies { 'c', 'b' }`), 'server.js': '' },
      b: '',
      c: '',
    });
    const started = host.lines.filter((line) => line.startsWith('[resources] Started'));
    expect(started.slice(0, 3).map((line) => line.at(-1))).toEqual(['c', 'b', 'a']);
  });

  it('fails for a dependency that is not there', async () => {
    const host = await serverWith({ a: dependent('b') });
    expect(host.lines[0]).toBe('[resources] ^1Could not find dependency b for resource a.^7');
    expect(host.resourceState('a')).toBe('stopped');
  });

  it('takes a resource that provides the name', async () => {
    const host = await serverWith({
      other: { 'fxmanifest.lua': manifest(`server_script 'server.js'`, `provide 'b'`), 'server.js': '' },
      a: dependent('b'),
    });
    expect(host.resourceState('a')).toBe('started');
  });

  it('is refused by a server that is too old', async () => {
    const old = { setup: (host: FxHost) => host.setConvar('buildNumber', '5000') };
    const host = await serverWith({ a: dependent('/server:5001'), b: dependent('/server:5000') }, old);
    expect(host.lines.slice(0, 2)).toEqual([
      "[resources] ^1Resource 'a' can't run:^7",
      '[resources] - server build 5001 or newer is needed, this is 5000',
    ]);
    expect([host.resourceState('a'), host.resourceState('b')]).toEqual(['stopped', 'started']);
  });

  it('says when there is no such resource', async () => {
    const host = await serverWith({});
    expect(host.start('x')).toBe(false);
    expect(host.lines).toEqual(["[resources] ^1Couldn't find resource x.^7"]);
  });
});

describe('a stop', () => {
  it('tells everybody while the resource still runs; afterwards only the others', async () => {
    const host = await serverWith({ watcher: WATCHER, one: WATCHER });
    host.tick();
    const before = [printedBy(host, 'watcher').length, printedBy(host, 'one').length];
    host.stop('one');
    host.tick();
    expect(printedBy(host, 'watcher').slice(before[0])).toEqual([
      'onResourceStop one started',
      'onServerResourceStop one stopped',
    ]);
    expect(printedBy(host, 'one').slice(before[1])).toEqual(['onResourceStop one started']);
    expect(host.lines.at(-2)).toBe('[resources] Stopping resource one');
  });

  it('waits for nothing: what is left runs once more, and timers and sockets end', async () => {
    const host = await serverWith({
      one: `on('onResourceStop', async () => { print('a'); await null; print('b'); await new Promise((r) => setTimeout(r, 0)); print('c') });
        process.on('exit', () => print('exit'));
        require('node:timers').setInterval(() => print('tick'), 1)`,
    });
    host.stop('one');
    host.tick();
    const printed = printedBy(host, 'one');
    await new Promise((resolve) => setTimeout(resolve, 5));
    expect(printed.filter((line) => line !== 'tick')).toEqual(['a', 'b', 'exit']);
    expect(printedBy(host, 'one')).toEqual(printed);
  });

  it('closes the servers that the resource had open', async () => {
    const host = await serverWith({
      one: `const server = net.createServer().listen(0, '127.0.0.1', () => print(server.address().port))`,
    });
    while (printedBy(host, 'one').length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    host.stop('one');
    const port = printedBy(host, 'one')[0];
    await expect(fetch(`http://127.0.0.1:${port}`)).rejects.toThrow();
  });

  it('takes those that depend on it along, and a restart does not bring them back', async () => {
    const host = await serverWith({ b: '', a: dependent('b'), c: dependent('a') });
    host.restart('b');
    expect(host.resourceState('b')).toBe('started');
    expect(host.resourceState('a')).toBe('stopped');
    expect(host.resourceState('c')).toBe('stopped');
    expect(host.lines.filter((line) => line.includes('Stopping'))).toEqual([
      '[resources] Stopping resource c',
      '[resources] Stopping resource a',
      '[resources] Stopping resource b',
    ]);
  });

  it('removes the commands of the resource', async () => {
    const host = await serverWith({
      one: `RegisterCommand('hello', (source, args, raw) => print(source, args.join('+'), raw), false)`,
    });
    host.execute('hello a b');
    host.stop('one');
    host.execute('hello a b');
    expect(printedBy(host, 'one')).toEqual(['0 a+b hello a b']);
    expect(host.lines.at(-1)).toBe('[cmd] No such command hello.');
  });
});

describe('an end of the server', () => {
  it('is heard by no resource', async () => {
    const host = await serverWith({
      one: `on('onResourceStop', () => print('stop')); process.on('exit', () => print('exit'))`,
    });
    host.execute('quit');
    await host.closed;
    expect(printedBy(host, 'one')).toEqual([]);
  });
});

describe('the console', () => {
  it('starts, stops and lists', async () => {
    const host = await serverWith({ one: '' });
    host.execute('stop one');
    expect(host.resourceState('one')).toBe('stopped');
    host.execute('ensure one; restart one');
    expect(host.resourceState('one')).toBe('started');
    host.addPlayer({ name: 'Ada', identifiers: ['license:1'] });
    host.execute('players');
    expect(host.lines.slice(-2)).toEqual(['[cmd] 1 players', '[cmd] 1 Ada license:1']);
  });

  it('reads the manifest again only when asked to', async () => {
    const host = await serverWith({
      one: `print(GetResourceMetadata('one', 'version', 0)); SaveResourceFile('one', 'fxmanifest.lua', LoadResourceFile('one', 'fxmanifest.lua') + "version '2'", -1)`,
    });
    host.restart('one');
    host.execute('refresh; restart one');
    expect(printedBy(host, 'one').slice(0, 3)).toEqual(['null', 'null', '2']);
  });
});

describe('a resource of both runtimes', () => {
  it('hears events in both, and offers exports of both under one name', async () => {
    const host = await serverWith({
      both: {
        'fxmanifest.lua': manifest(`server_scripts { 'a.lua', 'b.js' }`),
        'a.lua': `AddEventHandler('e', function(n) print('lua ' .. n) end) exports('fromLua', function(a) return a .. '!' end)`,
        'b.js': `on('e', (n) => print('js ' + n)); exports('fromJs', (a) => exports.both.fromLua(a) + '?')`,
      },
    });
    host.emit('e', 1);
    expect(printedBy(host, 'both').sort()).toEqual(['js 1', 'lua 1']);
    expect(host.callExport('both', 'fromJs', 'a')).toBe('a!?');
  });
});
