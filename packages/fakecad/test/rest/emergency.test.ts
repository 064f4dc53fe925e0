import { afterEach, describe, expect, it } from '@jest/globals';
import type { FakeCad } from '../../src/fake-cad.ts';
import { ask, closeCads, startCad } from '../started-cads.ts';

afterEach(closeCads);

const SERVER = '/v2/emergency/servers/1';

async function withUnits(): Promise<FakeCad> {
  const cad = await startCad({ enforceLimits: false });
  cad.world.at(1).units = [
    { id: 12, accId: 'uuid-12', status: 2, data: { communityUserId: 'license:12', group: 'CAR-51' } },
    { id: 18, accId: 'uuid-18', status: 100, data: { apiIds: ['steam:18'] } },
    { id: 40, accId: 'uuid-40', status: 2, isDispatch: true },
  ];
  return cad;
}

const idsOf = (units: { id: number }[]) => units.map(({ id }) => id);

describe('units of the pretend CAD', () => {
  it.each([
    ['', [12]],
    ['?includeOffline=true', [12, 18]],
    ['?onlyUnits=false', [12, 40]],
    ['?includeOffline=True&onlyUnits=false&limit=2&offset=1', [18, 40]],
  ])('are listed as asked by "%s"', async (query, ids) => {
    const { body } = await ask(await withUnits(), `GET ${SERVER}/units${query}`);
    expect(idsOf(body)).toEqual(ids);
  });

  it('are listed for an account, under a name in Pascal case', async () => {
    const cad = await withUnits();
    expect(idsOf((await ask(cad, `GET ${SERVER}/accounts/uuid-12/units`)).body.Units)).toEqual([12]);
    expect(idsOf((await ask(cad, `GET ${SERVER}/accounts/uuid-18/units`)).body.Units)).toEqual([]);
  });

  it.each([
    [{ communityUserId: 'license:12' }, 1],
    [{ communityUserIds: ['steam:18', 'license:12'] }, 2],
    [{ identIds: [12, 18, 99] }, 2],
    [{ accountUuid: 'uuid-40' }, 1],
    [{ identIds: [] }, 0],
  ])('get a status when they are named by %j', async (who, updated) => {
    const cad = await withUnits();
    const { body } = await ask(cad, `PATCH ${SERVER}/units/status`, { ...who, status: 3 });
    expect(body).toEqual({ updated, status: 'ENROUTE' });
    expect(cad.world.at(1).units.filter(({ status }) => status === 3)).toHaveLength(updated);
  });

  it('are named by a link of the player too', async () => {
    const cad = await withUnits();
    cad.world.links.set('license:40', 'uuid-40');
    await ask(cad, `PATCH ${SERVER}/units/panic`, { communityUserId: 'license:40', isPanic: true });
    expect(cad.world.at(1).units[2]).toMatchObject({ id: 40, isPanic: true });
  });

  it('must be named', async () => {
    const { status, body } = await ask(await withUnits(), `PATCH ${SERVER}/units/status`, { status: 3 });
    expect([status, body.detail]).toEqual([400, expect.stringContaining('communityUserIds')]);
  });

  it('are kicked one by one and several at once', async () => {
    const cad = await withUnits();
    const kick = (method: string, body: unknown) => ask(cad, `${method} ${SERVER}/units/kick`, body);
    expect((await kick('POST', { identIds: [12], reason: 'asleep' })).body).toEqual({ identId: 12, reason: 'asleep' });
    expect((await kick('POST', { identIds: [12], reason: 'asleep' })).status).toBe(404);
    const both = [18, 40].map((identId) => ({ identIds: [identId], reason: 'late' }));
    expect((await kick('DELETE', both)).body.count).toBe(2);
    expect(cad.world.at(1).units).toEqual([]);
  });

  it('are moved', async () => {
    const cad = await withUnits();
    const updates = [
      { communityUserId: 'license:12', location: 'Alta St', coordinates: { x: 1, y: 2, z: 3 } },
      { apiId: 'steam:18', location: 'Route 68' },
      { communityUserId: 'license:nobody', location: 'nowhere' },
    ];
    expect((await ask(cad, `PATCH ${SERVER}/unit-locations`, { updates })).body).toEqual({ updated: 2 });
    const [first, second] = cad.world.at(1).units;
    expect(first).toMatchObject({ location: 'Alta St', coordinates: { x: 1, y: 2, z: 3 } });
    expect(second).toMatchObject({ location: 'Route 68' });
  });

  it('have an identifier that is selected, and a call', async () => {
    const cad = await withUnits();
    const account = '/v2/emergency/accounts/uuid-12';
    cad.world.at(1).units.push({ id: 13, accId: 'uuid-12' });
    expect((await ask(cad, `PUT ${account}/selected-identifier`, { identId: 13 })).body).toMatchObject({
      serverId: 1,
      isDispatch: false,
      identifier: { id: 13 },
    });
    const { body } = await ask(cad, `GET ${account}/identifiers`);
    expect([body.SelectedIdent, idsOf(body.Identifiers)]).toEqual([13, [12, 13]]);
    expect((await ask(cad, `GET ${account}/current-call`)).status).toBe(404);
    const about = { origin: 1, status: 1, priority: 1, title: 'Fire' };
    const call = await ask(cad, `POST ${SERVER}/dispatch-calls`, { ...about, communityUserIds: ['license:12'] });
    await ask(cad, `POST ${SERVER}/dispatch-calls/${call.body.callId}/attachments`, { identIds: [13] });
    const current = await ask(cad, `GET ${account}/current-call`);
    expect(current.body).toEqual({ IdentId: 13, CallId: call.body.callId });
  });

  it('are put into groups', async () => {
    const cad = await withUnits();
    const { body } = await ask(cad, `PUT ${SERVER}/identifier-groups/Engine%207`, { identIds: [18] });
    expect(body).toEqual({ ok: true });
    expect(cad.world.at(1).units[1]?.data).toEqual({ apiIds: ['steam:18'], group: 'Engine 7' });
  });
});

