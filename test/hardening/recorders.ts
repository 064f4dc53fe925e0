import type { FxHost } from '../../packages/fxhost/src/index.ts';
import { manifest, type TestResource } from '../../packages/fxhost/test/write-resource.ts';
import { KEY, postDirectly } from '../serve-resource.ts';
import { until } from '../until.ts';

/** What a recorder got: which way it came, and the arguments. */
export type Taken = readonly [way: string, ...args: unknown[]];

/** The type whose event says that all before it has been dispatched. */
export const MARK = 'TEST_MARK';

/**
 * A JavaScript consumer that keeps whatever reaches it by all the ways a scripter has: export, RegisterPushEvent for these types,
 * the local event, the official resource's OtherEvent. What is nested deeper than 100 levels, or longer than 1,000 characters, is
 * kept as text that tells how deep or long.
 */
export function jsRecorder(...types: string[]): string {
  return `
  let taken = [];
  let marks = 0;
  function fold(value, level = 0) {
    if (typeof value === 'string') return value.length > 1000 ? 'text of ' + value.length : value;
    if (typeof value !== 'object' || value === null) return value;
    if (level === 100) {
      for (; typeof value === 'object' && value !== null; value = Object.values(value)[0]) level++;
      return 'nested ' + level;
    }
    if (Array.isArray(value)) return value.map((member) => fold(member, level + 1));
    return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, fold(member, level + 1)]));
  }
  function take(way, first, second) {
    const mark = (first.type ?? first) === '${MARK}';
    if (mark && way === 'event') marks++;
    if (!mark) taken.push(second === undefined ? [way, fold(first)] : [way, fold(first), fold(second)]);
  }
  function subscribe() {
    exports.sonorancad.onPushEvent('*', (event) => take('export', event));
    for (const type of ${JSON.stringify(types)})
      emit('SonoranCAD::RegisterPushEvent', type, (body) => take('handler', body));
  }
  on('sonorancad:ready', subscribe);
  if (GetResourceState('sonorancad') === 'started') subscribe();
  on('sonorancad:pushEvent', (event) => take('event', event));
  on('SonoranCAD::pushevents:OtherEvent', (type, data) => take('other', type, data));
  exports('marks', () => marks);
  exports('taken', () => taken.splice(0));
`;
}

/** The same in Lua. */
export function luaRecorder(...types: string[]): TestResource {
  return {
    'fxmanifest.lua': manifest("server_script 'server.lua'"),
    'server.lua': `
local taken, marks = {}, 0
local function fold(value, level)
    if type(value) == 'string' then return #value > 1000 and ('text of ' .. #value) or value end
    if type(value) ~= 'table' then return value end
    if level == 100 then
        while type(value) == 'table' do
            local _, member = next(value)
            value, level = member, level + 1
        end
        return 'nested ' .. level
    end
    local copy = {}
    for name, member in pairs(value) do copy[name] = fold(member, level + 1) end
    return copy
end
local function take(way, first, second)
    local mark = first == '${MARK}' or (type(first) == 'table' and first.type == '${MARK}')
    if mark and way == 'event' then marks = marks + 1 end
    if not mark then taken[#taken + 1] = { way, fold(first, 0), fold(second, 0) } end
end
local function subscribe()
    exports.sonorancad:onPushEvent('*', function(event) take('export', event) end)
    for _, type in ipairs({ ${types.map((type) => `'${type}'`).join(', ')} }) do
        TriggerEvent('SonoranCAD::RegisterPushEvent', type, function(body) take('handler', body) end)
    end
end
AddEventHandler('sonorancad:ready', subscribe)
if GetResourceState('sonorancad') == 'started' then subscribe() end
AddEventHandler('sonorancad:pushEvent', function(event) take('event', event) end)
AddEventHandler('SonoranCAD::pushevents:OtherEvent', function(type, data) take('other', type, data) end)
exports('marks', function() return marks end)
exports('taken', function()
    local all = taken
    taken = {}
    return all
end)
`,
  };
}

/**
 * Sends an event that marks the end, waits until it has come through, and gives what each recorder has kept before it: events are
 * dispatched in order, so what is missing then does not come.
 */
export async function takenBy(host: FxHost, recorders: readonly string[], key = KEY): Promise<Record<string, Taken[]>> {
  const marks = (name: string) => Number(host.callExport(name, 'marks'));
  const before = recorders.map(marks);
  const { status } = await postDirectly(host, JSON.stringify({ key, type: MARK }));
  if (status !== 200) throw new Error(`the next event was answered with ${status}`);
  await until(() => recorders.every((name, index) => marks(name) > (before[index] ?? 0)));
  return Object.fromEntries(recorders.map((name) => [name, host.callExport(name, 'taken') as Taken[]]));
}
