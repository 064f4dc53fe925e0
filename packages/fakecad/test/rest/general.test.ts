import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../../../test/manual-clock.ts';
import type { FakeCad } from '../../src/fake-cad.ts';
import { ask, closeCads, startCad } from '../started-cads.ts';

afterEach(closeCads);

const SIGNS = 'POST /v2/general/servers/1/street-sign-auth';

describe("the pretend CAD's list of servers", () => {
  it('has one without an address to begin with', async () => {
    const { body } = await ask(await startCad(), 'GET /v2/general/servers');
    expect(body.servers).toEqual([expect.objectContaining({ id: 1, mapIp: '', listenerPort: '', signal: '100' })]);
  });

  it('comes in pages, or empty, as its faults want it', async () => {
    const cad = await startCad({ servers: [{ id: 1 }, { id: 2 }, { id: 3 }] });
    const list = async (query = '') => (await ask(cad, `GET /v2/general/servers${query}`)).body;
    cad.faults.serversPerPage = 2;
    expect(await list()).toMatchObject({ servers: [{ id: 1 }, { id: 2 }], total: 3, hasMore: true });
    expect(await list('?limit=100&offset=2')).toMatchObject({ servers: [{ id: 3 }], total: 3, hasMore: false });
    cad.faults.noServers = true;
    expect(await list()).toEqual({ servers: [] });
    expect(cad.world.servers).toHaveLength(3);
  });

  it('is replaced as a whole: a server that is left out is gone, and unknown fields are kept', async () => {
    const cad = await startCad({ servers: [{ id: 1, name: 'Main' }, { id: 2 }] });
    const servers = [{ id: 1, mapIp: '203.0.113.10', listenerPort: '30120', addedLater: { a: 1 } }];
    const { body } = await ask(cad, 'PUT /v2/general/servers', { deployMap: false, servers });
    expect(body).toEqual({ servers });
    expect(cad.world.servers).toEqual(servers);
  });

  it.each([
    ['two servers of one id', { deployMap: false, servers: [{ id: 1 }, { id: 1 }] }],
    ['a port that is a number', { deployMap: false, servers: [{ id: 1, listenerPort: 30120 }] }],
    ['no word on the map', { servers: [{ id: 1 }] }],
  ])('refuses %s, and stays as it is', async (_, list) => {
    const cad = await startCad();
    expect((await ask(cad, 'PUT /v2/general/servers', list)).status).toBe(400);
    expect(cad.world.servers).toMatchObject([{ id: 1, name: 'Server 1' }]);
  });

  it('takes heartbeats', async () => {
    const cad = await startCad();
    const { body } = await ask(cad, 'POST /v2/general/servers/1/heartbeat', { playerCount: 12 });
    expect(body).toEqual({ serverId: 1, playerCount: 12, receivedAtUtc: expect.stringMatching(/Z$/) });
    expect(cad.world.at(1).playerCount).toBe(12);
  });

  it('checks smart signs against the address that requests come from', async () => {
    expect((await ask(await startCad(), SIGNS)).status).toBe(402);
    const plan = { version: 4, name: 'PRO' };
    const cad = await startCad({ plan, servers: [{ id: 1, mapIp: '203.0.113.10' }] });
    expect((await ask(cad, SIGNS)).status).toBe(403);
    cad.world.servers = [{ id: 1, mapIp: '203.0.113.10', differingOutbound: true, outboundIp: '127.0.0.1' }];
    expect((await ask(cad, SIGNS)).body).toEqual({ authorized: true, serverId: 1 });
  });
});

const USER = 'license:7';

async function withAccounts(): Promise<FakeCad> {
  const cad = await startCad({ enforceLimits: false });
  cad.world.accounts.push(
    { uuid: 'uuid-1', username: 'Reed', status: 1, roblox: 42 },
    { uuid: 'uuid-2', username: 'Malloy', status: 0, discord: '99' },
  );
  cad.world.secrets.set('secret-1', 'uuid-1');
  return cad;
}

