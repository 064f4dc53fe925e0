import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from '@jest/globals';
import { startHost, urlHost } from '../src/host.ts';
import { manifest, printedBy, serverWith, writeResource } from './server-with.ts';

describe('the stand-in', () => {
  it('ticks by itself', async () => {
    const host = await serverWith({ one: `setTimeout(() => print('ticked'), 0)` }, { manualTicks: false });
    while (printedBy(host, 'one').length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(printedBy(host, 'one')).toEqual(['ticked']);
  });

  it('stands for the newer edition, too', async () => {
    const host = await serverWith(
      {
        one: `SetResourceKvp('a', '1'); print(GetConvar('version', ''), GetConvar('gamename', ''), GetResourceKvpString('a'));
              print(String(FindKvp(StartFindKvp(''))))`,
      },
      { edition: 'enhanced', findsNoKeys: true },
    );
    expect(printedBy(host, 'one')).toEqual(['CfxServer-fxhost b161 gta5enhanced 1', 'null']);
  });

  it('leaves nothing behind when its port is taken', async () => {
    const first = await serverWith({});
    // In a process of its own, with a folder of its own for temporary ones: other tests make theirs at the same time.
    const own = mkdtempSync(join(tmpdir(), 'temporary-'));
    const host = pathToFileURL(join(import.meta.dirname, '../src/host.ts')).href;
    const script = `import { startHost } from '${host}'; await startHost({ port: ${first.port} }).catch(({ code }) => console.log(code))`;
    const { stdout } = spawnSync(
      process.execPath,
      ['--disable-warning=ExperimentalWarning', '--input-type=module', '--eval', script],
      {
        env: { ...process.env, TMPDIR: own },
        encoding: 'utf8',
      },
    );
    expect(stdout).toBe('EADDRINUSE\n');
    expect(readdirSync(own)).toEqual([]);
    rmSync(own, { recursive: true });
  });

  it('has convars from its options, known to scripts as set by hand', async () => {
    const host = await serverWith(
      { one: `print(GetConvar('a', '-'), GetConvarInt('netPort', 0), GetConvar('b', '-'))` },
      { convars: { a: '1' } },
    );
    expect(printedBy(host, 'one')).toEqual([`1 ${host.port} -`]);
    host.setConvar('b', '2');
    expect(host.getConvar('B')).toBe('2');
  });

  it('hands lines to its log, one at a time, and keeps the last 10,000', async () => {
    const log: string[] = [];
    const host = await serverWith(
      { one: `print('a\\nb'); for (let i = 0; i < 10000; i++) print(i)` },
      { log: (line) => log.push(line) },
    );
    expect(log.slice(0, 2)).toEqual(['[script:one] a', '[script:one] b']);
    expect(host.lines).toHaveLength(10_000);
    expect(host.lines.at(-1)).toBe('[resources] Started resource one');
  });

  it('keeps what resources stored, when its folder is not a temporary one', async () => {
    const root = mkdtempSync(join(tmpdir(), 'root-'));
    const script = `print(String(GetResourceKvpString('k'))); SetResourceKvp('k', 'v')`;
    const first = await serverWith({ one: script }, { root });
    await first.close();
    const second = await serverWith({ one: script }, { root });
    await second.close();
    rmSync(root, { recursive: true });
    expect([...printedBy(first, 'one'), ...printedBy(second, 'one')]).toEqual(['null', 'v']);
  });

  it('takes the peer address of a request header, if it is told to trust it', async () => {
    const script = `SetHttpHandler((req, res) => { res.writeHead(200); res.send(req.address + ' ' + Object.keys(req.headers).includes('x-fxhost-peer')) })`;
    const host = await serverWith({ one: script }, { trustPeerHeader: true });
    const answer = await fetch(`${host.url}/one/`, { headers: { 'x-fxhost-peer': '[2001:db8::7]:5555' } });
    expect(await answer.text()).toBe('[2001:db8::7]:5555 false');
  });

  it('hands a rejected promise to the resource whose it is', async () => {
    // Promises do not cross; a class of the engine is the only thing that scripts and this test both hold.
    const share = (name: string) => `(Buffer.shared ??= {}).${name} = Promise.resolve();`;
    const host = await serverWith({
      one: `${share('one')} process.on('unhandledRejection', (reason) => print('own', reason.message))`,
      two: share('two'),
    });
    const { shared } = Buffer as unknown as { shared?: { one: unknown; two: unknown } };
    Reflect.deleteProperty(Buffer, 'shared');
    const reason = new Error('x');
    expect(host.rejected(reason, shared?.one)).toBe(true);
    expect(host.rejected(reason, shared?.two)).toBe(true);
    expect(host.rejected(reason, Promise.resolve())).toBe(false);
    expect(printedBy(host, 'one')).toEqual(['own x']);
    expect(printedBy(host, 'two')[0]).toBe('(node) Warning: Unhandled promise rejection: Error: x');
  });
});

describe('startHost', () => {
  const folders: string[] = [];
  const folder = () => {
    folders.push(mkdtempSync(join(tmpdir(), 'fxhost-start-')));
    return folders.at(-1) as string;
  };
  afterAll(() => {
    for (const path of folders) rmSync(path, { recursive: true });
  });

  it('adds and starts the resources of its options, and ends at the end of `await using`', async () => {
    const path = writeResource(folder(), 'mine', `exports('answer', () => 42)`);
    const host = await startHost({ resources: [path], manualTicks: true });
    expect(host.callExport('mine', 'answer')).toBe(42);
    await host[Symbol.asyncDispose]();
    await expect(host.closed).resolves.toBeUndefined();
  });

  it('frees its port when a manifest is refused', async () => {
    const path = writeResource(folder(), 'mine', { 'fxmanifest.lua': `fx_version 'cerulean'` });
    const { port, ...first } = await serverWith({});
    await first.close();
    await expect(startHost({ port, resources: [path] })).rejects.toThrow('does not support the current game');
    await (await startHost({ port })).close();
  });

  it('shows the console as one text, or what one resource printed', async () => {
    const host = await serverWith({ one: `print('a\\nb')`, two: `print('c')` });
    expect(host.console('one')).toBe('a\nb');
    expect(host.console()).toBe(host.lines.join('\n'));
    expect(host.console()).toContain('[script:two] c');
  });

  it('names the scripts that did not load at the latest start of their resource', async () => {
    const host = await serverWith({ one: `if (GetConvar('fail', '') === '') throw new Error('x')`, two: 'a b' });
    expect(host.failedScripts).toEqual([
      { resource: 'one', file: 'server.js' },
      { resource: 'two', file: 'server.js' },
    ]);
    host.setConvar('fail', 'no');
    host.restart('one');
    expect(host.failedScripts).toEqual([{ resource: 'two', file: 'server.js' }]);
  });

  it('prints the stack of a script that throws without the frames of the host', async () => {
    const host = await serverWith({ one: `(function inner() { throw new Error('x') })()` });
    expect(host.console('one')).toContain('at inner (@one/server.js:1');
    expect(host.console('one')).not.toContain(join(import.meta.dirname, '..'));
  });

  it('starts and stops all resources of a category', async () => {
    const category = join(folder(), '[local]');
    const host = await serverWith({});
    for (const name of ['a', 'b']) host.addResource(writeResource(category, name, ''));
    host.execute('ensure [local]');
    expect(['a', 'b'].map(host.resourceState)).toEqual(['started', 'started']);
    host.execute('stop [local]');
    expect(['a', 'b'].map(host.resourceState)).toEqual(['stopped', 'stopped']);
  });
});

describe('natives', () => {
  it('that the options supply replace those of the host, in JavaScript and Lua', async () => {
    const host = await serverWith(
      {
        one: `print(GetHeliTailRotorHealth(7), GetPlayerName(1))`,
        two: {
          'fxmanifest.lua': manifest(`server_script 'server.lua'`),
          'server.lua': 'print(GetHeliTailRotorHealth(8))',
        },
      },
      { natives: { GetHeliTailRotorHealth: (vehicle) => Number(vehicle) * 100, GetPlayerName: () => 'Ada' } },
    );
    expect([host.console('one'), host.console('two')]).toEqual(['700 Ada', '800']);
  });

  it('that return a Float32Array give a vector in Lua and a list in JavaScript', async () => {
    const lua = {
      'fxmanifest.lua': manifest(`server_script 'server.lua'`),
      'server.lua': 'print(GetEntityCoords(1) + vector3(1, 1, 1))',
    };
    const host = await serverWith(
      { lua, js: 'print(JSON.stringify(GetEntityCoords(1)))' },
      { natives: { GetEntityCoords: () => new Float32Array([1, 2, 3]) } },
    );
    expect([host.console('lua'), host.console('js')]).toEqual(['vec3(2.000000, 3.000000, 4.000000)', '[1,2,3]']);
  });

  it('that FXServer has and the host lacks throw an error that says how to supply them', async () => {
    const script = 'print(type(GetHeliTailRotorHealth), GetNoSuchNative, pcall(GetHeliTailRotorHealth, 7))';
    const host = await serverWith({
      one: `print(typeof GetHeliTailRotorHealth, typeof GetNoSuchNative);
            try { GetHeliTailRotorHealth(7) } catch (error) { print(error.message) }`,
      two: { 'fxmanifest.lua': manifest(`server_script 'server.lua'`), 'server.lua': script },
    });
    const message =
      'fxhost does not have the native GetHeliTailRotorHealth. ' +
      'Supply it: startHost({ natives: { GetHeliTailRotorHealth: (...args) => … } })';
    expect(host.console('one')).toContain('function undefined');
    expect(host.console('one')).toContain(message);
    expect(host.console('two')).toContain(message);
    expect(host.console('two')).toMatch(/^function\tnil\tfalse\t/);
  });

  it('that fail throw in the script, with a line of their own', async () => {
    const host = await serverWith({
      one: `try { GetResourceState(null) } catch (error) { print(error instanceof Error, error.message) }`,
    });
    expect(printedBy(host, 'one')).toEqual([
      expect.stringMatching(/^script error in native GetResourceState: /),
      expect.stringMatching(/^true native GetResourceState: Argument at index 0 was null/),
    ]);
  });

  it('give arrays and objects of the script’s own scope', async () => {
    const host = await serverWith({
      one: `RegisterCommand('a', () => {}, false); print(GetRegisteredCommands() instanceof Array)`,
    });
    expect(printedBy(host, 'one')).toEqual(['true']);
  });
});

it.each([
  [undefined, '127.0.0.1'],
  ['0.0.0.0', '127.0.0.1'],
  ['::', '127.0.0.1'],
  ['::1', '[::1]'],
  ['127.0.0.2', '127.0.0.2'],
])('what listens on %s is reached at %s', (bindHost, expected) => {
  expect(urlHost(bindHost)).toBe(expected);
});
