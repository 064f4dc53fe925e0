import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerWorld } from '../../../packages/fakecad/src/index.ts';
import type { ConnectedPlayer } from '../../../packages/fxhost/src/index.ts';
import { manifest, printedBy } from '../../../packages/fxhost/test/write-resource.ts';
import { startHttpTarget } from '../../http-target.ts';
import { KEY } from '../../serve-resource.ts';
import { until } from '../../until.ts';
import { addWitnesses, closeAfterwards, closeLinks, heard, type Linked, link, register } from './set-up.ts';

afterEach(closeLinks);

const OFFICER = 'license:0c';
const CITIZEN = 'license:0d';
/** The citizen's id without its prefix, like the official resource sends it to the CAD. */
const CITIZEN_ID = '0d';
const ACCOUNT = '7d0c1a2e-0000-4000-8000-000000000012';
const SECRET = '7d0c1a2e-0000-4000-8000-0000000000aa';

let linked: Linked;
let world: ServerWorld;
let officer: ConnectedPlayer;
let citizen: ConnectedPlayer;

const ask = (name: string, ...args: unknown[]) => linked.host.callExport('sonorancad', name, ...args);
const eventsOf = (player: ConnectedPlayer, pattern: RegExp) =>
  player.received.filter(({ event }) => pattern.test(event));
/** Returns the texts shown to a player. */
const shown = (player: ConnectedPlayer) => JSON.stringify(eventsOf(player, /notify/).map(({ args }) => args));
const awaitShown = (player: ConnectedPlayer, text: string | RegExp) =>
  until(() => (typeof text === 'string' ? shown(player).includes(text) : text.test(shown(player))));
const run = (player: ConnectedPlayer, command: string) => linked.host.natives.runAsPlayer(player.id, command);

beforeEach(async () => {
  linked = await link();
  register(linked);
  world = linked.cad.world.at(1);
  const data = { apiIds: [], communityUserId: OFFICER, unitNum: 'A-12', name: 'Jim' };
  world.units = [{ id: 12, accId: ACCOUNT, status: 2, isPanic: false, isDispatch: false, location: '', data }];
  officer = linked.host.addPlayer({ identifiers: [OFFICER] });
  citizen = linked.host.addPlayer({ identifiers: [CITIZEN], coords: [1.5, 2.5, 3.5] });
  await linked.start();
});

describe('SonoranScripts::Call911', () => {
  const POSITIONAL = ['Ann', 'Pier', 'Fire', '9001', 'ABC 123', null, true, false, 5];

  it("creates a call for a player, with the server's own data about caller and location", async () => {
    citizen.trigger('SonoranScripts::Call911', ...POSITIONAL);
    await until(() => world.emergencyCalls.length === 1);
    const claims = { callerPlayerId: '99', callerCommunityUserId: 'license:other', x: '0' };
    const table = {
      caller: 'Ann',
      location: 'Pier',
      description: 'Fire',
      postal: '9001',
      plate: 'ABC 123',
      metaData: claims,
    };
    // Within 10 s, an equal call would be coalesced with the first.
    await linked.later(10_000);
    citizen.trigger('SonoranScripts::Call911', { ...table, silenceAlert: true, ...claims });
    await until(() => world.emergencyCalls.length === 2);
    const metaData = {
      ...{ postal: '9001', plate: 'ABC 123', silentAlert: 'true', useCallLocation: 'false' },
      ...{ callerPlayerId: String(citizen.id), callerCommunityUserId: CITIZEN_ID, x: '1.5', y: '2.5', z: '3.5' },
    };
    for (const call of world.emergencyCalls)
      expect(call).toMatchObject({ caller: 'Ann', location: 'Pier', description: 'Fire', isEmergency: true, metaData });
    await until(() => (ask('getEmergencyCalls') as unknown[]).length === 2);
    citizen.trigger('SonoranScripts::Call911', ...POSITIONAL);
    await awaitShown(citizen, 'Too many requests');
    expect(world.emergencyCalls).toHaveLength(2);
  });

  it.each([
    ['off', [0, 0]],
    ['ace', [1, 0]],
  ])('with call911FromClients %s, accepts calls only from permitted players', async (call911FromClients, calls) => {
    linked.configure({ call911FromClients });
    linked.host.execute('sonorancad reload');
    linked.host.execute(`add_ace identifier.${OFFICER} sonorancad.call911 allow`);
    const made = [];
    for (const [index, player] of [officer, citizen].entries()) {
      const before = world.emergencyCalls.length;
      player.trigger('SonoranScripts::Call911', ...POSITIONAL);
      // This event is answered after the call, so its answer shows that the call was handled.
      player.trigger('SonoranCAD::Tablet::CheckLinkStatus');
      await until(() => eventsOf(player, /Tablet/).length > 0);
      await until(() => world.emergencyCalls.length - before >= Number(calls[index]));
      made.push(world.emergencyCalls.length - before);
    }
    expect(made).toEqual(calls);
  });

  it('creates calls for other resources, and calls their callback', async () => {
    linked.served.add('phone', {
      'fxmanifest.lua': manifest("server_script 'server.lua'"),
      'server.lua': `
for turn = 1, 3 do
    TriggerEvent('SonoranScripts::Call911', 'Ann', 'Pier', 'Fire ' .. turn, '9001', nil, function(...) print(json.encode({ ... })) end)
end`,
    });
    linked.host.ensure('phone');
    const told = () => printedBy(linked.host, 'phone');
    await until(() => told().length === 3);
    expect(told().sort()).toEqual([1001, 1002, 1003].map((id) => `["EMERGENCY CALL ADDED ID: ${id}",true]`));
    expect(world.emergencyCalls[0]?.metaData).not.toHaveProperty('callerPlayerId');
  });

  it('tells the caller when the CAD did not receive the call', async () => {
    linked.cad.faults.only = /calls\/911/;
    linked.cad.faults.refuseAuth = true;
    citizen.trigger('SonoranScripts::Call911', ...POSITIONAL);
    await awaitShown(citizen, 'Your call did not get through');
    expect(linked.printed()).toContain('A 911 call did not reach the CAD.');
  });
});