const ABOUT = { origin: 1, status: 1, priority: 2, title: 'Collision', notes: ['two cars'] };

async function withCall(): Promise<{ cad: FakeCad; callId: number; at: string }> {
  const cad = await startCad({ enforceLimits: false });
  cad.world.at(1).units = [
    { id: 12, data: { communityUserId: 'license:12' } },
    { id: 18, data: { group: 'CAR-51' } },
  ];
  const { body } = await ask(cad, `POST ${SERVER}/dispatch-calls`, { ...ABOUT, communityUserIds: ['license:12'] });
  return { cad, callId: body.callId, at: `${SERVER}/dispatch-calls/${body.callId}` };
}

describe('911 calls of the pretend CAD', () => {
  it('are made, which a push event tells, and removed, which none does', async () => {
    const cad = await startCad();
    const about = { isEmergency: true, caller: 'Lamar', location: 'Alta St', description: 'Help!' };
    const made = await ask(cad, `POST ${SERVER}/calls/911`, {
      ...about,
      metaData: { x: '1.5' },
      deleteAfterMinutes: 5,
    });
    expect(made.body).toEqual({
      callId: expect.any(Number),
      ...about,
      metaData: { x: '1.5' },
      updated: expect.stringMatching(/Z$/),
    });
    expect(cad.world.at(1).emergencyCalls).toEqual([made.body]);
    const removed = await ask(cad, `DELETE ${SERVER}/calls/911/${made.body.callId}`);
    expect(removed.body).toEqual({ callId: made.body.callId, serverId: 1 });
    expect((await ask(cad, `DELETE ${SERVER}/calls/911/${made.body.callId}`)).status).toBe(404);
    expect(cad.pushes).toMatchObject([{ type: 'EVENT_911', serverId: 1 }]);
  });

  it('have texts only in their metadata', async () => {
    const about = { isEmergency: true, caller: '', location: '', description: '', metaData: { x: 1.5 } };
    expect((await ask(await startCad(), `POST ${SERVER}/calls/911`, about)).status).toBe(400);
  });
});

