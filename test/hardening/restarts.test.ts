import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { manifest, printedBy } from '../../packages/fxhost/test/write-resource.ts';
import { KEY, postDirectly, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';
import { jsRecorder, luaRecorder, type Taken, takenBy } from './recorders.ts';

const RECORDERS = ['js', 'lua'];
const EACH_WAY_ONCE = ['event', 'export', 'handler', 'other'];
const event = (data: unknown) => JSON.stringify({ key: KEY, type: 'T', data });
const waysOf = (taken: readonly Taken[] = []) => taken.map(([way]) => way).sort();

describe('consumers in JavaScript and Lua', () => {
  let served: ServedResource;
  afterEach(() => served.close());

  async function serve(...order: string[]) {
    served = await serveResource();
    served.add('js', jsRecorder('T'));
    served.add('lua', luaRecorder('t'));
    for (const resource of order) served.host.ensure(resource);
  }

  /** Sends one event. @returns what it brought to each recorder */
  async function brought(data: unknown) {
    expect((await postDirectly(served.host, event(data))).status).toBe(200);
    return takenBy(served.host, RECORDERS);
  }

  const lines = () => printedBy(served.host, 'sonorancad');
  const failures = () => lines().filter((line) => line.includes('failed'));

  it.each([
    ['before it', ['js', 'lua', 'sonorancad']],
    ['after it', ['sonorancad', 'js', 'lua']],
    ['around it', ['lua', 'sonorancad', 'js']],
  ])('that start %s get each event once by each way, also after restarts of either side', async (_when, order) => {
    await serve(...order);
    for (const restarted of ['', 'sonorancad', 'js', 'lua', 'sonorancad', 'sonorancad']) {
      if (restarted !== '') served.host.restart(restarted);
      const taken = await brought(restarted);
      for (const name of RECORDERS)
        expect([restarted, name, waysOf(taken[name])]).toEqual([restarted, name, EACH_WAY_ONCE]);
    }
    expect(failures()).toEqual([]);
  });

  it('that restart several times in one tick, with the resource, get the next event once', async () => {
    await serve('js', 'sonorancad', 'lua');
    for (const resource of ['sonorancad', 'js', 'lua', 'sonorancad', 'lua', 'js']) served.host.restart(resource);
    const taken = await brought(1);
    for (const name of RECORDERS) expect(waysOf(taken[name])).toEqual(EACH_WAY_ONCE);
  });

  it('get what was taken before they could subscribe, in order and at most 1,000 events', async () => {
    await serve('sonorancad');
    served.add(
      'late-js',
      `const got = [];
      on('sonorancad:ready', () => exports.sonorancad.onPushEvent('*', (event) => got.push(event.data)));
      exports('got', () => got);`,
    );
    const source = `local got = {}
      AddEventHandler('sonorancad:ready', function()
        exports.sonorancad:onPushEvent('*', function(event) got[#got + 1] = event.data end)
      end)
      exports('got', function() return got end)`;
    served.add('late-lua', { 'fxmanifest.lua': manifest("server_script 's.lua'"), 's.lua': source });
    for (const name of ['late-js', 'late-lua']) served.host.ensure(name);
    served.host.restart('sonorancad');
    // On one stack, so that no tick of the game, and no `sonorancad:ready`, comes between.
    const answers = Array.from({ length: 1_005 }, (_, index) => postDirectly(served.host, event(index)));
    // Routes are asynchronous: without this pass, a busy machine would make the tick first and take the events after it.
    served.host.pump();
    for (const answer of await Promise.all(answers)) expect(answer.status).toBe(200);
    const got = (name: string) => served.host.callExport(name, 'got') as readonly unknown[];
    await until(() => got('late-lua').length > 0);
    // Each of those that come later comes after all of them.
    await postDirectly(served.host, event('last'));
    await until(() => got('late-lua').at(-1) === 'last');
    const numbers = Array.from({ length: 1_000 }, (_, index) => index);
    for (const name of ['late-js', 'late-lua']) expect(got(name)).toEqual([...numbers, 'last']);
    expect(lines().filter((line) => line.includes('Too many events'))).not.toEqual([]);
  });

  it('get nothing any more once they have stopped, and nobody says anything about it', async () => {
    await serve('js', 'sonorancad', 'lua');
    await takenBy(served.host, RECORDERS);
    const before = served.host.lines.length;
    served.host.stop('lua');
    await postDirectly(served.host, event(1));
    const { js } = await takenBy(served.host, ['js']);
    expect(waysOf(js)).toEqual(EACH_WAY_ONCE);
    expect(served.host.lines.slice(before).filter((line) => !line.startsWith('[resources]'))).toEqual([]);
  });

  it('that fail are reported once each, by name, and the others get every event', async () => {
    await serve('js', 'lua', 'sonorancad');
    const lua = (body: string) => ({ 'fxmanifest.lua': manifest("server_script 's.lua'"), 's.lua': body });
    const onReady = (subscription: string) => `AddEventHandler('sonorancad:ready', function() ${subscription} end)`;
    const failing = {
      'js-throws': `on('sonorancad:ready', () => exports.sonorancad.onPushEvent('T', () => { throw new Error('thrown') }))`,
      'js-rejects': `on('sonorancad:ready', () => exports.sonorancad.onPushEvent('T', async () => { throw new Error('rejected') }))`,
      'js-rejects-late': `on('sonorancad:ready', () => exports.sonorancad.onPushEvent('T', () => new Promise((_, no) => setTimeout(() => no(new Error('late')), 60))))`,
      'js-handler': `on('sonorancad:ready', () => emit('SonoranCAD::RegisterPushEvent', 'T', () => { throw new Error('thrown') }))`,
      'lua-throws': lua(onReady(`exports.sonorancad:onPushEvent('T', function() error('thrown') end)`)),
      'lua-throws-late': lua(onReady(`exports.sonorancad:onPushEvent('T', function() Wait(10) error('late') end)`)),
      'lua-handler': lua(onReady(`TriggerEvent('SonoranCAD::RegisterPushEvent', 't', function() error('thrown') end)`)),
    };
    for (const [name, resource] of Object.entries(failing)) served.add(name, resource);
    for (const name of Object.keys(failing)) served.host.ensure(name);
    served.host.restart('sonorancad');
    await takenBy(served.host, RECORDERS);
    for (const round of [1, 2, 3]) {
      const taken = await brought(round);
      for (const name of RECORDERS) expect(waysOf(taken[name])).toEqual(EACH_WAY_ONCE);
    }
    await until(() => failures().length >= Object.keys(failing).length);
    await brought(4);
    await sleep(150);
    const owners = failures().map((line) => / resource=(\S+)/.exec(line)?.[1] ?? line);
    expect(owners.sort()).toEqual(Object.keys(failing).sort());
  });

  it('may wait in their callbacks without holding up one another or the next event', async () => {
    await serve('js', 'lua', 'sonorancad');
    const waiting = `
      local function slow(way) return function(about) Wait(60) print(way .. ' ' .. about.type .. ' ' .. about.data) end end
      local function subscribe()
          exports.sonorancad:onPushEvent('T', slow('export'))
          TriggerEvent('SonoranCAD::RegisterPushEvent', 'T', slow('handler'))
      end
      AddEventHandler('sonorancad:ready', subscribe)
    `;
    served.add('waiting', { 'fxmanifest.lua': manifest("server_script 's.lua'"), 's.lua': waiting });
    served.host.ensure('waiting');
    served.host.restart('sonorancad');
    await takenBy(served.host, RECORDERS);
    const answers = [1, 2].map((data) => postDirectly(served.host, event(data)));
    for (const { status } of await Promise.all(answers)) expect(status).toBe(200);
    const taken = await takenBy(served.host, RECORDERS);
    for (const name of RECORDERS) expect(waysOf(taken[name])).toEqual([...EACH_WAY_ONCE, ...EACH_WAY_ONCE].sort());
    await until(() => printedBy(served.host, 'waiting').length >= 4);
    await sleep(80);
    expect(printedBy(served.host, 'waiting').sort()).toEqual([
      'export T 1',
      'export T 2',
      'handler T 1',
      'handler T 2',
    ]);
    expect(failures()).toEqual([]);
  });

  it('whose callback was handed over by a resource that has stopped are reported once, as what the other resource did', async () => {
    await serve('js', 'sonorancad', 'lua');
    // The callback belongs to `dead`, the subscription to `broker`, which does not know that `dead` has stopped.
    served.add('broker', `exports('subscribe', (callback) => exports.sonorancad.onPushEvent('T', callback));`);
    served.add('dead', `exports.broker.subscribe(() => console.log('called'));`);
    served.host.ensure('broker');
    served.host.ensure('dead');
    await brought(1);
    expect(printedBy(served.host, 'dead')).toEqual(['called']);
    served.host.stop('dead');
    for (const round of [2, 3]) {
      const taken = await brought(round);
      for (const name of RECORDERS) expect(waysOf(taken[name])).toEqual(EACH_WAY_ONCE);
    }
    expect(failures()).toEqual([expect.stringContaining('resource=broker')]);
  });
});