describe('Linking an account', () => {
  it('shows a code for the command, and confirms the link when the CAD does', async () => {
    run(citizen, 'link');
    await awaitShown(citizen, /sonorancad\.com\/id\?code=/);
    const [code] = linked.cad.world.linkCodes;
    expect(code?.communityUserId).toBe(CITIZEN_ID);
    expect(shown(citizen)).toContain(String(code?.code));
    const verified = { communityUserId: CITIZEN, accountUuid: ACCOUNT };
    await linked.cad.fire({ type: 'EVENT_COMMUNITY_LINK_VERIFIED', data: verified });
    await awaitShown(citizen, 'Your CAD account is linked with this server now.');
    const asked = linked.asked(/links\/check$/).length;
    run(citizen, 'link');
    await awaitShown(citizen, 'Your CAD account is linked with this server.');
    expect(await ask('CadIsPlayerLinked', CITIZEN)).toBe(true);
    expect(linked.asked(/links\/check$/)).toHaveLength(asked);
  });

  it('works for the tablet through its three events', async () => {
    const TABLET = /[Tt]ablet/;
    const answers = async (count: number) => {
      await until(() => eventsOf(citizen, TABLET).length === count);
      return eventsOf(citizen, TABLET).map(({ event, args }) => [event, ...args]);
    };
    linked.cad.world.secrets.set(SECRET, ACCOUNT);
    citizen.trigger('SonoranCAD::Tablet::CheckLinkStatus');
    expect(await answers(1)).toEqual([['SonoranCAD::Tablet::LinkMissing']]);
    citizen.trigger('SonoranCAD::Tablet::SetCommunityLink', ACCOUNT, SECRET.replace('aa', 'ab'));
    expect((await answers(2)).at(-1)).toEqual(['sonoran:tablet:failed', 'The CAD did not link the account.']);
    citizen.trigger('SonoranCAD::Tablet::SetCommunityLink', { account: ACCOUNT }, 7);
    expect((await answers(3)).at(-1)).toEqual(['sonoran:tablet:failed', 'The CAD page passed on no account.']);
    citizen.trigger('SonoranCAD::Tablet::SetCommunityLink', ACCOUNT, SECRET);
    expect((await answers(4)).at(-1)).toEqual(['SonoranCAD::Tablet::LinkFound']);
    citizen.trigger('SonoranCAD::Tablet::AssociateSsoData', 'session', 'user');
    expect((await answers(5)).at(-1)).toEqual(['SonoranCAD::Tablet::LinkFound']);
    expect([...linked.cad.world.links]).toEqual([[CITIZEN_ID, ACCOUNT]]);
    expect(eventsOf(officer, TABLET)).toEqual([]);
  });
});

