import { describe, expect, it } from '@jest/globals';
import { until } from '../../../test/until.ts';
import { manifest, printedBy, serverWith } from './server-with.ts';

const refused = (code: string) => `try { ${code}; print('allowed') } catch (error) { print(error.code) }`;

describe('script files', () => {
  it('are classic scripts that share one global scope, shared ones first', async () => {
    const host = await serverWith({
      one: {
        'fxmanifest.lua': manifest(`server_scripts { 'b.js', 'c/*.js' }`, `shared_script 'a.js'`),
        'a.js': `const constant = 'const'; var variable = 'var'; function fn() { return 'fn' } print('a')`,
        'b.js': `print('b', constant, variable, fn(), globalThis.variable, typeof module, typeof __dirname, this === globalThis)`,
        'c/d.js': `print('d')`,
      },
    });
    expect(printedBy(host, 'one')).toEqual(['a', 'b const var fn var function undefined true', 'd']);
  });

  it('that cannot be parsed or that throw are reported, and the resource starts with the others', async () => {
    const host = await serverWith({
      one: {
        'fxmanifest.lua': manifest(`server_scripts { 'a.js', 'b.js', 'c.js', 'gone.js' }`),
        'a.js': `let x =`,
        'b.js': `throw new Error('no')`,
        'c.js': `print('c')`,
      },
    });
    const printed = printedBy(host, 'one');
    expect(printed[0]).toBe('Error parsing script a.js in resource one: Unexpected end of input');
    expect(printed).toContain('Failed to load script a.js.');
    expect(printed).toContain('Error loading script b.js in resource one: no');
    expect(printed).toContain('Failed to load script b.js.');
    expect(printed.at(-1)).toBe('c');
    expect(host.lines).toContain('[resources] could not find server_script `gone.js` (defined in fxmanifest.lua)');
    expect(host.resourceState('one')).toBe('started');
  });

  it('are read again at each start', async () => {
    const host = await serverWith({
      one: `print('first'); SaveResourceFile('one', 'server.js', "print('second')", -1)`,
    });
    host.restart('one');
    expect(printedBy(host, 'one')).toEqual(['first', 'second']);
  });

  it('of one resource see nothing of another', async () => {
    const host = await serverWith({
      one: `globalThis.secret = 1; Array.prototype.leak = 1`,
      two: `print(typeof secret, [].leak)`,
    });
    expect(printedBy(host, 'two')).toEqual(['undefined undefined']);
  });
});

describe('require', () => {
  it('starts at the folder of the resource, whatever folder the script is in', async () => {
    const host = await serverWith({
      one: {
        'fxmanifest.lua': manifest(`server_script 'deep/a.js'`),
        'deep/a.js': `print(require('./lib/b').b, require('pkg').p, require('pkg/sub').s, require('./data.json').d)`,
        'lib/b.js': `exports.b = require('../c.js') + typeof __dirname`,
        'c.js': `module.exports = 'c'`,
        'data.json': '{"d":4}',
        'node_modules/pkg/package.json':
          '{"exports":{".":{"import":"./no.mjs","default":"./main.js"},"./sub":"./s.js"}}',
        'node_modules/pkg/main.js': `exports.p = 2`,
        'node_modules/pkg/s.js': `exports.s = 3`,
      },
    });
    expect(printedBy(host, 'one')).toEqual(['cstring 2 3 4']);
  });

  it('gives builtins with and without node:, the same each time', async () => {
    const host = await serverWith({
      one: `print(require('fs') === require('node:fs'), require('fs') === fs, typeof path.join)`,
    });
    expect(printedBy(host, 'one')).toEqual(['true true function']);
  });

  it('names what it cannot find', async () => {
    const host = await serverWith({
      one: `try { require('msgpack-lite') } catch (error) { print(error.code, error.message) }`,
    });
    expect(printedBy(host, 'one')).toEqual([`MODULE_NOT_FOUND Cannot find module 'msgpack-lite'`]);
  });

  it('refuses a .js file that package.json makes an ES module, and runs a .cjs file beside it', async () => {
    const host = await serverWith({
      one: {
        'package.json': '{"type":"module"}',
        'a.js': `module.exports = 'a'`,
        'b.cjs': `module.exports = 'b'`,
        'server.js': `print(require('./b.cjs')); try { require('./a.js') } catch (error) { print(error.message) }`,
      },
    });
    expect(printedBy(host, 'one')).toEqual(['b', expect.stringMatching(/a\.js is an ES module for Node/)]);
  });
});

