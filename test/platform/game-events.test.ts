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

/** Prints the arguments from Lua, which distinguishes integers from floats. */
const LUA_CONSUMER = `
local function show(value)
  if type(value) == 'number' then return math.type(value) .. ' ' .. tostring(value) end
  if type(value) ~= 'table' then return type(value) .. ' ' .. tostring(value) end
  if value.__cfx_functionReference then return 'function' end
  local shown = {}
  for key, item in pairs(value) do shown[#shown + 1] = type(key) .. ' ' .. tostring(key) .. '=' .. show(item) end
  -- Sort unless the table is a list.
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

describe('gameEvents.emit', () => {
  it('delivers every sample push event exactly as the game server’s own emit does', async () => {
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
    'floats with a whole value',
    'texts',
    'undefined, null and empty values',
    'booleans',
    'long lists',
    'a wide object',
    'objects without a prototype',
    'members named like Object.prototype members',
  ])(
    'packs the arguments itself and delivers them exactly as the game server’s own emit does, for %s',
    async (name) => {
      const host = await start();
      host.emit('sample', name);
      host.emit('packed');
      expect(printedBy(host, 'sender')).toEqual(['packed 1']);
      expectEqualArrivals(host);
    },
  );

  it.each(['values that are not plain', 'integers from 2^31 to 2^32-1'])(
    'calls the game server’s own emit for %s',
    async (name) => {
      const host = await start();
      host.emit('sample', name);
      host.emit('packed');
      expect(printedBy(host, 'sender')).toEqual(['packed 0']);
      expectEqualArrivals(host);
    },
  );

  it('calls the game server’s own emit when the native TriggerEventInternal is missing', async () => {
    const host = await start();
    host.emit('without');
    expect(printedBy(host, 'javascript')).toEqual(["ours [ 'without' ]"]);
  });

  it('delivers unchanged arguments to the next handler when the handler before it emits another event', async () => {
    const host = await serverWith({ sender: script, javascript: JS_CONSUMER });
    host.emit('sample', 'nested');
    host.emit('outer again');
    expect(printedBy(host, 'javascript')).toEqual(['outer the payload of the outer event']);
  });

  it('throws when arguments are nested more than 1,000 levels deep', async () => {
    const host = await start();
    host.emit('deep', 1_000);
    expect(printedBy(host, 'javascript')).toEqual(['arrived']);
    host.emit('deep', 1_002);
    expect(printedBy(host, 'sender')).toEqual(['Too deep objects in depth 1002']);
  });
});

/** The globals that the game server defines for a net event. */
const scope = globalThis as { onNet?: unknown; source?: unknown };
afterEach(() => {
  delete scope.onNet;
  delete scope.source;
});

/** Delivers one net event with this global `source`. Returns the sources that the handler got; empty if it was not called. */
function deliverFrom(source: unknown): unknown[] {
  const sources: unknown[] = [];
  let deliver: (...args: unknown[]) => void = () => {};
  scope.onNet = (_name: string, handler: typeof deliver) => {
    deliver = handler;
  };
  onNetEvent('name', (sender) => sources.push(sender));
  scope.source = source;
  deliver('an argument');
  return sources;
}

describe('onNetEvent', () => {
  it('passes the server id of the sending player, or null for a resource', () => {
    expect([deliverFrom(7), deliverFrom('')]).toEqual([[7], [null]]);
  });

  it.each([0, -1, Number.NaN, null, undefined, '7', 'net:7', {}])('drops an event whose source is %p', (source) => {
    expect(deliverFrom(source)).toEqual([]);
  });
});
