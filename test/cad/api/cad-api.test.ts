import { afterEach, describe, expect, it } from '@jest/globals';
import { CadApi } from '../../../src/cad/api/cad-api.ts';
import type { ApiInput } from '../../../src/cad/api/endpoints.ts';
import { findLegacyRequest } from '../../../src/cad/api/legacy-requests.ts';
import { createManualClock } from '../../manual-clock.ts';
import { until } from '../../until.ts';
import { API_KEY, closeAll, oneAfterTheOther, serveCad, settled, setUpApi } from './set-up-api.ts';

afterEach(closeAll);

describe('CadApi, for a request', () => {
  it('sends the key, the accepted type and the user agent', async () => {
    const cad = await serveCad(oneAfterTheOther([200, { version: 2, name: 'PLUS' }]));
    const { api } = setUpApi(cad.port);
    expect(await api.request('getVersion', {})).toEqual({
      ok: true,
      data: { version: 2, name: 'PLUS' },
      answer: { version: 2, name: 'PLUS' },
    });
    expect(cad.received).toMatchObject([
      {
        method: 'GET',
        path: '/v2/general/version',
        headers: {
          authorization: `Bearer ${API_KEY}`,
          accept: 'application/json',
          'user-agent': 'sonorancad/5.0.0',
        },
      },
    ]);
    expect(cad.received[0]?.headers).not.toHaveProperty('content-type');
  });

  it('sends the body as JSON to the path of the configured server', async () => {
    const cad = await serveCad(oneAfterTheOther([200, { callId: 7 }]));
    const { api } = setUpApi(cad.port);
    const call = { isEmergency: true, caller: 'Jörg', location: 'Grove St', description: '^1help\u{1F692}' };
    expect(await api.request('create911', call)).toEqual({ ok: true, data: { callId: 7 }, answer: { callId: 7 } });
    expect(cad.received).toMatchObject([
      { method: 'POST', path: '/v2/emergency/servers/3/calls/911', headers: { 'content-type': 'application/json' } },
    ]);
    expect(JSON.parse(String(cad.received[0]?.body))).toEqual(call);
  });

  it('sends nothing before the next pass of the event loop', async () => {
    const cad = await serveCad();
    const clock = createManualClock();
    let fetches = 0;
    const { config } = setUpApi(cad.port);
    const api = new CadApi({
      config: () => config,
      version: '5.0.0',
      clock,
      random: () => 0.5,
      fetch: (...args) => {
        fetches += 1;
        return fetch(...args);
      },
    });
    const answer = api.request('getDispatchTemplates', {});
    expect(fetches).toBe(0);
    clock.pass();
    expect(fetches).toBe(1);
    await answer;
  });

  it.each([
    ['production', 'https://api.sonorancad.com/v2/general/version'],
    ['development', 'https://staging-api.dev.sonorancad.com/v2/general/version'],
  ] as const)('uses the host of the mode %s when apiUrl is empty', async (mode, address) => {
    const asked: string[] = [];
    const { api, config } = setUpApi(1, {
      fetch: async (url) => {
        asked.push(String(url));
        return new Response('{"version":2,"name":"PLUS"}');
      },
    });
    Object.assign(config, { mode, apiUrl: '' });
    expect(await api.request('getVersion', {})).toMatchObject({ ok: true });
    expect(asked).toEqual([address]);
  });

  it('keeps the path of a proxy, and uses the key and the server of a reloaded configuration', async () => {
    const cad = await serveCad(oneAfterTheOther([200, []]));
    const { api, config } = setUpApi(cad.port);
    Object.assign(config, {
      apiUrl: `${config.apiUrl}/cad`,
      apiKeys: ['another-key-of-the-community', API_KEY],
      serverId: 9,
    });
    await api.request('getUnits', { limit: 100, offset: 200, onlyUnits: false });
    expect(cad.received).toMatchObject([
      {
        path: '/cad/v2/emergency/servers/9/units?limit=100&offset=200&onlyUnits=false',
        headers: { authorization: 'Bearer another-key-of-the-community' },
      },
    ]);
  });

  it('refuses without sending when a path parameter is empty or leads to another path', async () => {
    const cad = await serveCad();
    const { api } = setUpApi(cad.port);
    for (const groupName of ['', '.', '..']) {
      expect(await api.request('setIdentifierGroup', { groupName, identIds: [1] })).toMatchObject({
        ok: false,
        error: { kind: 'refused', message: 'The request does not say which group it is about.' },
      });
    }
    const noId = { callId: undefined as unknown as number, note: 'seen' };
    expect(await api.request('addNote', noId)).toMatchObject({ ok: false, error: { kind: 'refused' } });
    // A script passes a callback instead of the id.
    for (const serverId of [() => {}, [1, 2]] as unknown as number[])
      expect(await api.request('getBlips', { serverId })).toMatchObject({ ok: false, error: { kind: 'refused' } });
    expect(cad.received).toEqual([]);
  });

  it.each([
    ['SET_SERVERS', {}],
    ['SET_SERVERS', { servers: [] }],
    ['SET_SERVERS', { servers: {} }],
    ['SET_POSTALS', {}],
    ['SET_POSTALS', []],
    ['SET_POSTALS', { code: '1' }],
  ])('refuses %s with %j, which would clear a list of the CAD', async (type, data) => {
    const cad = await serveCad();
    const { api } = setUpApi(cad.port);
    const legacy = findLegacyRequest(type);
    const input = legacy?.toInput(data) as ApiInput<'setServers'>;
    expect(await api.request(legacy?.endpoint as 'setServers', input)).toMatchObject({
      ok: false,
      error: { kind: 'refused', message: expect.stringContaining('would remove all of them from the CAD') },
    });
    expect(cad.received).toEqual([]);
  });

  it('escapes path parameters', async () => {
    const cad = await serveCad();
    const { api } = setUpApi(cad.port);
    await api.request('setIdentifierGroup', { groupName: 'CAR 51/../x?y=\ud800', identIds: [1] });
    expect(cad.received).toMatchObject([
      { path: '/v2/emergency/servers/3/identifier-groups/CAR%2051%2F..%2Fx%3Fy%3D%EF%BF%BD' },
    ]);
  });

  it('refuses a body that is too long or not JSON', async () => {
    const cad = await serveCad();
    const { api } = setUpApi(cad.port);
    const description = 'a'.repeat(1024 * 1024);
    const call = { isEmergency: true, caller: '', location: '', description };
    expect(await api.request('create911', call)).toMatchObject({ ok: false, error: { kind: 'refused' } });
    expect(await api.request('lookup', { plate: 1n })).toMatchObject({ ok: false, error: { kind: 'refused' } });
    expect(cad.received).toEqual([]);
  });
});