describe('Unit commands, for a unit on duty', () => {
  const emergency = {
    callId: 301,
    isEmergency: true,
    caller: 'Ann',
    location: 'Pier',
    description: 'Fire',
    metaData: { postal: '9001' },
  };
  const dispatch = {
    callId: 501,
    origin: 0,
    status: 1,
    priority: 2,
    title: 'Riot',
    notes: [],
    idents: [],
    metaData: {},
  };

  it('turn a 911 call into a dispatch call with the unit attached', async () => {
    await linked.cad.fire({ type: 'EVENT_911', data: { call: emergency } });
    await until(() => (ask('getEmergencyCalls') as unknown[]).length === 1);
    run(officer, 'dn respond 301');
    await awaitShown(officer, /You are responding to call 1?\d+/);
    expect(world.emergencyCalls).toEqual([]);
    expect(world.dispatchCalls).toMatchObject([
      { description: 'Fire', address: 'Pier', postal: '9001', idents: [12], metaData: { createdFromId: '301' } },
    ]);
    expect(ask('getEmergencyCalls')).toEqual([]);
    expect(ask('getCalls')).toMatchObject([{ description: 'Fire', idents: [12] }]);
  });

  it('attach the unit to a dispatch call, and add a note', async () => {
    await linked.cad.fire({ type: 'EVENT_DISPATCH_NEW', data: { dispatch } });
    await until(() => (ask('getCalls') as unknown[]).length === 1);
    run(officer, 'dn note too early');
    await awaitShown(officer, 'You are not attached to any call.');
    run(officer, 'dn respond 501');
    await awaitShown(officer, 'You are responding to call 501.');
    expect(world.dispatchCalls[0]?.idents).toEqual([12]);
    expect(ask('getCall', 501)).toMatchObject({ idents: [12] });
    // The CAD sends the same event as when a dispatcher attaches the unit.
    await awaitShown(officer, 'Attached to call 501');
    run(officer, 'dn note Two  cars, one on its roof');
    await awaitShown(officer, 'Note added to call 501.');
    await awaitShown(officer, 'Call 501: note by A-12');
    expect(world.dispatchCalls[0]?.notes).toMatchObject([{ label: 'A-12', content: 'Two cars, one on its roof' }]);
    expect(ask('getCall', 501)).toMatchObject({ notes: [{ label: 'A-12', content: 'Two cars, one on its roof' }] });
    run(citizen, 'dn respond 501');
    await awaitShown(citizen, 'This is for units on duty');
    expect(world.dispatchCalls[0]?.idents).toEqual([12]);
  });
});

/** Runs Lua in a thread of a new resource, to its end. @returns the values that it passed to `tell` */
async function inLua(source: string): Promise<unknown[]> {
  linked.served.add('mdt', {
    'fxmanifest.lua': manifest("server_script 'server.lua'"),
    'server.lua': `
local cad = exports.sonorancad
local function tell(...) print(json.encode({ ... })) end
CreateThread(function()
${source}
print('end')
end)`,
  });
  linked.host.ensure('mdt');
  const lines = () => printedBy(linked.host, 'mdt');
  await until(() => lines().includes('end') || lines().some((line) => line.includes('server.lua:')));
  return lines()
    .filter((line) => line !== 'end')
    .map((line) => (line.startsWith('[') ? JSON.parse(line) : line));
}

/** Lua code that awaits a callback's arguments through a promise. */
const WITH_CALLBACK = `
local function awaited(call)
    local given = promise.new()
    call(function(...) given:resolve({ ... }) end)
    return table.unpack(Citizen.Await(given))
end`;

