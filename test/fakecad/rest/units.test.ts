import { afterEach, describe, expect, it } from '@jest/globals';
import type { FakeCad } from '../../../scripts/fakecad/fake-cad.ts';
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
