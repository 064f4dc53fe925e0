import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { manifest, printedBy, type TestResource } from '../../../packages/fxhost/test/write-resource.ts';
import { KEY, type ServedResource, serveResource } from '../../serve-resource.ts';

const lua = (source: string): TestResource => ({
  'fxmanifest.lua': manifest(`server_script 'a.lua'`),
  'a.lua': source,
});

describe('registerHttpEvent on the stand-in', () => {
  let served: ServedResource;
  beforeAll(async () => {
    served = await serveResource({ movableTime: true });
    served.host.ensure('sonorancad');
  });
  afterAll(() => served.close());

  const started: string[] = [];
  afterEach(() => {
    for (const name of started.splice(0)) served.host.stop(name);
  });

  /** Starts resources until the end of the test, each with a name of its own. */
  function start(resources: Readonly<Record<string, TestResource>>): void {
    for (const [name, resource] of Object.entries(resources)) {
      served.add(name, resource);
      served.host.ensure(name);
      started.push(name);
    }
  }

  const ask = (type: string, data: unknown = null, key = KEY) =>
    served.post(JSON.stringify({ key, type, data }), '/sonorancad/pluginevent');

  it('answers what handlers in JavaScript and Lua return, at once and later', async () => {
    start({
      answering: `
        exports.sonorancad.registerHttpEvent('JS_NOW', (body) => ({ keys: Object.keys(body), n: body.data.n }));
        exports.sonorancad.registerHttpEvent('JS_LATER', async () => [1, 'two', null]);
        exports.sonorancad.registerHttpEvent('JS_NOTHING', () => {});`,
      answeringInLua: lua(`
        exports.sonorancad:registerHttpEvent('LUA_NOW', function(body) return { type = body.type, n = body.data.n + 1 } end)
        exports.sonorancad:registerHttpEvent('LUA_LATER', function() Wait(50) return { waited = true } end)
        exports.sonorancad:registerHttpEvent('LUA_NOTHING', function() end)
        exports.sonorancad:registerHttpEvent('LUA_PLACE', function() return { at = { vector3(1.5, 2, 3) } } end)`),
    });
    expect(await ask('JS_NOW', { n: 1 })).toEqual([200, '{"keys":["type","data"],"n":1}']);
    expect(await ask('js_later')).toEqual([200, '[1,"two",null]']);
    expect(await ask('JS_NOTHING')).toEqual([200, '{}']);
    const [status, json] = await ask('lua_Now', { n: 1 });
    expect([status, JSON.parse(json)]).toEqual([200, { type: 'lua_Now', n: 2 }]);
    expect(await ask('LUA_LATER')).toEqual([200, '{"waited":true}']);
    expect(await ask('LUA_NOTHING')).toEqual([200, '{}']);
    expect(await ask('LUA_PLACE')).toEqual([200, '{"at":[{"x":1.5,"y":2,"z":3}]}']);
    expect(await ask('JS_NOW', null, 'another-key-entirely')).toEqual([400, 'Authentication Key Failed!']);
  });

  it('answers 500 without details to what fails, and names the resource once in the console', async () => {
    start({
      js: `
        exports.sonorancad.registerHttpEvent('THROWS', () => { throw new Error('secret of js'); });
        exports.sonorancad.registerHttpEvent('REFUSES', async () => { throw new Error('secret of js'); });
        exports.sonorancad.registerHttpEvent('LARGE', () => 'x'.repeat(1024 * 1024));`,
      lua: lua(`
        exports.sonorancad:registerHttpEvent('LUA_THROWS', function() error('secret of lua') end)
        exports.sonorancad:registerHttpEvent('LUA_REFUSES', function() Wait(0) error('secret of lua') end)`),
    });
    for (const type of ['THROWS', 'REFUSES', 'LARGE', 'LUA_THROWS', 'LUA_REFUSES', 'THROWS', 'LUA_REFUSES'])
      expect(await ask(type)).toEqual([500, 'Handler Failed']);
    const reports = printedBy(served.host, 'sonorancad').filter((line) =>
      line.includes('A handler of HTTP events failed'),
    );
    expect(reports.map((line) => /reason="(.*)"$/.exec(line)?.[1])).toEqual([
      'secret of js',
      'secret of js',
      'its answer is larger than 1 MiB',
      'see the SCRIPT ERROR above',
      '@lua/a.lua:3: secret of lua',
    ]);
    expect(reports.map((line) => /resource=(\S+) type=(\S+)/.exec(line)?.slice(1))).toEqual([
      ['js', 'THROWS'],
      ['js', 'REFUSES'],
      ['js', 'LARGE'],
      ['lua', 'LUA_THROWS'],
      ['lua', 'LUA_REFUSES'],
    ]);
  });

  it('answers 504 to a promise that does not come, and serves others meanwhile', async () => {
    start({
      waiting: `
        exports.sonorancad.registerHttpEvent('NEVER', () => new Promise(() => {}));
        exports.sonorancad.registerHttpEvent('NOW', () => 1);`,
    });
    const never = ask('NEVER');
    expect(await ask('NOW')).toEqual([200, '1']);
    served.later(4_000);
    expect(await never).toEqual([504, 'Handler Timeout']);
  });

  it('drops the handlers of a resource that stops, and takes them again when it comes back', async () => {
    start({ stopping: `exports.sonorancad.registerHttpEvent('T', () => 'here');` });
    expect(await ask('T')).toEqual([200, '"here"']);
    served.host.stop('stopping');
    expect(await ask('T')).toEqual([404, 'No Handler']);
    served.host.start('stopping');
    expect(await ask('T')).toEqual([200, '"here"']);
  });

  it('tells a resource who handles a type already, and what is wrong with its arguments', async () => {
    const before = served.host.lines.length;
    start({
      first: `exports.sonorancad.registerHttpEvent('T', () => 'first');`,
      second: `
        for (const args of [['t', () => 'second'], [7, () => 1], ['', () => 1], ['x'.repeat(257), () => 1], ['U', 'text']])
          try { exports.sonorancad.registerHttpEvent(...args); } catch (error) { console.log('refused'); }`,
    });
    expect(await ask('T')).toEqual([200, '"first"']);
    expect(printedBy(served.host, 'second').filter((line) => line === 'refused')).toHaveLength(5);
    const lines = served.host.lines.slice(before);
    const errors = lines.join('\n');
    expect(errors).toContain('the resource first handles T already');
    expect(errors).toContain('the first argument is a type of at most 256 characters, got 7');
    expect(errors).toContain('the second argument is a function, got text "text"');
    // The trace in the console names the function of server.js that threw, and its line.
    const trace = lines.find((line) => line.includes('server.js'))?.replace(/\^\d/g, '') ?? '';
    const [, name, line] = /> \w+\.(\w+) \(@sonorancad\/resource\/server\.js:(\d+)\)/.exec(trace) ?? [];
    expect(name).toBe('register');
    const script = readFileSync(join(served.own, 'resource', 'server.js'), 'utf8').split('\n');
    expect(script[Number(line) - 1]).toContain('already, and each type has one handler');
  });
});
