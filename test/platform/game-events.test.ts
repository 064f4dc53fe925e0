import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { FxHost } from '../../packages/fxhost/src/index.ts';
import { manifest, printedBy, serverWith } from '../../packages/fxhost/test/server-with.ts';
import { bundleResource } from '../../scripts/build/bundle.ts';
import { createKeyRing } from '../../src/events/api-keys.ts';
import { receiveEvent } from '../../src/events/receive.ts';
import { onNetEvent } from '../../src/platform/events.ts';

let script: string;
beforeAll(async () => {
  const { server } = await bundleResource('0.0.0', join(import.meta.dirname, 'emitting-server.ts'));
  script = Buffer.from(server).toString();
});

const JS_CONSUMER = `
const show = (value) => require('node:util').inspect(value, { depth: 100, maxArrayLength: null, maxStringLength: null, breakLength: Infinity, compact: 1000 });
for (const name of ['ours', 'theirs']) on(name, (...args) => print(name + ' ' + show(args)));
on('outer', (text) => print('outer ' + text));
on('depth', () => print('arrived'));`;

/** Tells integers from floats, which JavaScript does not. */
const LUA_CONSUMER = `
local function show(value)
  if type(value) == 'number' then return math.type(value) .. ' ' .. tostring(value) end
  if type(value) ~= 'table' then return type(value) .. ' ' .. tostring(value) end
  if value.__cfx_functionReference then return 'function' end
  local shown = {}
  for key, item in pairs(value) do shown[#shown + 1] = type(key) .. ' ' .. tostring(key) .. '=' .. show(item) end
  -- A list is in its order.
  if #value ~= #shown then table.sort(shown) end
  return '{' .. table.concat(shown, ', ') .. '}'
end
for _, name in ipairs({ 'ours', 'theirs' }) do
  AddEventHandler(name, function(...)
    local args = table.pack(...)
    local shown = {}
    for index = 1, args.n do shown[index] = show(args[index]) end
    print(name .. ' ' .. table.concat(shown, '; '))
  end)
end`;

const consumers = {
  javascript: JS_CONSUMER,
  lua: { 'fxmanifest.lua': manifest(`server_script 'server.lua'`), 'server.lua': LUA_CONSUMER },
};

const start = () => serverWith({ ...consumers, sender: script });

function expectEqualArrivals(host: FxHost): void {
  for (const consumer of Object.keys(consumers)) {
    const by = (name: string) =>
      printedBy(host, consumer)
        .filter((line) => line.startsWith(`${name} `))
        .map((line) => line.slice(name.length));
    expect(by('ours').length).toBeGreaterThan(0);
    expect(by('ours')).toEqual(by('theirs'));
  }
}

describe('a server-local event', () => {
  it('arrives as the game server’s own emit would bring it, for every sample of a push event', async () => {
    const host = await start();
    const folder = join(import.meta.dirname, '..', 'fixtures', 'push-events');
    const files = globSync('**/EVENT_*.json', { cwd: folder });
    expect(files.length).toBeGreaterThan(27);
    for (const file of files) {
      const raw = readFileSync(join(folder, file));
      const result = receiveEvent(raw, createKeyRing([JSON.parse(raw.toString()).key]), 'http', 1_700_000_000_000);
      if (!result.accepted) continue;
      host.emit('twice', result.event);
      host.emit('twice', result.event.data, result.event);
    }
    expectEqualArrivals(host);
    host.emit('packed');
    expect(printedBy(host, 'sender').at(-1)).toBe(`packed ${printedBy(host, 'javascript').length / 2}`);
  });

  it.each([
    'numbers',
    'floats that are whole',
    'texts',
    'nothing',
    'booleans',
    'long',
    'a wide object',
    'objects without a prototype',
    'names of members that objects have',
  ])('arrives as emit would bring it, with %s', async (name) => {
    const host = await start();
    host.emit('sample', name);
    host.emit('packed');
    expect(printedBy(host, 'sender')).toEqual(['packed 1']);
    expectEqualArrivals(host);
  });

  it.each(['what is not plain', 'numbers between'])('is left to emit with %s', async (name) => {
    const host = await start();
    host.emit('sample', name);
    host.emit('packed');
    expect(printedBy(host, 'sender')).toEqual(['packed 0']);
    expectEqualArrivals(host);
  });

  it('is left to emit on a game server without the native', async () => {
    const host = await start();
    host.emit('without');
    expect(printedBy(host, 'javascript')).toEqual(["ours [ 'without' ]"]);
  });

  it('reaches the next handler unharmed when the one before triggers another', async () => {
    const host = await serverWith({ sender: script, javascript: JS_CONSUMER });
    host.emit('sample', 'nested');
    host.emit('outer again');
    expect(printedBy(host, 'javascript')).toEqual(['outer the payload of the outer event']);
  });

  it('is refused in plain words when its values are nested without end', async () => {
    const host = await start();
    host.emit('deep', 1_000);
    expect(printedBy(host, 'javascript')).toEqual(['arrived']);
    host.emit('deep', 1_002);
    expect(printedBy(host, 'sender')).toEqual(['Too deep objects in depth 1002']);
  });
});

/** What the game server gives a script of it. */
const scope = globalThis as { onNet?: unknown; source?: unknown };
afterEach(() => {
  delete scope.onNet;
  delete scope.source;
});

/** @returns whom a handler is told that an event comes from, with this `source`; nothing where it is not called */
function senders(source: unknown): unknown[] {
  const told: unknown[] = [];
  let deliver: (...args: unknown[]) => void = () => {};
  scope.onNet = (_name: string, handler: typeof deliver) => {
    deliver = handler;
  };
  onNetEvent('name', (sender) => told.push(sender));
  scope.source = source;
  deliver('an argument');
  return told;
}

describe('a net event', () => {
  it('comes from the player whose number it has, or from a resource', () => {
    expect([senders(7), senders('')]).toEqual([[7], [null]]);
  });

  it.each([0, -1, Number.NaN, null, undefined, '7', 'net:7', {}])('is refused with %p for a source', (source) => {
    expect(senders(source)).toEqual([]);
  });
});
