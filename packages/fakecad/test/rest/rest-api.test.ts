import { afterEach, describe, expect, it } from '@jest/globals';
import { createManualClock } from '../../../../test/manual-clock.ts';
import { ask, closeCads, startCad } from '../started-cads.ts';

afterEach(closeCads);

describe('the API of the pretend CAD', () => {
  it('says what the community has', async () => {
    const cad = await startCad();
    expect((await ask(cad, 'GET /v2/general/version')).body).toEqual({ version: 2, name: 'PLUS' });
    const { body } = await ask(cad, 'GET /v2/general/info');
    expect(body).toMatchObject({ uuid: expect.any(String), community: { comId: 'community' }, codes: [] });
  });

  it('words its errors as problems, with what its support finds a request by', async () => {
    const cad = await startCad();
    const response = await fetch(`${cad.url}/v2/emergency/servers/1/units?limit=5`);
    expect(response.status).toBe(401);
    expect(response.headers.get('content-type')).toContain('application/problem+json');
    const body = (await response.json()) as { traceId: string };
    expect(body).toEqual({
      type: 'https://httpstatuses.com/401',
      title: 'Unauthorized',
      status: 401,
      detail: 'Missing Authorization header.',
      instance: '/v2/emergency/servers/1/units',
      traceId: expect.stringMatching(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/),
    });
    expect(response.headers.get('x-trace-id')).toBe(body.traceId);
  });

  it('takes no other key, and no other kind of credentials', async () => {
    const cad = await startCad();
    expect((await ask(cad, 'GET /v2/general/version', undefined, 'another-key')).status).toBe(401);
    const basic = await fetch(`${cad.url}/v2/general/version`, { headers: { Authorization: 'Basic a-key' } });
    expect(basic.status).toBe(401);
  });

  it('asks for no key where the login page is looked up', async () => {
    const cad = await startCad();
    const found = await fetch(`${cad.url}/v2/general/login-page?communityId=community`);
    expect(await found.json()).toMatchObject({ comId: 'community' });
    expect((await fetch(`${cad.url}/v2/general/login-page?communityId=other`)).status).toBe(404);
  });

  it.each([
    ['a server that the community does not have', 'GET /v2/emergency/servers/7/units', 404],
    ['an address that does not exist', 'GET /v2/emergency/servers/1/everything', 404],
    ['a method that the address does not have', 'PATCH /v2/general/version', 405],
  ])('refuses %s', async (_, target, status) => {
    const cad = await startCad();
    const { status: answered, body } = await ask(cad, target);
    expect([answered, body.status]).toEqual([status, status]);
  });

  it.each([
    ['no JSON', { body: '{', headers: { 'Content-Type': 'application/json' } }, 400],
    ['JSON that is not called so', { body: '{"communityUserId":"a"}', headers: { 'Content-Type': 'text/plain' } }, 415],
    ['a field too few', { body: '{}', headers: { 'Content-Type': 'application/json' } }, 400],
    ['over 1 MiB', { body: 'x'.repeat(1024 * 1024 + 1), headers: { 'Content-Type': 'application/json' } }, 413],
  ])('refuses a body with %s', async (_, { body, headers }, status) => {
    const cad = await startCad();
    const authorization = { Authorization: 'Bearer a-key-of-the-pretend-cad' };
    const all = { method: 'POST', body, headers: { ...headers, ...authorization } };
    expect((await fetch(`${cad.url}/v2/general/links/check`, all)).status).toBe(status);
  });

  it('lets through as many requests a minute as the endpoint allows, for all servers together', async () => {
    const clock = createManualClock();
    const cad = await startCad({ clock, servers: [{ id: 1 }, { id: 2 }] });
    const units = (serverId: number) => ask(cad, `GET /v2/emergency/servers/${serverId}/units`);
    for (const serverId of [1, 2, 1]) expect((await units(serverId)).status).toBe(200);
    clock.advance(20_000);
    const refused = await units(2);
    expect(refused.status).toBe(429);
    expect(refused.body).toEqual({
      message: 'API rate limit exceeded',
      request_id: expect.stringMatching(/^[0-9a-f]{32}$/),
    });
    expect(refused.headers.get('retry-after')).toBe('40');
    expect(refused.headers.get('x-kong-request-id')).toBe(refused.body.request_id);
    expect((await ask(cad, 'GET /v2/emergency/servers/1/calls')).status).toBe(200);
    clock.advance(40_000);
    expect((await units(2)).status).toBe(200);
  });

  it('lets through everything when it is told to', async () => {
    const cad = await startCad({ enforceLimits: false });
    for (let count = 0; count < 12; count += 1) expect((await ask(cad, 'GET /v2/general/version')).status).toBe(200);
  });

  it('remembers what it was asked and what it answered, and not the key', async () => {
    const cad = await startCad();
    await ask(cad, 'POST /v2/general/links/check?a=b', { communityUserId: 'license:1' });
    expect(cad.requests).toEqual([
      {
        method: 'POST',
        path: '/v2/general/links/check',
        query: { a: 'b' },
        body: { communityUserId: 'license:1' },
        at: expect.any(Number),
        status: 200,
      },
    ]);
  });

  it('keeps support logs without asking for a key', async () => {
    const cad = await startCad();
    const response = await fetch(`${cad.url}/v2/upload/debug/123456`, { method: 'POST', body: 'all is well' });
    expect(response.status).toBe(200);
    expect(cad.world.uploads.get('123456')).toBe('all is well');
  });

  it('hands out credentials for bodycams', async () => {
    expect((await ask(await startCad(), 'GET /v2/general/turn')).body.iceServers).toHaveLength(1);
  });
});