describe('CadApi, for an answer', () => {
  it('reads fields in any casing', async () => {
    const cad = await serveCad(
      oneAfterTheOther([
        200,
        { ActiveCalls: [{ CallId: 1, Idents: [2] }], EmergencyCalls: [], ClosedCalls: null, ClosedCallCount: 40 },
      ]),
    );
    const { api } = setUpApi(cad.port);
    expect(await api.request('getCalls', { closedLimit: 10 })).toEqual({
      ok: true,
      answer: expect.objectContaining({ ActiveCalls: [{ CallId: 1, Idents: [2] }] }),
      data: { activeCalls: [{ callId: 1, idents: [2] }], emergencyCalls: [], closedCalls: [], closedCallCount: 40 },
    });
    expect(cad.received).toMatchObject([{ path: '/v2/emergency/servers/3/calls?type=100&closedLimit=10' }]);
  });

  it('keeps the entries of the server list unchanged when reading and writing them', async () => {
    const servers = [
      { Id: 1, listenerPort: 30120, mapIp: ' 203.0.113.10', MetaData: { A: 1 }, New: { Nested: [null, 'x'] } },
      { id: '2', name: null },
    ];
    const cad = await serveCad(oneAfterTheOther([200, { Servers: servers }]));
    const { api } = setUpApi(cad.port);
    const answer = await api.request('getServers', {});
    expect(answer).toEqual({ ok: true, data: { servers }, answer: { Servers: servers } });
    if (answer.ok) await api.request('setServers', { servers: answer.data.servers });
    expect(cad.received[1]).toMatchObject({ method: 'PUT', path: '/v2/general/servers' });
    expect(String(cad.received[1]?.body)).toBe(JSON.stringify({ deployMap: false, servers }));
  });

  it('refuses one without the list of calls, instead of reading an empty list', async () => {
    const cad = await serveCad();
    const { api } = setUpApi(cad.port);
    expect(await api.request('getCalls', {})).toMatchObject({
      ok: false,
      error: {
        kind: 'unreadable',
        status: 200,
        message: "The CAD's answer was not understood: answer.activeCalls: expected a list, got nothing.",
      },
    });
  });

  it('reports one that is nested too deeply as unreadable', async () => {
    const cad = await serveCad(oneAfterTheOther([200, { code: { length: { toString: 1, valueOf: 1 } } }]));
    const { api } = setUpApi(cad.port);
    expect(await api.request('createLink', { communityUserId: 'a' })).toMatchObject({
      ok: false,
      error: { kind: 'unreadable', message: "The CAD's answer was not understood: another shape was expected." },
    });
  });

  it('reports one that is not JSON as unreadable, without quoting it', async () => {
    const cad = await serveCad(oneAfterTheOther([200, '<html>Please sign in</html>', { 'x-trace-id': '00-abc' }]));
    const { api } = setUpApi(cad.port);
    expect(await api.request('getVersion', {})).toEqual({
      ok: false,
      error: {
        kind: 'unreadable',
        status: 200,
        message: "The CAD's answer is not JSON: check that apiUrl leads to the CAD.",
        traceId: '00-abc',
      },
    });
  });

  it('accepts one without a body when the endpoint expects none', async () => {
    const cad = await serveCad((_request, response) => response.writeHead(204).end());
    const { api } = setUpApi(cad.port);
    expect(await api.request('remove911', { callId: 7 })).toEqual({ ok: true, data: null });
  });

  it('aborts one that is longer than 5 MiB', async () => {
    let sentBytes = 0;
    let isClosed = false;
    const cad = await serveCad((_request, response) => {
      const chunk = Buffer.alloc(256 * 1024, ' ');
      response.on('close', () => {
        isClosed = true;
      });
      function more(): void {
        while (!isClosed && sentBytes < 200 * 1024 * 1024) {
          sentBytes += chunk.length;
          if (!response.write(chunk)) break;
        }
      }
      response.on('drain', more);
      more();
    });
    const { api } = setUpApi(cad.port);
    expect(await api.request('getVersion', {})).toMatchObject({
      ok: false,
      error: { kind: 'unreadable', message: "The CAD's answer is longer than 5 MiB." },
    });
    await until(() => isClosed);
    expect(sentBytes).toBeLessThan(200 * 1024 * 1024);
  });

  it('does not follow a redirect, so that the key is not sent elsewhere', async () => {
    const elsewhere = await serveCad();
    const cad = await serveCad(oneAfterTheOther([302, '', { location: `http://127.0.0.1:${elsewhere.port}/` }]));
    const { api } = setUpApi(cad.port);
    expect(await api.request('getVersion', {})).toMatchObject({
      ok: false,
      error: { kind: 'unreadable', status: 302, message: expect.stringContaining('redirect (302)') },
    });
    expect(elsewhere.received).toEqual([]);
  });

  it('removes keys, addresses and long text from an error', async () => {
    const detail = `Bearer ${API_KEY} of key ${API_KEY.toUpperCase()} at https://u:p@192.0.2.1/x?key=1 ${'long '.repeat(100)}`;
    const cad = await serveCad(oneAfterTheOther([400, { Detail: detail, traceId: API_KEY, request_id: 'abc-1' }]));
    const { api } = setUpApi(cad.port);
    const answer = await api.request('getVersion', {});
    expect(answer).toMatchObject({ ok: false, error: { kind: 'refused', status: 400, traceId: 'abc-1' } });
    const shown = JSON.stringify([answer, api.status()]).toLowerCase();
    expect(shown).not.toContain(API_KEY.toLowerCase());
    expect(shown).not.toContain('192.0.2.1');
    expect(answer.ok ? '' : answer.error.message.split('says: ')[1]).toMatch(/^.{199}…$/);
  });

  it('turns problem+json into advice with the trace id', async () => {
    const problem = { title: 'Unauthorized', status: 401, detail: 'The key is invalid.', traceId: '00-abc123' };
    const cad = await serveCad(oneAfterTheOther([401, problem]));
    const { api, clock } = setUpApi(cad.port);
    const error = {
      kind: 'key',
      status: 401,
      message:
        "The CAD refused the API key (401): put the key from the community's admin settings into apiKey. The CAD says: The key is invalid.",
      traceId: '00-abc123',
    };
    expect(await api.request('getVersion', {})).toEqual({
      ok: false,
      error,
      answer: { title: 'Unauthorized', status: 401, detail: 'The key is invalid.', traceId: '00-abc123' },
    });
    expect(api.status()).toMatchObject({
      lastSuccessAt: null,
      lastFailure: { endpoint: 'getVersion', at: clock.now(), error },
    });
  });
});

