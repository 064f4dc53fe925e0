import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ServerWorld } from '../../../packages/fakecad/src/index.ts';
import type { ConnectedPlayer } from '../../../packages/fxhost/src/index.ts';
import { type HttpTarget, startHttpTarget } from '../../http-target.ts';
import { until } from '../../until.ts';
import { addWitnesses, closeAfterwards, closeLinks, heard, type Linked, link, registered } from './set-up.ts';

afterEach(closeLinks);

const OFFICER = 'license:0c';
const UNITS = 20;

let target: HttpTarget;
let linked: Linked;
let world: ServerWorld;
let officer: ConnectedPlayer;

const unit = (id: number, more: object = {}) => ({
  ...{ id, accId: `account-${id}`, status: 2, isPanic: false, isDispatch: false, location: '' },
  data: {
    apiIds: [],
    communityUserId: id === 12 ? OFFICER : `license:unit-${id}`,
    unitNum: `A-${id}`,
    name: `Officer ${id}`,
  },
  ...more,
});
const unitsTo = (last: number) => Array.from({ length: last }, (_, index) => unit(index + 1));
const call = (callId: number, more: object = {}) => ({
  ...{ callId, origin: 0, status: 1, priority: 2, title: `Call ${callId}`, notes: [], idents: [12], metaData: {} },
  ...{ block: '', address: '', postal: '', code: '', description: '', ...more },
});
const emergency = (callId: number) => ({
  ...{ callId, isEmergency: true, caller: 'Ann', location: 'Pier', description: 'Help!', metaData: {} },
});

const ask = (name: string, ...args: unknown[]) => linked.host.callExport('sonorancad', name, ...args);
const idsOf = (name: string, id: string) => (ask(name) as Record<string, number>[]).map((each) => each[id]);
/** All events that scripts, players and forwarding targets received. */
const told = () => ({
  scripts: heard(linked.host),
  game: (officer.received as ConnectedPlayer['received'][number][]).splice(0).map(({ event }) => event),
  target: target.received.splice(0).length,
});
const nothing = { scripts: [], game: [], target: 0 };

beforeEach(async () => {
  target = await startHttpTarget();
  closeAfterwards(() => target.close());
  linked = await link({
    config: { enablePushEventForwarding: true, pushEventForwardUrl: `http://127.0.0.1:${target.port}` },
  });
  const { cad, host, served } = linked;
  cad.world.servers = [registered(host.port)];
  world = cad.world.at(1);
  world.units = unitsTo(UNITS);
  world.dispatchCalls = [call(501), call(502)];
  world.emergencyCalls = [emergency(301)];
  addWitnesses(served);
  officer = host.addPlayer({ identifiers: [OFFICER] });
  await linked.start();
});

/** Advances time by an hour without requests, after the pending ones are done. */
async function quiet(): Promise<void> {
  for (let minute = 0; minute < 3; minute += 1) await linked.later(60_000);
  const asked = linked.asked(/\/(?:units|calls)$/).length;
  for (let quarter = 0; quarter < 4; quarter += 1) await linked.later(900_000);
  expect(linked.asked(/\/(?:units|calls)$/)).toHaveLength(asked);
}