describe('the list of calls of the pretend CAD', () => {
  it('has names in Pascal case at the top only', async () => {
    const { cad, callId } = await withCall();
    const { body } = await ask(cad, `GET ${SERVER}/calls`);
    expect(body).toEqual({
      ActiveCalls: [expect.objectContaining({ callId, title: 'Collision', idents: [12] })],
      EmergencyCalls: [],
      ClosedCalls: [],
      ClosedCallCount: 0,
    });
    expect((await ask(cad, `GET ${SERVER}/calls?type=1`)).body.ActiveCalls).toEqual([]);
  });

  it('has as many closed calls as asked for', async () => {
    const { cad, callId } = await withCall();
    const second = await ask(cad, `POST ${SERVER}/dispatch-calls`, { ...ABOUT, accounts: [] });
    const callIds = [callId, second.body.callId];
    expect((await ask(cad, `POST ${SERVER}/dispatch-calls/close`, { callIds })).body).toEqual({ callIds });
    const { body } = await ask(cad, `GET ${SERVER}/calls?closedLimit=1&closedOffset=1`);
    expect(body).toMatchObject({
      ActiveCalls: [],
      ClosedCalls: [{ callId: callIds[1], status: 2 }],
      ClosedCallCount: 2,
    });
  });
});

describe('dispatch calls of the pretend CAD', () => {
  it('are for somebody, or expressly for nobody', async () => {
    const cad = await startCad();
    expect((await ask(cad, `POST ${SERVER}/dispatch-calls`, ABOUT)).status).toBe(400);
    const { body } = await ask(cad, `POST ${SERVER}/dispatch-calls`, { ...ABOUT, communityUserIds: [] });
    expect(body).toMatchObject({ ...ABOUT, idents: [], notes: [{ content: 'two cars', type: 'text' }] });
  });

  it('are edited in part, their metadata as a whole', async () => {
    const { cad, at } = await withCall();
    await ask(cad, `PATCH ${at}`, { metaData: { x: '1', y: '2' } });
    const { body } = await ask(cad, `PATCH ${at}`, { priority: 3, metaData: { z: '3' } });
    expect(body).toMatchObject({ title: 'Collision', priority: 3, idents: [12] });
    expect(body.metaData).toEqual({ z: '3' });
  });

  it('get and lose units', async () => {
    const { cad, callId, at } = await withCall();
    const attached = await ask(cad, `POST ${at}/attachments`, { groupName: 'CAR-51' });
    expect(attached.body).toEqual({ callId, identIds: [18] });
    expect(cad.world.at(1).dispatchCalls[0]?.idents).toEqual([12, 18]);
    const detached = await ask(cad, `DELETE ${SERVER}/dispatch-calls/attachments`, { identIds: [12] });
    expect(detached.body).toEqual({ identIds: [12] });
    expect(cad.world.at(1).dispatchCalls[0]?.idents).toEqual([18]);
  });

  it('get notes, a postal and a primary unit', async () => {
    const { cad, callId, at } = await withCall();
    const note = { note: 'tow on the way', noteType: 'text', label: '12' };
    expect((await ask(cad, `POST ${at}/notes`, note)).body).toMatchObject({
      callId,
      note: { content: 'tow on the way', type: 'text', label: '12', time: expect.stringMatching(/^\d\d:\d\d:\d\d$/) },
    });
    expect((await ask(cad, `PATCH ${at}/postal`, { postal: '8042' })).body).toEqual({ callId, postal: '8042' });
    const primary = { identId: 18, trackPrimary: true };
    expect((await ask(cad, `PATCH ${at}/primary`, primary)).body).toEqual(primary);
    const [call] = cad.world.at(1).dispatchCalls;
    expect(call).toMatchObject({ postal: '8042', primary: 18, trackPrimary: true });
    expect(call?.notes.map(({ content }) => content)).toEqual(['tow on the way', 'two cars']);
  });

  it.each(['POST attachments', 'POST notes', 'PATCH postal', 'PATCH primary'])(
    'say when there is none: %s',
    async (what) => {
      const [method, part] = what.split(' ');
      const body = { identIds: [1], note: 'a', postal: '1', identId: 1, trackPrimary: true };
      const answer = await ask(await startCad(), `${method} ${SERVER}/dispatch-calls/9/${part}`, body);
      expect(answer.status).toBe(404);
    },
  );

  it('are made from templates', async () => {
    const cad = await startCad();
    const [template] = (await ask(cad, 'GET /v2/emergency/dispatch-templates')).body;
    const { body } = await ask(cad, `POST ${SERVER}/custom-dispatch-calls`, {
      templateId: template.templateId,
      values: { plate: '46EEK572' },
      identIds: [],
    });
    expect(body).toMatchObject({ callId: expect.any(Number), template, values: { plate: '46EEK572' }, statusId: 1 });
    expect(cad.world.at(1).dispatchCalls).toHaveLength(1);
  });
});

