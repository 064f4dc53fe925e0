import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { closeCads } from '../../packages/fakecad/test/started-cads.ts';
import type { ConnectedPlayer } from '../../packages/fxhost/src/index.ts';
import { manifest, printedBy } from '../../packages/fxhost/test/write-resource.ts';
import { until } from '../until.ts';
import { ACCOUNT, type CadSystem, PLAYER, startCadSystem } from './cad-system.ts';

const POSTALS = JSON.stringify([
  { code: '8012', x: 0, y: 0 },
  { code: 9001, x: 500, y: 500 },
]);
const EVENTS = [
  'unitstatus:StatusUpdate',
  'apicheck:CheckPlayerLinkedResponse',
  'dispatchnotify:UnitRespond',
  'callcommands:PanicSent',
];

let system: CadSystem;
let player: ConnectedPlayer;
/** How much a test has not to do with, since it came before. */
let before = { heard: 0, received: 0 };
beforeAll(async () => {
  system = await startCadSystem();
  const { world } = system.cad;
  const record = (type: number, name: string, fields: object, more: object = {}) => {
    const list = Object.entries(fields).map(([uid, value]) => ({
      uid,
      label: uid.replace('_', ' '),
      value,
      ...(uid === 'flags' && more),
    }));
    const section = { category: 'flags' in fields ? 1 : 0, label: '', fields: list };
    const id = world.records.length + 1;
    world.records.push({ id, recordTypeId: type, type, name, owner: ACCOUNT, sections: [section] });
  };
  record(5, 'Vehicle', { plate: 'ABC123', status: 'VALID', first: 'Ann', last: 'Doe', custom_1: 'red' });
  record(3, 'Stolen', { plate: 'ABC123', flags: '' }, { data: { flags: ['ARMED'] } });
  record(2, 'Old', { plate: 'ABC123', status: '1' });
  record(2, 'Wanted', { plate: 'ABC123', status: '0' });
  record(7, 'Ann Doe', { first: 'Ann', last: 'Doe' });
  const { host, add } = system;
  add('nearest-postal', { 'fxmanifest.lua': `${manifest('')}\npostal_file 'postals.json'\n`, 'postals.json': POSTALS });
  host.ensure('nearest-postal');
  const listeners = EVENTS.map(
    (name) => `on('SonoranCAD::${name}', (...args) => console.log(JSON.stringify(['${name}', ...args])));`,
  );
  add('listener', { 'fxmanifest.lua': manifest("server_script 'a.js'"), 'a.js': listeners.join('\n') });
  host.ensure('listener');
  player = system.player;
});
beforeEach(() => {
  before = { heard: printedBy(system.host, 'listener').length, received: player.received.length };
  system.asked();
});
afterAll(async () => {
  await system.close();
  await closeCads();
});

const vehicle = { plate: 'ABC123', status: 'VALID', first: 'Ann', last: 'Doe', custom_1: 'red', 'custom 1': 'red' };
const information = [[vehicle], [vehicle], [vehicle], ['ARMED'], ['Warrant']];
const named = (name: string) => expect.objectContaining({ name });
const onPlate = ['Vehicle', 'Stolen', 'Old', 'Wanted'];
const heard = () =>
  printedBy(system.host, 'listener')
    .slice(before.heard)
    .map((line) => JSON.parse(line));
const received = (event: string) =>
  player.received.slice(before.received).flatMap((each) => (each.event === event ? [each.args] : []));

it('nothing is given where the CAD refuses it', async () => {
  system.cad.faults.refuseAuth = true;
  const asking = ["cadPlateLookup('A', nil, done)", "cadGetInformation('A', done)", 'GetCharacters(7, done)'];
  const source = asking.map((call) => `tell(awaited(function(done) cad:${call} end))`).join('\n');
  const told = await system.consume('lua', `${source}\ntell(cad:cadSetUnitStatus('a', 3))`);
  system.cad.faults.refuseAuth = false;
  expect(told).toEqual([[[]], [[], [], [], [], []], [], [false]]);
});

describe('what scripts use of submodules', () => {
  it('is answered to scripts in Lua', async () => {
    expect(await system.consume('lua', 'submodules.lua')).toEqual([
      [onPlate.map(named)],
      [onPlate.map(named)],
      [[named('Vehicle')]],
      [[]],
      information,
      information,
      information,
      [[{ first: 'Ann', last: 'Doe' }]],
      [true, 3],
      [true, 4],
      [false],
      ['8012', true],
    ]);
    const lookups = system
      .asked(/lookups$/)
      .map(([, body]) => body as { notifyCommunityUserId?: string; types: unknown });
    expect(lookups.map(({ notifyCommunityUserId }) => notifyCommunityUserId)).toEqual([
      ...['license:0c', undefined, undefined, undefined, 'license:0c'],
    ]);
    expect(lookups[0]?.types).toEqual([2, 3, 4, 5]);
    expect(heard()).toEqual([
      ['unitstatus:StatusUpdate', PLAYER, 3, true],
      ['unitstatus:StatusUpdate', '', 4, true],
    ]);
  });

  it('is answered to scripts in JavaScript', async () => {
    expect(await system.consume('js', 'submodules.js')).toEqual([
      [onPlate],
      [['Vehicle']],
      information,
      [[{ first: 'Ann', last: 'Doe' }]],
      [true, 4, '8012'],
    ]);
  });
});