describe('links of the pretend CAD', () => {
  it('begin with a code of four characters that holds for ten minutes', async () => {
    const cad = await startCad({ clock: createManualClock(0) });
    expect((await ask(cad, 'POST /v2/general/links', { communityUserId: USER })).body).toEqual({
      code: expect.stringMatching(/^[A-Z0-9]{4}$/),
      communityUserId: USER,
      communityUuid: expect.any(String),
      expiresAt: '1970-01-01T00:10:00.000Z',
      expiresInSeconds: 600,
    });
  });

  it('can be checked and set, and go over to another player with the account', async () => {
    const cad = await withAccounts();
    const check = async (communityUserId: string) =>
      (await ask(cad, 'POST /v2/general/links/check', { communityUserId })).body;
    expect(await check(USER)).toEqual({ communityUserId: USER, linked: false, accountUuid: null });
    const link = { accountUuid: 'uuid-1', secretUuid: 'secret-1', communityUserId: USER };
    expect((await ask(cad, 'POST /v2/general/links/set', { ...link, secretUuid: 'wrong' })).status).toBe(403);
    expect((await ask(cad, 'POST /v2/general/links/set', link)).status).toBe(200);
    expect(await check(USER)).toEqual({ communityUserId: USER, linked: true, accountUuid: 'uuid-1' });
    await ask(cad, 'POST /v2/general/links/set', { ...link, communityUserId: 'license:8' });
    expect([(await check(USER)).linked, (await check('license:8')).linked]).toEqual([false, true]);
  });

  it('tell whose a secret is', async () => {
    const cad = await withAccounts();
    const verify = (secret: string) => ask(cad, 'POST /v2/general/secrets/verify', { secret });
    expect((await verify('secret-1')).body).toEqual({ 'secret-1': 'uuid-1' });
    expect((await verify('other')).status).toBe(404);
  });
});

describe('accounts of the pretend CAD', () => {
  it.each(['communityUserId=license:7', 'roblox=42', 'accountUuid=uuid-1', 'username=reed'])(
    'are found by %s',
    async (query) => {
      const cad = await withAccounts();
      cad.world.links.set(USER, 'uuid-1');
      expect((await ask(cad, `GET /v2/general/accounts/account?${query}`)).body.uuid).toBe('uuid-1');
    },
  );

  it('are looked for in exactly one way', async () => {
    const cad = await withAccounts();
    expect((await ask(cad, 'GET /v2/general/accounts/account')).status).toBe(400);
    expect((await ask(cad, 'GET /v2/general/accounts/account?roblox=42&discord=99')).status).toBe(400);
    expect((await ask(cad, 'GET /v2/general/accounts/account?discord=98')).status).toBe(404);
  });

  it('come in pages', async () => {
    const cad = await withAccounts();
    const { body } = await ask(cad, 'GET /v2/general/accounts?limit=1&offset=1');
    expect(body).toEqual({ pagination: { limit: 1, offset: 1, total: 2 }, accounts: [cad.world.accounts[1]] });
    expect((await ask(cad, 'GET /v2/general/accounts?status=1')).body.accounts).toHaveLength(1);
    expect((await ask(cad, 'GET /v2/general/accounts?username=mal')).body.accounts).toHaveLength(1);
  });
});

const OWNER = { communityUserId: '0c' };
let cad: FakeCad;
beforeEach(async () => {
  cad = await startCad({ enforceLimits: false });
  cad.world.accounts.push({ uuid: 'uuid-1', username: 'Reed', status: 1 });
  cad.world.links.set('0c', 'uuid-1');
  cad.world.secrets.set('secret-1', 'uuid-1');
});

const create = async (recordTypeId: number, replaceValues: object) =>
  ask(cad, 'POST /v2/general/records', { ...OWNER, useDictionary: true, recordTypeId, replaceValues });
const idsOf = async (target: string, body?: object) =>
  (await ask(cad, target, body)).body.map(({ id }: { id: number }) => id);

