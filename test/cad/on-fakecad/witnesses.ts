import type { FxHost } from '../../../scripts/fxhost/host.ts';
import { eventNames } from '../../conformance/event-names.ts';
import { manifest } from '../../fxhost/write-resource.ts';
import { KEY, type ServedResource } from '../../serve-resource.ts';

/** What a witness heard: the event's name without what all have in common, and its first argument where it is plain. */
export type Testimony = string;

const NAMES = JSON.stringify(eventNames);

const JS = `
  let heard = [];
  const say = (name, first) =>
    heard.push(name.replace(/^.*::?/, '') + (['string', 'number'].includes(typeof first) ? ' ' + first : ''));
  for (const name of ${NAMES}) on(name, (first) => say(name, first));
  on('sonorancad:pushEvent', ({ type }) => say('push', type));
  exports('heard', () => heard.splice(0));
`;

const LUA = `
local heard = {}
local function say(name, first)
    local plain = type(first) == 'string' or math.type(first) == 'integer'
    heard[#heard + 1] = name:match('[^:]*$') .. (plain and ' ' .. first or '')
end
for _, name in ipairs(json.decode('${NAMES}')) do AddEventHandler(name, function(first) say(name, first) end) end
AddEventHandler('sonorancad:pushEvent', function(event) say('push', event.type) end)
exports('heard', function()
    local all = heard
    heard = {}
    return all
end)
`;

/** Adds and starts a resource in JavaScript and one in Lua that hear whatever the official resource's scripts hear. */
export function addWitnesses({ add, host }: ServedResource): void {
  add('js-witness', JS);
  add('lua-witness', { 'fxmanifest.lua': manifest("server_script 'server.lua'"), 'server.lua': LUA });
  host.ensure('js-witness');
  host.ensure('lua-witness');
}

/** Takes what was heard since the last time. @throws when the two do not agree */
export function heard(host: FxHost): Testimony[] {
  const take = (name: string) => host.callExport(name, 'heard') as Testimony[];
  const [js, lua] = [take('js-witness'), take('lua-witness')];
  if (js.join() !== lua.join()) throw new Error(`heard in JavaScript: ${js}; in Lua: ${lua}`);
  return js;
}

/** The body of an event as the CAD posts it. */
export const bodyOf = (type: string, data: unknown) => JSON.stringify({ key: KEY, type, data });