describe('the globals', () => {
  it('are those of Node 22 that FXServer has', async () => {
    const host = await serverWith({
      one: `print(['fetch', 'WebSocket', 'AbortSignal', 'structuredClone', 'ReadableStream', 'Buffer', 'process', 'URL', 'TextEncoder', 'performance', 'http', 'path', 'util'].filter((name) => typeof globalThis[name] === 'undefined').join());
        print(typeof crypto.subtle, typeof crypto.createHash, typeof exports, typeof host, typeof msgpack, global === globalThis)`,
    });
    expect(printedBy(host, 'one')).toEqual(['', 'object function function undefined undefined true']);
  });

  it('hold one Uint8Array and one ArrayBuffer, of which a Buffer is an instance', async () => {
    const host = await serverWith({
      one: `print(Buffer.from('a') instanceof Uint8Array, Buffer.alloc(1).buffer instanceof ArrayBuffer, new TextEncoder().encode('a') instanceof Uint8Array)`,
    });
    expect(printedBy(host, 'one')).toEqual(['true true true']);
  });

  it('give promises of the scope from fetch', async () => {
    const host = await serverWith({
      one: `const p = fetch('http://127.0.0.1:1'); p.catch(() => {}); print(p instanceof Promise)`,
    });
    expect(printedBy(host, 'one')).toEqual(['true']);
  });
});

describe('the sandbox', () => {
  it('lets scripts write in their own folder only', async () => {
    const host = await serverWith({
      one: `const own = GetResourcePath('one'), other = GetResourcePath('two');
        ${refused('fs.writeFileSync(own + "/a.txt", "a")')}
        ${refused('fs.writeFileSync(other + "/a.txt", "a")')}
        ${refused('fs.writeFileSync(own + "/../one/a.txt", "a")')}
        ${refused('fs.rmSync(own, { recursive: true })')}
        ${refused('fs.renameSync(own + "/a.txt", other + "/b.txt")')}
        ${refused('fs.createWriteStream(other + "/a.txt")')}
        ${refused('fs.openSync(other + "/server.js", "w")')}
        ${refused('fs.readFileSync(other + "/server.js")')}
        ${refused('fs.readFileSync("/etc/hostname")')}
        fs.promises.writeFile(other + '/a', '').catch((error) => print('async', error.code));
        fs.writeFile(other + '/a', '', (error) => print('callback', error.code));`,
      two: '',
    });
    let printed: string[] = [];
    await until(() => {
      host.tick();
      printed = printedBy(host, 'one').filter((line) => !line.startsWith('Filesystem permission'));
      return printed.length >= 11;
    });
    const no = 'ERR_ACCESS_DENIED';
    expect(printed.slice(0, 9)).toEqual(['allowed', no, no, no, no, no, no, 'allowed', no]);
    expect(printed.slice(9).sort()).toEqual([`async ${no}`, `callback ${no}`]);
    expect(printedBy(host, 'one')).toContainEqual(
      expect.stringMatching(
        /^Filesystem permission check from 'one' for permission fs\.write on resource '.*two\/a\.txt' - no device found$/,
      ),
    );
  });

  it('refuses child processes and workers, unless the configuration allows them', async () => {
    const script = `${refused(`require('child_process').spawnSync('true')`)} ${refused(`new (require('worker_threads').Worker)('0', { eval: true }).unref()`)}`;
    const strict = await serverWith({ one: script });
    expect(printedBy(strict, 'one')).toEqual(['ERR_ACCESS_DENIED', 'ERR_ACCESS_DENIED']);
    const lax = await serverWith(
      { one: script },
      { setup: (host) => host.execute('add_unsafe_child_process_permission one; add_unsafe_worker_permission one') },
    );
    expect(printedBy(lax, 'one')).toEqual(['allowed', 'allowed']);
  });

  it('gives a temporary folder inside the resource, deleted with it', async () => {
    const host = await serverWith({
      one: `const file = require('os').tmpdir() + '/a'; fs.writeFileSync(file, 'a'); print(file.slice(GetResourcePath('one').length)); on('there', () => print(fs.existsSync(file)))`,
    });
    expect(printedBy(host, 'one')).toEqual(['/.tmp/a']);
  });

  it('ends the run at process.exit()', async () => {
    const fatal: string[] = [];
    const host = serverWith({ one: `process.exit(3)` }, { onFatal: (error) => fatal.push(error.message) });
    await expect(host).rejects.toThrow('process.exit(3) in one');
    expect(fatal).toEqual(['FXServer would have crashed: process.exit(3) in one ends the whole server']);
  });
});
