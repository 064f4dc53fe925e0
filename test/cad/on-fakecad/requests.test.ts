import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerWorld } from '../../../scripts/fakecad/world/world.ts';
import type { ConnectedPlayer } from '../../../scripts/fxhost/connected-players.ts';
import { manifest, printedBy } from '../../fxhost/write-resource.ts';
import { until } from '../../until.ts';
import { closeLinks, type Linked, link, register } from './set-up.ts';

afterEach(closeLinks);

const OFFICER = 'license:0c';
const CITIZEN = 'license:0d';
/** As the official resource would give them to the CAD. */
const WRITTEN = '0d';
const ACCOUNT = '7d0c1a2e-0000-4000-8000-000000000012';
const SECRET = '7d0c1a2e-0000-4000-8000-0000000000aa';

let linked: Linked;
let world: ServerWorld;
let officer: ConnectedPlayer;
let citizen: ConnectedPlayer;

const ask = (name: string, ...args: unknown[]) => linked.host.callExport('sonorancad', name, ...args);
const eventsOf = (player: ConnectedPlayer, pattern: RegExp) =>
  player.received.filter(({ event }) => pattern.test(event));
/** The texts that a player was shown. */
const shown = (player: ConnectedPlayer) => JSON.stringify(eventsOf(player, /notify/).map(({ args }) => args));
const awaitShown = (player: ConnectedPlayer, text: string | RegExp) =>
  until(() => (typeof text === 'string' ? shown(player).includes(text) : text.test(shown(player))));
const run = (player: ConnectedPlayer, command: string) => linked.host.natives.runAsPlayer(player.id, command);

async function start(config: object = {}): Promise<void> {
  linked = await link({ config });
  register(linked);
  world = linked.cad.world.at(1);
  const data = { apiIds: [], communityUserId: OFFICER, unitNum: 'A-12', name: 'Jim' };
  world.units = [{ id: 12, accId: ACCOUNT, status: 2, isPanic: false, isDispatch: false, location: '', data }];
  officer = linked.host.addPlayer({ identifiers: [OFFICER] });
  citizen = linked.host.addPlayer({ identifiers: [CITIZEN], coords: [1.5, 2.5, 3.5] });
  await linked.start();
}
beforeEach(() => start());