describe('CadApi, while requests are switched off', () => {
  it.each([
    ['apiSendEnabled is false', { apiSendEnabled: false }, 'apiSendEnabled is false'],
    ['there is no key', { apiKeys: [] }, 'put the key'],
    ['apiUrl would send the key unencrypted', { apiUrl: 'http://192.0.2.1' }, 'https URL'],
  ])('sends no request when %s', async (_case, change, message) => {
    const cad = await serveCad();
    const { api, config } = setUpApi(cad.port);
    expect(api.isEnabled()).toBe(true);
    Object.assign(config, change);
    expect(api.isEnabled()).toBe(false);
    expect(await api.request('getVersion', {})).toMatchObject({
      ok: false,
      error: { kind: 'disabled', status: null, message: expect.stringContaining(message) },
    });
    expect(cad.received).toEqual([]);
  });

  it('refuses requests that are already waiting', async () => {
    const cad = await serveCad(oneAfterTheOther([200, []]));
    const inTest = setUpApi(cad.port);
    const { api, clock, config } = inTest;
    for (let offset = 0; offset < 3; offset += 1) await api.request('getUnits', { limit: 1, offset });
    clock.advance(40_000);
    const waiting = api.request('getUnits', { limit: 1, offset: 3 });
    config.apiSendEnabled = false;
    clock.advance(20_000);
    expect(await waiting).toMatchObject({ ok: false, error: { kind: 'disabled' } });
    expect(cad.received).toHaveLength(3);
  });
});

describe('CadApi.stop', () => {
  it('settles requests in flight and waiting ones, and sends nothing more', async () => {
    let isCut = false;
    const cad = await serveCad((_request, response) => {
      response.on('close', () => {
        isCut = true;
      });
    });
    const inTest = setUpApi(cad.port);
    const { api, clock } = inTest;
    const answers = [0, 1, 2, 3].map((offset) => api.request('getUnits', { limit: 1, offset }));
    await cad.count(3);
    expect(api.status()).toMatchObject({ underWay: 3, waiting: 1 });
    api.stop();
    for (const answer of answers) expect(await answer).toMatchObject({ ok: false, error: { kind: 'stopped' } });
    expect(await api.request('getVersion', {})).toMatchObject({ ok: false, error: { kind: 'stopped' } });
    expect(api.isEnabled()).toBe(false);
    await until(() => isCut);
    clock.advance(120_000);
    await settled(inTest);
    expect(cad.received).toHaveLength(3);
    expect(clock.waiting).toBe(0);
  });
});