describe("what players' games ask of submodules", () => {
  it('a radio learns its unit and call, and presses the panic button', async () => {
    player.trigger('SonoranCAD::sonrad:GetUnitInfo');
    player.trigger('SonoranCAD::sonrad:GetCurrentCall');
    await until(() => received('SonoranCAD::sonrad:UpdateCurrentCall').length > 0);
    expect(received('SonoranCAD::sonrad:GetUnitInfo:Return')).toMatchObject([[{ id: 12, data: { unitNum: 'A-12' } }]]);
    expect(received('SonoranCAD::sonrad:UpdateCurrentCall')).toEqual([[null]]);
    const dispatch = { callId: 501, origin: 0, status: 1, priority: 1, title: 'Fire', idents: [12] };
    await system.post(JSON.stringify({ key: 'a-key-for-testing', type: 'EVENT_DISPATCH_NEW', data: { dispatch } }));
    await until(() => system.host.callExport('sonorancad', 'getCall', 501) !== null);
    player.trigger('SonoranCAD::sonrad:GetCurrentCall');
    player.trigger('SonoranCAD::sonrad:RadioPanic');
    await until(() => heard().length > 0 && received('SonoranCAD::sonrad:UpdateCurrentCall').length > 1);
    const [[call]] = received('SonoranCAD::sonrad:UpdateCurrentCall').slice(1) as [[object]];
    expect(call).toMatchObject({ dispatch_type: 'CALL_NEW', dispatch: { title: 'Fire', units: [{ id: 12 }] } });
    expect(JSON.stringify(player.received)).not.toContain(PLAYER);
    expect(heard()).toEqual([['callcommands:PanicSent', 7]]);
    expect(system.cad.world.at(1).units[0]?.isPanic).toBe(true);
  });

  it('/panic is a command', async () => {
    system.host.natives.runAsPlayer(7, 'panic');
    await until(() => heard().length > 0);
    expect(heard()).toEqual([['callcommands:PanicSent', 7]]);
  });

  it('a status is set for players who may', async () => {
    player.trigger('SonoranCAD::unitstatus:UpdateStatus', 'BUSY');
    player.trigger('SonoranCAD::sonrad:GetUnitInfo');
    await until(() => received('SonoranCAD::sonrad:GetUnitInfo:Return').length > 0);
    system.host.execute('add_ace builtin.everyone command.setstatus allow');
    player.trigger('SonoranCAD::unitstatus:UpdateStatus', 'ENROUTE');
    await until(() => heard().length > 0);
    const bare = PLAYER.replace('license:', '');
    expect(heard()).toEqual([['unitstatus:StatusUpdate', bare, 3, true]]);
    expect(received('SonoranCAD::unitstatus:StatusUpdate')).toEqual([[bare, 3, true]]);
  });

  it('a game learns how its player links, and that it is done', async () => {
    system.cad.world.links.clear();
    for (const name of ['Open', 'Poll', 'AssociateSso', 'PopupClosed'])
      player.trigger(`SonoranCAD::links:${name}`, 'x');
    player.trigger('SonoranCAD::links:Open');
    player.trigger('SonoranCAD::apicheck:CheckPlayerLinked', 9);
    await until(() => received('SonoranCAD::links:OpenResult').length > 1 && heard().length > 0);
    const [[opened]] = received('SonoranCAD::links:OpenResult') as [[{ code: string }]];
    expect(opened).toMatchObject({ ok: true, linked: false, url: `https://sonorancad.com/id?code=${opened.code}` });
    expect(received('SonoranCAD::links:SsoResult')).toMatchObject([[{ ok: false }]]);
    const bare = PLAYER.replace('license:', '');
    expect(heard()).toEqual([['apicheck:CheckPlayerLinkedResponse', 7, bare, false]]);
    const told = received('SonoranCAD::links:Status').length;
    await system.cad.fire(
      { type: 'EVENT_COMMUNITY_LINK_VERIFIED', data: { communityUserId: bare, accountUuid: ACCOUNT } },
      { via: 'http' },
    );
    const body = { communityUserId: bare, accountUuid: ACCOUNT };
    await system.post(JSON.stringify({ key: 'a-key-for-testing', type: 'EVENT_COMMUNITY_LINK_VERIFIED', data: body }));
    await until(() => received('SonoranCAD::links:Status').length > told);
    expect(received('SonoranCAD::links:Status').at(-1)).toMatchObject([{ linked: true, communityUserId: bare }]);
  });

  it('the plates that a plate reader sees are told to scripts', async () => {
    player.trigger('wk:onPlateScanned', 'front', ' ABC123 ', 1);
    player.trigger('wk:onPlateLocked', 'rear', 'XYZ', 2);
    const plates = () => system.host.callExport('sonorancad', 'cadGetLastPlates') as { locked: unknown };
    await until(() => plates().locked !== null);
    expect(plates()).toEqual({
      scanned: { cam: 'front', plate: 'ABC123', index: '1' },
      locked: { cam: 'rear', plate: 'XYZ', index: '2' },
    });
  });
});

it('a unit that responds is told of, and what a resource says is logged', async () => {
  const call = { callId: 302, isEmergency: true, caller: 'Ann', location: 'Pier', description: 'Fire' };
  system.cad.world.at(1).emergencyCalls.push(call);
  await system.post(JSON.stringify({ key: 'a-key-for-testing', type: 'EVENT_911', data: { call } }));
  await until(() => system.host.callExport('sonorancad', 'getEmergencyCall', 302) !== null);
  system.host.natives.runAsPlayer(7, 'dn respond 302');
  await until(() => heard().length > 0);
  expect(heard()).toEqual([['dispatchnotify:UnitRespond', 7, expect.any(Number)]]);
  await system.consume('lua', `TriggerEvent('SonoranCAD::core:writeLog', 'warn', 'TS3: ^1cannot connect')`);
  const line = system.host.lines.find((each) => each.includes('writes to this log'));
  expect(line).toMatch(/resource=lua-consumer-\d/);
  expect(line).toContain('TS3:');
});