describe('Resync with the CAD', () => {
  it('loads units and calls at the start, without announcing them as new', async () => {
    expect(idsOf('getUnits', 'id')).toEqual(world.units.map(({ id }) => id));
    expect(idsOf('getCalls', 'callId')).toEqual([501, 502]);
    expect(idsOf('getEmergencyCalls', 'callId')).toEqual([301]);
    expect(ask('getUnitByPlayer', officer.id)).toMatchObject({ id: 12 });
    const { scripts, ...others } = told();
    expect(scripts.sort()).toEqual(['AddPlayer 1', 'CallCacheUpdated', 'EmergencyCacheUpdated']);
    expect(others).toEqual({ game: ['SonoranCAD::core:AddPlayer'], target: 0 });
  });

  it('loads more units than fit on one page', async () => {
    world.units = unitsTo(230);
    await linked.reconciled();
    expect(idsOf('getUnits', 'id')).toEqual(world.units.map(({ id }) => id));
    const pages = linked
      .asked(/\/units$/)
      .slice(1)
      .map(({ query }) => [query.limit, query.offset]);
    expect(pages).toEqual([
      ['100', '0'],
      ['100', '99'],
      ['100', '198'],
    ]);
  });

  it('repeats while players are connected, and applies changes without notifications', async () => {
    told();
    world.units = world.units.filter(({ id }) => id !== 12).map((each) => ({ ...each, status: 4 }));
    world.units.push(unit(900), unit(901, { isDispatch: true }));
    world.dispatchCalls = [call(502, { title: 'Riot', idents: [900] }), call(503)];
    world.emergencyCalls = [emergency(302)];
    await linked.reconciled();
    expect(idsOf('getUnits', 'id')).toEqual(world.units.map(({ id }) => id));
    expect((ask('getUnits') as { status: number }[])[0]?.status).toBe(4);
    expect(ask('getCall', 501)).toMatchObject({ status: 2 });
    expect(ask('getCall', 502)).toMatchObject({ title: 'Riot', idents: [900] });
    expect(ask('getCall', 503)).toMatchObject({ status: 1 });
    expect(idsOf('getEmergencyCalls', 'callId')).toEqual([302]);
    const { scripts, ...others } = told();
    expect(scripts.sort()).toEqual(['CallCacheUpdated', 'EmergencyCacheUpdated', 'RemovePlayer 1']);
    expect(others).toEqual({ game: ['SonoranCAD::core:RemovePlayer'], target: 0 });
    await linked.reconciled();
    expect(told()).toEqual(nothing);
  });

  it('changes nothing when an answer fails or is incomplete', async () => {
    told();
    const before = ['getUnits', 'getCalls', 'getEmergencyCalls'].map((name) => ask(name));
    world.units = [];
    world.dispatchCalls = [];
    world.emergencyCalls = [];
    const { faults } = linked.cad;
    faults.only = /\/(?:units|calls)$/;
    for (const fault of [
      { halfAPage: 'truncated' },
      { halfAPage: 'hangUp' },
      { next500: 9 },
      { refuseAuth: true },
      { next429: { count: 9, retryAfter: 40 } },
    ] as const) {
      Object.assign(faults, { halfAPage: 'off', next500: 0, refuseAuth: false, next429: { count: 0 } }, fault);
      await linked.reconciled();
      while ((await linked.health()).link.api.waiting > 0) await linked.later(5_000);
      expect(['getUnits', 'getCalls', 'getEmergencyCalls'].map((name) => ask(name))).toEqual(before);
      expect((await linked.health()).link.healing.calls.failure).not.toBeNull();
    }
    expect(told()).toEqual(nothing);
    Object.assign(faults, { next429: { count: 0 }, only: null });
    await linked.laterUntil(
      () => idsOf('getUnits', 'id').length === 0 && idsOf('getEmergencyCalls', 'callId').length === 0,
    );
  });

  it('keeps changes by events that arrived during the request', async () => {
    linked.cad.faults.slowMs = 400;
    const before = linked.asked(/\/(?:units|calls)$/).length;
    await linked.laterUntil(() => linked.asked(/\/(?:units|calls)$/).length >= before + 2);
    const { cad } = linked;
    await cad.fire({ type: 'EVENT_UNIT_STATUS', data: { identIds: [13], status: 3 } });
    await cad.fire({ type: 'EVENT_UNIT_LOGOUT', data: { identId: 14 } });
    await cad.fire({ type: 'EVENT_UNIT_LOGIN', data: { unit: unit(950) } });
    await cad.fire({ type: 'EVENT_DISPATCH_NEW', data: { dispatch: call(504) } });
    await cad.fire({ type: 'EVENT_DISPATCH_UNIT_ATTACH', data: { callId: 501, idents: [13] } });
    await cad.fire({ type: 'EVENT_REMOVE_911', data: { callIds: [301] } });
    await cad.fire({ type: 'EVENT_911', data: { call: emergency(303) } });
    cad.faults.slowMs = 0;
    const asItIs = () => [
      (ask('getUnit', 13) as { status: number }).status,
      ...[ask('getUnit', 14) ?? null, (ask('getUnit', 950) as { id: number } | undefined)?.id],
      idsOf('getCalls', 'callId'),
      (ask('getCall', 501) as { idents: number[] }).idents,
      idsOf('getEmergencyCalls', 'callId'),
    ];
    const asItShouldBe = [3, null, 950, [501, 502, 504], [12, 13], [303]];
    await until(() => idsOf('getEmergencyCalls', 'callId').includes(303));
    expect(asItIs()).toEqual(asItShouldBe);
    await until(async () => (await linked.health()).link.api.underWay === 0);
    expect(asItIs()).toEqual(asItShouldBe);
    await linked.reconciled();
    expect(asItIs()).toEqual(asItShouldBe);
  });

  it('runs when an event names an unknown unit and when the session reopens, even without players', async () => {
    officer.drop();
    await quiet();
    world.units.push(unit(960));
    await linked.cad.fire({ type: 'EVENT_UNIT_STATUS', data: { identIds: [960], status: 3 } });
    await linked.laterUntil(() => ask('getUnit', 960) !== undefined && ask('getUnit', 960) !== null);
    world.dispatchCalls.push(call(505));
    await linked.cad.fire({ type: 'EVENT_DISPATCH_UNIT_ATTACH', data: { callId: 505, idents: [13] } });
    await linked.laterUntil(() => idsOf('getCalls', 'callId').includes(505));
    expect(ask('getCall', 505)).toMatchObject({ idents: [12, 13] });
    world.units.push(unit(970));
    world.emergencyCalls.push(emergency(309));
    linked.cad.dropSessions();
    await linked.laterUntil(
      () => idsOf('getUnits', 'id').includes(970) && idsOf('getEmergencyCalls', 'callId').includes(309),
    );
    await quiet();
  });

  it('restores the state after a restart, without announcing old calls or clocking units in', async () => {
    told();
    linked.host.restart('sonorancad');
    await until(() => linked.cad.sessions.length === 1);
    await linked.reconciled();
    expect(idsOf('getUnits', 'id')).toHaveLength(UNITS);
    expect(told()).toEqual({ scripts: ['AddPlayer 1'], game: ['SonoranCAD::core:AddPlayer'], target: 0 });
  });
});

it.each([
  [1, 60_000, 60_000],
  [5, 75_000, 125_000],
])('Resync with the CAD uses the intervals of %d servers that share the key', async (servers, callsMs, unitsMs) => {
  world.units = [];
  linked.cad.world.servers = Array.from({ length: servers }, (_, index) => ({
    ...registered(linked.host.port),
    id: index + 1,
  }));
  linked.host.execute('sonorancad reload');
  await linked.later(1_000);
  await linked.reconciled();
  const count = (what: string) => linked.asked(new RegExp(`/${what}$`)).length;
  const before = [count('calls'), count('units')];
  for (let second = 0; second < 600; second += 15) await linked.later(15_000);
  const rounds = [count('calls') - Number(before[0]), count('units') - Number(before[1])];
  for (const [index, every] of [callsMs, unitsMs].entries()) {
    expect(rounds[index]).toBeLessThanOrEqual(600_000 / every + 1);
    expect(rounds[index]).toBeGreaterThanOrEqual(Math.floor(600_000 / (every + 15_000)) - 1);
  }
});
