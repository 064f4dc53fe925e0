import { afterEach, describe, expect, it } from '@jest/globals';
import type { FakeCad } from '../../../scripts/fakecad/fake-cad.ts';
import { createManualClock } from '../../manual-clock.ts';
import { ask, closeCads, startCad } from '../started-cads.ts';

afterEach(closeCads);

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
