import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConnectedPlayer } from '../../packages/fxhost/src/index.ts';
import { type HttpTarget, startHttpTarget } from '../http-target.ts';
import { payload, postDirectly, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';
import { jsRecorder, takenBy } from './recorders.ts';

/** The events that the resource takes from players' games, sorted. Each one more is one more that any player may send at any time. */
const NET_SAFE: readonly string[] = [
  'SonoranCAD::Tablet::AssociateSso',
  'SonoranCAD::Tablet::AssociateSsoData',
  'SonoranCAD::Tablet::CheckLinkStatus',
  'SonoranCAD::Tablet::SetCommunityLink',
  'SonoranCAD::apicheck:CheckPlayerLinked',
  'SonoranCAD::callcommands:SendCallApi',
  'SonoranCAD::callcommands:SendPanicApi',
  'SonoranCAD::calltemplates:SendDispatch',
  'SonoranCAD::core:LogBuffer',
  'SonoranCAD::core:PlayerReady',
  'SonoranCAD::core:UploadSupportLogs',
  'SonoranCAD::core:sendClientConfig',
  'SonoranCAD::dispatchnotify:AddNoteToCall',
  'SonoranCAD::dispatchnotify:CommandNotify',
  'SonoranCAD::dispatchnotify:CommandRespond',
  'SonoranCAD::dispatchnotify:UpdateCallPostal',
  'SonoranCAD::links:AssociateSso',
  'SonoranCAD::links:Open',
  'SonoranCAD::links:Poll',
  'SonoranCAD::links:PopupClosed',
  'SonoranCAD::localcallers:Call911',
  'SonoranCAD::locations:ErrorDetection',
  'SonoranCAD::locations:SendLocation',
  'SonoranCAD::sonrad:GetCurrentCall',
  'SonoranCAD::sonrad:GetUnitInfo',
  'SonoranCAD::sonrad:RadioPanic',
  'SonoranCAD::sonrad:SyncTowers',
  'SonoranCAD::unitstatus:UpdateStatus',
  'SonoranScripts::Call911',
  'cadToggleApi',
  'sonorancad::registerVeh',
  'sonorancad:client:started',
  'wk:onPlateLocked',
  'wk:onPlateScanned',
];
/**
 * What the player's own game may be answered: 10 questions of the tablet, 3 of our own client script, 2 calls that failed, 2 panics
 * of somebody who is no unit, and once for each of both that it was too much; 10 questions about linking with 2 answers each and once that
 * it was too much, and 20 of the radio.
 */
const MOST_ANSWERS = 64;

/** How often each event is triggered … */
const TIMES = 500;
/** … and each of the many by which other resources look up exports. */
const TIMES_FOR_EXPORTS = 100;
/** The heap is measured after each round of so many. */
const ROUNDS = 5;

/** Keeps the names that the resource's scripts listen to, whichever way they do. */
const SPY_JS = `
  const names = new Set();
  for (const way of ['on', 'onNet', 'addEventListener', 'addNetEventListener', 'AddEventHandler', 'addRawEventListener', 'addRawEventHandler']) {
    const original = globalThis[way];
    globalThis[way] = (name, ...rest) => (names.add(name), original(name, ...rest));
  }
  exports('listenedInJs', () => [...names]);
`;
const SPY_LUA = `
  local names, add = {}, AddEventHandler
  function AddEventHandler(name, handler)
    names[#names + 1] = name
    return add(name, handler)
  end
  exports('listenedInLua', function() return names end)
`;

/** Events of the server and of other resources that no game may send, among others. */
const SERVER_ONLY = [
  'SonoranCAD::RegisterPushEvent',
  'onResourceStart',
  'onResourceStop',
  'playerDropped',
  'playerJoining',
  '__cfx_export_sonorancad_onPushEvent',
  '__cfx_export_sonorancad_GetUnitCache',
];

/** What happens before, so that there is something to change. */
const BEFORE = ['EVENT_UNIT_LOGIN', 'EVENT_DISPATCH_NEW', 'EVENT_911'];
/** What happens afterwards, and is forwarded. */
const AFTER = 'EVENT_TONE';

/** Whoever has it is the unit of the fixtures. */
const LICENSE = 'license:000000000000000000000000000000000000000c';

/** What could do something somewhere if it got through, and at least one of each type. */
const ARGUMENTS: readonly (readonly unknown[])[] = [
  [],
  [null],
  [true],
  [0],
  [-1],
  [1.5],
  [Number.NaN],
  [2 ** 60],
  [''],
  ['EVENT_911'],
  ['x'.repeat(2_000)],
  [[]],
  [[1, 'two', null]],
  [{}],
  [{ type: 'EVENT_TONE', data: { sound: 1 } }],
  [Array.from({ length: 100 }).reduce((inner) => [inner], [])],
  [new Uint8Array([1, 2, 3])],
  // A function of the player's game, which nobody on the server can call.
  [{ functionReference: 'a-game:0:1' }],
  ['EVENT_911', { functionReference: 'a-game:0:1' }],
  ['sonorancad'],
  ['js'],
  ['5.0.0'],
  [12, { id: 12, status: 1, data: {} }, 1],
  ['1', { id: 12, status: 1, data: {} }],
  Array.from({ length: 50 }, (_, index) => index),
];

const isExport = (name: string) => name.startsWith('__cfx_export_');

describe('a player who triggers every event that the resource listens to, hundreds of times, with arguments of every type', () => {
  let served: ServedResource;
  let target: HttpTarget;
  let spoofer: ConnectedPlayer;
  let names: string[] = [];
  let before: Look;
  let after: Look;
  /** What the server was asked to do meanwhile, beside telling something. */
  let steps: readonly string[] = [];
  const megabytes: number[] = [];

  interface Look {
    /** What the resource knows, as far as others can tell. */
    readonly state: readonly unknown[];
    /** Functions of the resource that others hold. */
    readonly references: number;
    /** Events that the player's game was sent. */
    readonly sent: number;
  }

  function look(): Look {
    const { host } = served;
    const references = host.countRefs('sonorancad');
    const answer = (name: string, ...args: unknown[]) => host.callExport('sonorancad', name, ...args);
    const known = ['getUnits', 'getCalls', 'getEmergencyCalls', 'GetUnitCache', 'getDispatchStatus'];
    const state = [...known.map((name) => answer(name)), answer('isPlayerInCAD', spoofer.id)];
    return { state, references, sent: spoofer.received.length };
  }

  async function spoof(): Promise<void> {
    setFlagsFromString('--expose-gc');
    const collectGarbage = runInNewContext('gc') as () => void;
    let next = 0;
    for (let round = 0; round < ROUNDS; round += 1) {
      for (const name of names) {
        for (let left = (isExport(name) ? TIMES_FOR_EXPORTS : TIMES) / ROUNDS; left > 0; left -= 1) {
          next = (next + 1) % ARGUMENTS.length;
          spoofer.trigger(name, ...(ARGUMENTS[next] ?? []));
        }
        served.host.tick();
        await new Promise((resolve) => setImmediate(resolve));
      }
      collectGarbage();
      megabytes.push(process.memoryUsage().heapUsed / 2 ** 20);
    }
  }

  beforeAll(async () => {
    target = await startHttpTarget();
    let done: string[] = [];
    served = await serveResource({
      manualTicks: true,
      // Nothing of what happens before is forwarded: its deliveries would still be booked when the player begins.
      config: {
        enablePushEventForwarding: true,
        pushEventForwardTargets: [{ name: 'bot', url: `http://127.0.0.1:${target.port}`, events: [AFTER] }],
      },
      before: { 'spy.js': SPY_JS, 'spy.lua': SPY_LUA },
      watch(step) {
        if (step.kind !== 'answer' && !step.name.startsWith('Get')) done.push(`${step.kind} ${step.name}`);
      },
    });
    const { host, add } = served;
    add('js', jsRecorder('EVENT_911'));
    host.ensure('sonorancad');
    host.ensure('js');
    spoofer = host.addPlayer({ identifiers: [LICENSE] });
    host.tick();
    for (const type of BEFORE) await postDirectly(host, payload(type));
    await takenBy(host, ['js']);
    names = ['listenedInJs', 'listenedInLua'].flatMap((name) => host.callExport('sonorancad', name) as string[]);
    look();
    before = look();
    // The target's lane is booked soon after the start.
    await until(() => done.includes('native FlushResourceKvp'));
    done = [];
    await spoof();
    steps = [...done];
    after = look();
  });
  afterAll(async () => {
    await served.close();
    await target.close();
  });

  it('can send only what games are meant to send', () => {
    expect(served.host.netSafeEvents('sonorancad')).toEqual(NET_SAFE);
  });

  it('has left nothing out', () => {
    expect(names).toEqual(expect.arrayContaining([...SERVER_ONLY, ...NET_SAFE]));
    expect(names.filter(isExport).length).toBeGreaterThan(50);
  });

  it('changes nothing that the resource knows', () => {
    expect(before.state.at(-1)).toMatchObject({ online: true });
    expect(after.state).toEqual(before.state);
  });

  it('has nothing sent to other games, to other resources, to targets, or to a store', async () => {
    expect(steps).toEqual([]);
    expect(after.sent - before.sent).toBeLessThanOrEqual(MOST_ANSWERS);
    await postDirectly(served.host, payload(AFTER));
    await target.count(1);
    expect(target.received).toHaveLength(1);
  });

  it('does not make the memory grow', () => {
    const [first = 0, ...later] = megabytes;
    expect(later).toHaveLength(ROUNDS - 1);
    expect(Math.max(...later) - first).toBeLessThan(2);
    // The two looks themselves hold some.
    expect(after.references - before.references).toBeLessThan(20);
  });

  it('keeps nobody from the next event', async () => {
    await takenBy(served.host, ['js']);
    await postDirectly(served.host, payload('EVENT_911'));
    const { js = [] } = await takenBy(served.host, ['js']);
    expect(js.map(([way]) => way)).toEqual(['export', 'handler', 'event']);
  });
});