describe('Exports, for a resource in Lua', () => {
  it('performApiRequest accepts old and new names, and returns the result by callback and return value', async () => {
    const told = await inLua(`
${WITH_CALLBACK}
local made = cad:performApiRequest({ { isEmergency = true, caller = 'Ann', location = 'Pier', description = 'Fire',
    metaData = { plate = 'ABC' } } }, 'CALL_911')
tell(made.success, made.callId, #cad:getEmergencyCalls())
tell(awaited(function(done)
    cad:performApiRequest({ { origin = 0, status = 1, priority = 2, title = 'Riot', units = { 'license:0c' } } }, 'NEW_DISPATCH', done)
end))
local call = cad:performApiRequest({ origin = 0, status = 1, priority = 1, title = 'Fire', communityUserIds = {} }, 'CREATE_DISPATCH_CALL')
tell(call.success, call.data.title, cad:getCall(call.callId).title)
tell(cad:performApiRequest({ communityUserId = 'license:0c', status = 4 }, 'UNIT_STATUS').success, cad:getUnit(12).status)
tell(cad:performApiRequest({ identIds = { 12 }, isPanic = true }, 'SET_UNIT_PANIC').success, cad:getUnit(12).isPanic)
tell(cad:performApiRequest({ callId = call.callId, identIds = { 12 } }, 'ATTACH_UNIT').success, cad:getCall(call.callId).idents)
tell(cad:performApiRequest({ identIds = { 12 } }, 'DETACH_UNIT').success, cad:getCall(call.callId).idents)
tell(cad:performApiRequest({ callIds = { call.callId } }, 'CLOSE_CALL').success, cad:getCall(call.callId).status)
local refused, ok = awaited(function(done) cad:performApiRequest({}, 'NO_SUCH_TYPE', done) end)
tell(refused, ok)`);
    expect(told).toEqual([
      [true, 1001, 1],
      [
        ...['NEW DISPATCH CREATED - ID: 1002', true],
        { success: true, callId: 1002, data: expect.objectContaining({ callId: 1002, title: 'Riot', idents: [12] }) },
      ],
      [true, 'Fire', 'Fire'],
      [true, 4],
      [true, true],
      [true, [12]],
      [true, []],
      [true, 2],
      ['There is no request of the type NO_SUCH_TYPE.', false],
    ]);
    const usual = { postal: '', silentAlert: 'false', useCallLocation: 'false' };
    expect(world.emergencyCalls[0]?.metaData).toEqual({ ...usual, plate: 'ABC' });
    expect(world.units[0]).toMatchObject({ status: 4, isPanic: true });
    expect(world.closedCalls.map(({ callId }) => callId)).toEqual([1003]);
    expect(linked.printed()).toContain('A resource asked the CAD for something that it does not know. resource=mdt');
  });

  it('call exports create, edit and remove calls, and change the state at once', async () => {
    addWitnesses(linked.served);
    const told = await inLua(`
${WITH_CALLBACK}
tell(awaited(function(done)
    cad:call911('Ann', 'Pier', 'Fire', '9001', 'ABC', done, vector3(1.5, 2.5, 3.5), { colour = 'red' })
end))
tell(cad:getEmergencyCall(1001).metaData)
tell(awaited(function(done)
    cad:createDispatchCall({ origin = 0, status = 1, priority = 2, title = 'Riot', metaData = { a = 1 }, units = { 'license:0c' } }, done)
end))
tell(awaited(function(done) cad:addCallNote(1002, 'Tow requested', done) end))
tell(awaited(function(done) cad:setCallPostal(1002, 8042, done) end))
local call = cad:getCall(1002)
tell(call.title, call.idents, call.notes[1].content, call.postal)
tell(awaited(function(done) cad:remove911(1001, done) end))
tell(#cad:getEmergencyCalls())
tell(awaited(function(done) cad:remove911(1001, done) end))`);
    expect(told.slice(0, 8)).toEqual([
      ['EMERGENCY CALL ADDED ID: 1001', true],
      [
        {
          ...{ postal: '9001', plate: 'ABC', silentAlert: 'false', useCallLocation: 'false' },
          ...{ x: '1.5', y: '2.5', z: '3.5', colour: 'red' },
        },
      ],
      ['NEW DISPATCH CREATED - ID: 1002', true],
      [1002, true],
      [1002, true],
      ['Riot', [12], 'Tow requested', '8042'],
      [1001, true],
      [0],
    ]);
    expect(told[8]).toEqual([expect.stringContaining('call'), false]);
    expect(world.dispatchCalls[0]).toMatchObject({ title: 'Riot', idents: [12], postal: '8042', metaData: { a: '1' } });
    expect(linked.printed()).toMatch(
      /A resource's request to the CAD was not carried out\. resource=mdt export=remove911/,
    );
    // A script's own changes raise no events of the CAD, except for 911 calls, which the CAD announces.
    await until(() => linked.asked(/DELETE/).every(({ status }) => status > 0));
    expect([...new Set(heard(linked.host))].sort()).toEqual([
      'CallCacheUpdated',
      'EmergencyCacheUpdated',
      'IncomingCadCall',
      'push EVENT_911',
    ]);
    await linked.reconciled();
    expect(linked.host.callExport('sonorancad', 'getCall', 1002)).toMatchObject({ postal: '8042', idents: [12] });
  });

  it('report whether a player is linked, with and without a callback', async () => {
    linked.cad.world.links.set('license:0c', 'account-12');
    const told = await inLua(`
${WITH_CALLBACK}
tell(cad:CadIsPlayerLinked('license:0c'), cad:CadIsPlayerLinked('license:0d'))
tell(awaited(function(done) cad:CadIsPlayerLinked('0c', 'license', done) end))
tell(awaited(function(done) cad:CadIsPlayerLinked('steam:1', done) end))`);
    expect(told).toEqual([[true, false], [true], [false]]);
  });

  it('sendUnitLocations sends one or many locations over the session', async () => {
    const told = await inLua(`
tell(cad:sendUnitLocations({ { identId = 12, location = 'Alta Street', coordinates = vector3(1.5, 2.5, 3.5) } }))
tell(cad:sendUnitLocations({ communityUserId = 'license:0c', location = 'Forum Drive', coordinates = { x = 4, y = 5, z = 6 } }))
tell(cad:sendUnitLocations({ { identId = 12 } }))
tell(cad:sendUnitLocations('nonsense'), cad:sendUnitLocations())`);
    expect(told).toEqual([[true], [true], [false], [false, false]]);
    expect(linked.printed()).toContain('has a dot instead of a colon. resource=mdt export=sendUnitLocations');
    expect(world.units[0]).toMatchObject({ location: 'Forum Drive', coordinates: { x: 4, y: 5, z: 6 } });
    expect(linked.asked(/unitLocation$/).map(({ status }) => status)).toEqual([200, 200]);
    const many = Array.from({ length: 60 }, (_, identId) => ({ identId, location: 'Pier', coordinates: [1, 2, 3] }));
    expect(await ask('sendUnitLocations', many)).toBe(true);
    expect(linked.asked(/unitLocation$/).map(({ status }) => status)).toEqual(Array(5).fill(200));
  });

  it('send the API key only in its documented places', async () => {
    await inLua(`
cad:performApiRequest({ isEmergency = true, caller = 'Ann', location = 'Pier', description = 'Fire' }, 'CALL_911')
cad:performApiRequest({ callId = 9, note = 'x' }, 'ADD_CALL_NOTE')`);
    expect(JSON.stringify(linked.cad.requests)).not.toContain(KEY);
    expect(linked.host.lines.join('\n')).not.toContain(KEY);
  });
});