describe('SonoranScripts::Call911', () => {
  const POSITIONAL = ['Ann', 'Pier', 'Fire', '9001', 'ABC 123', null, true, false, 5];

  it("makes a call for a player's game, which says who calls and where whatever the game claims", async () => {
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
    // Sooner it would be the same call.
    await linked.later(10_000);
    citizen.trigger('SonoranScripts::Call911', { ...table, silenceAlert: true, ...claims });
    await until(() => world.emergencyCalls.length === 2);
    const metaData = {
      ...{ postal: '9001', plate: 'ABC 123', silentAlert: 'true', useCallLocation: 'false' },
      ...{ callerPlayerId: String(citizen.id), callerCommunityUserId: WRITTEN, x: '1.5', y: '2.5', z: '3.5' },
    };
    for (const call of world.emergencyCalls)
      expect(call).toMatchObject({ caller: 'Ann', location: 'Pier', description: 'Fire', isEmergency: true, metaData });
    await until(() => (ask('getEmergencyCalls') as unknown[]).length === 2);
    citizen.trigger('SonoranScripts::Call911', ...POSITIONAL);
    await awaitShown(citizen, 'That was too often');
    expect(world.emergencyCalls).toHaveLength(2);
  });

  it.each([
    ['off', [0, 0]],
    ['ace', [1, 0]],
  ])('with call911FromClients %s is taken only from those who may', async (call911FromClients, calls) => {
    linked.configure({ call911FromClients });
    linked.host.execute('sonorancad reload');
    linked.host.execute(`add_ace identifier.${OFFICER} sonorancad.call911 allow`);
    const made = [];
    for (const [index, player] of [officer, citizen].entries()) {
      const before = world.emergencyCalls.length;
      player.trigger('SonoranScripts::Call911', ...POSITIONAL);
      // Answered after it.
      player.trigger('SonoranCAD::Tablet::CheckLinkStatus');
      await until(() => eventsOf(player, /Tablet/).length > 0);
      await until(() => world.emergencyCalls.length - before >= Number(calls[index]));
      made.push(world.emergencyCalls.length - before);
    }
    expect(made).toEqual(calls);
  });

  it('makes calls for other resources, and tells their callback', async () => {
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

  it('tells the caller when the CAD has not got it', async () => {
    linked.cad.faults.only = /calls\/911/;
    linked.cad.faults.refuseAuth = true;
    citizen.trigger('SonoranScripts::Call911', ...POSITIONAL);
    await awaitShown(citizen, 'Your call did not get through');
    expect(linked.printed()).toContain('A 911 call did not reach the CAD.');
  });
});

describe('linking an account', () => {
  it('by the command shows a code, and the CAD says when it is done', async () => {
    run(citizen, 'link');
    await awaitShown(citizen, /sonorancad\.com\/id\?code=/);
    const [code] = linked.cad.world.linkCodes;
    expect(code?.communityUserId).toBe(WRITTEN);
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

  it('is done for the tablet by its three events', async () => {
    const TABLET = /[Tt]ablet/;
    const answers = async (count: number) => {
      await until(() => eventsOf(citizen, TABLET).length === count);
      return eventsOf(citizen, TABLET).map(({ event, args }) => [event, ...args]);
    };
    linked.cad.world.secrets.set(SECRET, ACCOUNT);
    citizen.trigger('SonoranCAD::Tablet::CheckLinkStatus');
    expect(await answers(1)).toEqual([['SonoranCAD::Tablet::LinkMissing']]);
    citizen.trigger('SonoranCAD::Tablet::SetCommunityLink', ACCOUNT, SECRET.replace('aa', 'ab'));
    expect((await answers(2)).at(-1)).toEqual(['sonoran:tablet:failed', 'The CAD has not linked the account.']);
    citizen.trigger('SonoranCAD::Tablet::SetCommunityLink', { account: ACCOUNT }, 7);
    expect((await answers(3)).at(-1)).toEqual(['sonoran:tablet:failed', 'The CAD page has handed over no account.']);
    citizen.trigger('SonoranCAD::Tablet::SetCommunityLink', ACCOUNT, SECRET);
    expect((await answers(4)).at(-1)).toEqual(['SonoranCAD::Tablet::LinkFound']);
    citizen.trigger('SonoranCAD::Tablet::AssociateSsoData', 'session', 'user');
    expect((await answers(5)).at(-1)).toEqual(['SonoranCAD::Tablet::LinkFound']);
    expect([...linked.cad.world.links]).toEqual([[WRITTEN, ACCOUNT]]);
    expect(eventsOf(officer, TABLET)).toEqual([]);
  });
});

describe('a unit on duty', () => {
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

  it('responds to a 911 call: it becomes a dispatch call with the unit on it', async () => {
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

  it('responds to a dispatch call, and notes something on it', async () => {
    await linked.cad.fire({ type: 'EVENT_DISPATCH_NEW', data: { dispatch } });
    await until(() => (ask('getCalls') as unknown[]).length === 1);
    run(officer, 'dn note too early');
    await awaitShown(officer, 'You are attached to no call.');
    run(officer, 'dn respond 501');
    await awaitShown(officer, 'You are responding to call 501.');
    expect(world.dispatchCalls[0]?.idents).toEqual([12]);
    expect(ask('getCall', 501)).toMatchObject({ idents: [12] });
    // As had a dispatcher attached the unit, of which the CAD tells.
    await awaitShown(officer, 'Attached to call 501');
    run(officer, 'dn note Two  cars, one on its roof');
    await awaitShown(officer, 'Noted on call 501.');
    await awaitShown(officer, 'Call 501: note by A-12');
    expect(world.dispatchCalls[0]?.notes).toMatchObject([{ label: 'A-12', content: 'Two cars, one on its roof' }]);
    expect(ask('getCall', 501)).toMatchObject({ notes: [{ label: 'A-12', content: 'Two cars, one on its roof' }] });
    run(citizen, 'dn respond 501');
    await awaitShown(citizen, 'This is for units on duty');
    expect(world.dispatchCalls[0]?.idents).toEqual([12]);
  });
});
