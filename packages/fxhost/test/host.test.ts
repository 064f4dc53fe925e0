import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from '@jest/globals';
import { urlHost } from '../src/host.ts';
import { printedBy, serverWith } from './server-with.ts';

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

describe('natives', () => {
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

describe('state bags', () => {
  it('are seen by every resource', async () => {
    const host = await serverWith({
      one: `GlobalState.a = { b: new Date() }; Player(1).state.set('c', 1, true)`,
      two: `print(JSON.stringify(GlobalState.a), Player(1).state.c, typeof GlobalState.none)`,
    });
    expect(printedBy(host, 'two')).toEqual(['{"b":{}} 1 undefined']);
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