it('the blip exports create, change and remove blips', async () => {
  const asked: [string, unknown][] = [];
  const map = await startHttpTarget(({ method, url }, response, { body }) => {
    if (!url?.includes('/blips')) return void response.writeHead(404).end();
    asked.push([
      `${method} ${url.replace(/^.*\/servers/, '')}`,
      body.length > 0 ? JSON.parse(body.toString()) : undefined,
    ]);
    const answer = method === 'POST' ? { id: 7 } : method === 'GET' ? [{ id: 8, subType: 'plates' }, { id: 9 }] : {};
    response.setHeader('Content-Type', 'application/json');
    response.end(JSON.stringify(answer));
  });
  closeAfterwards(() => map.close());
  linked.configure({ apiUrl: `http://127.0.0.1:${map.port}`, transport: 'http' });
  linked.host.execute('sonorancad reload');
  const told = await inLua(`
${WITH_CALLBACK}
tell(awaited(function(done) cad:addBlip(vector3(1.5, 2.5, 3.5), '#ff0000', 'plates', 'Stolen', 'car', {}, done) end))
tell(awaited(function(done) cad:addBlips({ { coordinates = vector2(4, 5), subType = 'plates', icon = 'car' } }, done) end))
tell(awaited(function(done) cad:modifyBlipd(7, { color = '#00ff00' }, done) end))
tell(awaited(function(done) cad:removeBlip(7, done) end))
tell(awaited(function(done) cad:removeWithSubtype('plates', done) end))`);
  expect(told).toEqual([
    ['[{"id":7}]', true],
    ['[{"id":7}]', true],
    [7, true],
    ['OK', true],
    ['OK', true],
  ]);
  const drawn = { color: '#ff0000', subType: 'plates', tooltip: 'Stolen', icon: 'car', data: [] };
  expect(asked).toEqual([
    ['POST /1/blips', { coordinates: { x: 1.5, y: 2.5 }, ...drawn }],
    ['POST /1/blips', { coordinates: { x: 4, y: 5 }, subType: 'plates', icon: 'car' }],
    ['PATCH /1/blips/7', { color: '#00ff00' }],
    ['POST /1/blips/delete', { ids: [7] }],
    ['GET /1/blips', undefined],
    ['POST /1/blips/delete', { ids: [8] }],
  ]);
});