describe('records of the pretend CAD', () => {
  it('are made of a template or whole, changed and removed', async () => {
    const made = await create(5, { plate: 'ABC', '{{status}}': 'VALID' });
    expect(made.body).toMatchObject({ id: 1, recordTypeId: 5, type: 5, sections: [{ category: 0 }] });
    expect(made.body.sections[0].fields[0]).toEqual({ label: 'Plate', value: 'ABC', uid: 'plate' });
    const whole = { ...OWNER, record: { type: 9, name: 'Incident', sections: [] } };
    expect((await ask(cad, 'POST /v2/general/records', whole)).body).toMatchObject({ id: 2, type: 9 });
    const changed = await ask(cad, 'PATCH /v2/general/records/1', { replaceValues: { plate: 'XYZ' } });
    expect(changed.body.sections[0].fields[0].value).toBe('XYZ');
    expect((await ask(cad, 'DELETE /v2/general/records/2')).body).toEqual({ recordId: 2 });
    expect((await ask(cad, 'DELETE /v2/general/records/2')).status).toBe(404);
    expect((await ask(cad, 'GET /v2/general/templates/12')).body).toMatchObject({ name: 'Incident Report', id: 0 });
  });

  it('need an owner and content, and a plate of their own', async () => {
    expect((await ask(cad, 'POST /v2/general/records', { recordTypeId: 5 })).status).toBe(400);
    expect((await ask(cad, 'POST /v2/general/records', { communityUserId: 'x', recordTypeId: 5 })).status).toBe(404);
    expect((await create(99, {})).status).toBe(400);
    await create(5, { plate: 'ABC' });
    expect((await create(5, { plate: 'abc' })).body).toMatchObject({ status: 409, title: 'Conflict' });
  });

  it('are found by name, plate, value and field, in pages', async () => {
    await create(7, { first: 'John', last: 'Doe' });
    await create(5, { plate: 'ABC 1', first: 'John', last: 'Doe' });
    for (const status of ['0', '0', '1']) await create(2, { status, last: 'Doe' });
    const lookup = 'POST /v2/general/lookups';
    expect(await idsOf(lookup, { last: 'doe', types: [5, 7] })).toEqual([1, 2]);
    expect(await idsOf(lookup, { plate: 'abc 1' })).toEqual([2]);
    expect(await idsOf(lookup, { plate: 'bc', partial: true })).toEqual([2]);
    expect((await ask(cad, lookup, { plate: '', types: [2] })).status).toBe(400);
    const byValue = `${lookup}/by-value`;
    expect(await idsOf(byValue, { searchType: 2, value: 0, types: [2, 3] })).toEqual([3, 4]);
    expect(await idsOf(byValue, { searchType: 'ACTIVE_STATUS', value: '0', types: [2], limit: 1, offset: 1 })).toEqual([
      4,
    ]);
    expect(await idsOf(byValue, { searchType: 'NUMBER', value: '5' })).toEqual([5]);
    expect(await idsOf(byValue, { searchType: 'SECRET', value: 'secret-1', types: [7] })).toEqual([1]);
    expect((await ask(cad, byValue, { searchType: 99, value: 1 })).status).toBe(400);
    expect(await idsOf(`${lookup}/custom`, { map: 'first', value: 'john' })).toEqual([1, 2]);
  });
});

it('characters of the pretend CAD belong to an account, and one of them is selected', async () => {
  await create(7, { first: 'John', last: 'Doe' });
  expect(await idsOf('GET /v2/civilian/characters?communityUserId=0c')).toEqual([1]);
  expect((await ask(cad, 'GET /v2/civilian/characters')).status).toBe(400);
  const link = '/v2/civilian/character-links/citizen:1';
  expect((await ask(cad, `PUT ${link}`, OWNER)).body).toEqual({
    accountUuid: 'uuid-1',
    syncId: 'citizen:1',
    action: 'ADD',
  });
  expect((await ask(cad, 'GET /v2/civilian/character-links?communityUserId=0c')).body).toEqual(['citizen:1']);
  for (const [characterId, status] of [
    ['1', 200],
    ['citizen:1', 200],
    ['9', 404],
  ] as const)
    expect((await ask(cad, 'PUT /v2/civilian/selected-character', { ...OWNER, characterId })).status).toBe(status);
  expect((await ask(cad, `DELETE ${link}`, OWNER)).body).toMatchObject({ action: 'REMOVE' });
  expect((await ask(cad, 'DELETE /v2/civilian/characters/1')).body).toEqual({ characterId: 1 });
});

it('postals and penal codes of the pretend CAD are replaced as a whole', async () => {
  const postals = [{ code: '100', x: 1, y: 2 }];
  expect((await ask(cad, 'PUT /v2/general/postals', { postals })).body).toEqual({ updated: 1 });
  expect(cad.world.postals).toEqual(postals);
  expect((await ask(cad, 'PUT /v2/general/postals', { postals: { code: '100' } })).status).toBe(400);
  await ask(cad, 'PUT /v2/general/penal-codes', { codes: [{ title: 'Speeding' }] });
  expect((await ask(cad, 'GET /v2/general/penal-codes')).body).toEqual([{ title: 'Speeding' }]);
});
