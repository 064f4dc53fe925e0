import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { FakeCad } from '../../../scripts/fakecad/fake-cad.ts';
import { ask, closeCads, startCad } from '../started-cads.ts';

const OWNER = { communityUserId: '0c' };
let cad: FakeCad;
beforeEach(async () => {
  cad = await startCad({ enforceLimits: false });
  cad.world.accounts.push({ uuid: 'uuid-1', username: 'Reed', status: 1 });
  cad.world.links.set('0c', 'uuid-1');
  cad.world.secrets.set('secret-1', 'uuid-1');
});
afterEach(closeCads);

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