const BLIP = { coordinates: { x: 1, y: 2 }, subType: 'scene', icon: 'fire', color: '#ff0000', tooltip: 'Fire' };

it('blips of the pretend CAD are drawn, changed, listed, and removed by a POST of their own', async () => {
  const cad = await startCad();
  const drawn = { id: 1, ...BLIP, coordinates: { x: 1, y: 2, z: 0, w: 0 } };
  expect((await ask(cad, `POST ${SERVER}/blips`, BLIP)).body).toEqual(drawn);
  expect((await ask(cad, `PATCH ${SERVER}/blips/1`, { color: '#00ff00' })).body).toEqual({ id: 1 });
  expect((await ask(cad, `GET ${SERVER}/blips`)).body).toEqual([{ ...drawn, color: '#00ff00' }]);
  expect((await ask(cad, `DELETE ${SERVER}/blips`, { ids: [1] })).status).toBe(405);
  expect((await ask(cad, `POST ${SERVER}/blips/delete`, { ids: [1, 9] })).body).toEqual({ ids: [1] });
  expect((await ask(cad, `GET ${SERVER}/blips`)).body).toEqual([]);
  for (const target of [`PATCH ${SERVER}/blips/1`, `POST ${SERVER}/blips/delete`])
    expect((await ask(cad, target, { ids: [1] })).body).toMatchObject({ status: 404, detail: 'Blip not found.' });
});

it('30 blips are drawn in a minute, and no more', async () => {
  const cad = await startCad();
  const answers = await Promise.all(Array.from({ length: 31 }, () => ask(cad, `POST ${SERVER}/blips`, BLIP)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(30);
});

it('stations, pagers, callouts and street signs of the pretend CAD are kept as documented, and refused otherwise', async () => {
  const cad = await startCad();
  const { configured } = cad.world.at(1);
  const stations = { locations: [{ name: 'Mission Row' }], tones: ['a.mp3'], unitColors: [] };
  expect((await ask(cad, `PUT ${SERVER}/stations`, { config: stations })).status).toBe(400);
  expect((await ask(cad, `PUT ${SERVER}/stations`, stations)).body).toEqual({ serverId: 1 });
  expect(configured.stations).toEqual(stations);
  expect((await ask(cad, `PUT ${SERVER}/pager-config`, { maxAddresses: 3 })).body).toEqual({ serverId: 1 });
  expect((await ask(cad, `GET ${SERVER}/pager-config`)).body).toMatchObject({ maxAddresses: 3, nodes: [] });
  expect((await ask(cad, `PUT ${SERVER}/callouts`, { callouts: [{ id: 'a' }] })).body).toMatchObject({ callouts: 1 });
  expect((await ask(cad, `PUT ${SERVER}/street-sign-config`, { signs: [{ id: 7 }] })).body).toMatchObject({ signs: 1 });
  expect((await ask(cad, `PATCH ${SERVER}/street-signs`, { ids: [7], text1: 'A' })).body).toEqual({ ids: [7] });
});
