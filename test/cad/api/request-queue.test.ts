import { afterEach, describe, expect, it } from '@jest/globals';
import { RequestQueue } from '../../../src/cad/api/request-queue.ts';
import type { ApiResult } from '../../../src/cad/api/results.ts';
import type { Respond } from '../../http-target.ts';
import { createManualClock } from '../../manual-clock.ts';
import { until } from '../../until.ts';
import { closeAll, oneAfterTheOther, serveCad, settled, setUpApi } from './set-up-api.ts';

afterEach(closeAll);

const page = (offset: number) => ({ limit: 100, offset });
const note = (text: string) => ({ callId: 7, note: text });
const emergency = { isEmergency: true, caller: 'A', location: 'B', description: 'C' };

/** Collects the results of promises, so that a test can check that one is still pending. */
function collect(...answers: Promise<ApiResult<unknown>>[]): string[] {
  const kinds: string[] = [];
  for (const answer of answers) void answer.then((result) => kinds.push(result.ok ? 'ok' : result.error.kind));
  return kinds;
}

describe('RequestQueue, for the rate limit of an endpoint', () => {
  it('sends requests up to the limit, and the next one a minute after the first', async () => {
    const cad = await serveCad(oneAfterTheOther([200, []]));
    const inTest = setUpApi(cad.port);
    const { api, clock } = inTest;
    for (let offset = 0; offset < 3; offset += 1) {
      await api.request('getUnits', page(offset));
      clock.advance(10_000);
    }
    clock.advance(10_000);
    const fourth = api.request('getUnits', page(3));
    expect(api.status()).toMatchObject({
      endpoints: [{ endpoint: 'getUnits', perMinute: 3, left: 0, waiting: 1, underWay: 0 }],
      waiting: 1,
      lastSuccessAt: expect.any(Number),
    });
    clock.advance(19_999);
    await settled(inTest);
    expect(cad.received).toHaveLength(3);
    clock.advance(1);
    expect(await fourth).toMatchObject({ ok: true });
    expect(cad.received[3]?.path).toContain('offset=3');
  });

  it('counts each endpoint separately', async () => {
    const cad = await serveCad(oneAfterTheOther([200, []]));
    const { api } = setUpApi(cad.port);
    for (let offset = 0; offset < 3; offset += 1) await api.request('getUnits', page(offset));
    void api.request('getUnits', page(3));
    expect(await api.request('getBlips', {})).toMatchObject({ ok: true });
  });

  it('refuses a request that has waited for 30 s', async () => {
    const cad = await serveCad(oneAfterTheOther([200, []]));
    const { api, clock } = setUpApi(cad.port);
    for (let offset = 0; offset < 3; offset += 1) await api.request('getUnits', page(offset));
    const answer = api.request('getUnits', page(3));
    clock.advance(30_000);
    expect(await answer).toEqual({
      ok: false,
      error: {
        kind: 'limit',
        status: null,
        message:
          'Too many requests of this kind: the CAD takes 3 a minute, and none was left for this one within 30 s. Wait a minute.',
        traceId: null,
      },
    });
    clock.advance(120_000);
    expect(cad.received).toHaveLength(3);
    expect(clock.waiting).toBe(0);
  });

  it('keeps at most 20 waiting requests of an endpoint, and 100 of all endpoints', async () => {
    const cad = await serveCad(() => {});
    const { api } = setUpApi(cad.port);
    const fill = (count: number, ask: (index: number) => Promise<ApiResult<unknown>>) =>
      collect(...Array.from({ length: count }, (_, index) => ask(index)));
    const units = fill(23 + 1, (index) => api.request('getUnits', page(index)));
    await until(() => units.length === 1);
    expect(units).toEqual(['limit']);
    fill(30, (index) => api.request('remove911', { callId: index }));
    fill(30, (index) => api.request('setPrimary', { callId: index, identId: 1 }));
    fill(30, (index) => api.request('getAccount', { accountUuid: String(index) }));
    fill(30, (index) => api.request('getAccounts', { offset: index }));
    expect(api.status()).toMatchObject({ waiting: 100, underWay: 43 });
    fill(10, (index) => api.request('getCurrentCall', { accountUuid: String(index) }));
    expect(await api.request('getCurrentCall', { accountUuid: 'one-more' })).toMatchObject({
      ok: false,
      error: { kind: 'limit', message: expect.stringContaining('Too many requests are waiting') },
    });
  });
});

describe('RequestQueue, for equal requests', () => {
  it('sends one while the first is in flight, if they only read', async () => {
    const cad = await serveCad(oneAfterTheOther([200, []]));
    const { api } = setUpApi(cad.port);
    const answers = await Promise.all([
      api.request('getUnits', page(0)),
      api.request('getUnits', page(0)),
      api.request('getUnits', page(100)),
    ]);
    expect(answers).toEqual([0, 1, 2].map(() => ({ ok: true, data: [], answer: [] })));
    expect(cad.received.map(({ path }) => path.split('&')[1])).toEqual(['offset=0', 'offset=100']);
    await api.request('getUnits', page(0));
    expect(cad.received).toHaveLength(3);
  });

  it('sends one until the first is in flight, if the answer must be newer than the request', async () => {
    const answers: (() => void)[] = [];
    const cad = await serveCad((_request, response) => {
      answers.push(() => response.end(JSON.stringify({ servers: [{ id: answers.length }] })));
    });
    const { api } = setUpApi(cad.port);
    const first = Promise.all([api.request('getServers', {}), api.request('getServers', {})]);
    await until(() => answers.length === 1);
    const second = Promise.all([api.request('getServers', {}), api.request('getServers', {})]);
    answers[0]?.();
    await first;
    await until(() => answers.length === 2);
    const third = api.request('getServers', {});
    for (const answer of answers) answer();
    expect(await second).toEqual(
      [0, 1].map(() => ({ ok: true, data: { servers: [{ id: 2 }] }, answer: { servers: [{ id: 2 }] } })),
    );
    await until(() => answers.length === 3);
    answers[2]?.();
    expect(await third).toMatchObject({ ok: true });
    expect(cad.received).toHaveLength(3);
  });

  it('sends one while the first is waiting', async () => {
    const cad = await serveCad(oneAfterTheOther([200, []]));
    const { api } = setUpApi(cad.port);
    for (let offset = 0; offset < 3; offset += 1) await api.request('getUnits', page(offset));
    for (let count = 0; count < 50; count += 1) void api.request('getUnits', page(9));
    expect(api.status().waiting).toBe(1);
  });

  it('sends one for equal checkLink requests, although they are POSTs', async () => {
    const cad = await serveCad(oneAfterTheOther([200, { linked: true, accountUuid: 'x' }]));
    const { api } = setUpApi(cad.port);
    const player = { communityUserId: 'license:1' };
    await Promise.all([api.request('checkLink', player), api.request('checkLink', player)]);
    expect(cad.received).toHaveLength(1);
  });

  it('sends each one that writes', async () => {
    const cad = await serveCad();
    const { api } = setUpApi(cad.port);
    await Promise.all([api.request('addNote', note('seen')), api.request('addNote', note('seen'))]);
    expect(cad.received).toHaveLength(2);
  });
});

describe('RequestQueue, for a failed attempt', () => {
  it('retries twice after a 5xx, with growing waits', async () => {
    const cad = await serveCad(oneAfterTheOther([503, {}], [500, {}], [200, []]));
    const { api, clock } = setUpApi(cad.port);
    const answer = api.request('getUnits', page(0));
    for (const [count, wait] of [
      [1, 500],
      [2, 1_000],
    ] as const) {
      await until(() => cad.received.length === count && api.status().waiting === 1);
      clock.advance(wait - 1);
      expect(api.status().waiting).toBe(1);
      clock.advance(1);
    }
    expect(await answer).toEqual({ ok: true, data: [], answer: [] });
    expect(cad.received).toHaveLength(3);
  });

  it('retries before it sends waiting requests', async () => {
    let fail = (): void => {};
    const cad = await serveCad((request, response) => {
      if (!request.url?.includes('offset=2')) response.end('[]');
      else fail = () => response.writeHead(503).end();
    });
    const { api, clock } = setUpApi(cad.port);
    await api.request('getUnits', page(0));
    clock.advance(10_000);
    await api.request('getUnits', page(1));
    clock.advance(35_000);
    void api.request('getUnits', page(2));
    void api.request('getUnits', page(3));
    await cad.count(3);
    fail();
    await until(() => api.status().waiting === 2);
    clock.advance(15_000);
    await cad.count(4);
    expect(cad.received[3]?.path).toContain('offset=2');
    expect(api.status().waiting).toBe(1);
  });

  it('returns the last failure when no retry is left', async () => {
    const cad = await serveCad(oneAfterTheOther([503, { title: 'Maintenance' }]));
    const { api, clock } = setUpApi(cad.port);
    const answer = api.request('setUnitStatus', { identIds: [1], status: 2 });
    for (const count of [1, 2]) {
      await until(() => cad.received.length === count && api.status().waiting === 1);
      clock.advance(2_000);
    }
    expect(await answer).toMatchObject({
      ok: false,
      error: {
        kind: 'unreachable',
        status: 503,
        message: "The CAD's API is out of order (503): wait until it works again. The CAD says: Maintenance",
      },
    });
    expect(cad.received).toHaveLength(3);
  });

  it.each([
    ['failed', oneAfterTheOther([500, {}])],
    ['cut the connection', (request) => request.socket.destroy()],
  ] as [string, Respond][])(
    'does not retry a request that creates something when the CAD has %s',
    async (_what, respond) => {
      const cad = await serveCad(respond);
      const { api } = setUpApi(cad.port);
      expect(await api.request('create911', emergency)).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
      expect(await api.request('addNote', note('seen'))).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
      expect(cad.received).toHaveLength(2);
    },
  );

  it('pauses the endpoint for the time of a 429, and then retries even a request that creates something', async () => {
    const limit = { message: 'API rate limit exceeded', request_id: '9457' };
    const cad = await serveCad(oneAfterTheOther([429, limit, { 'retry-after': '20' }], [200, { callId: 8 }]));
    const inTest = setUpApi(cad.port);
    const { api, clock } = inTest;
    const first = api.request('create911', emergency);
    await until(() => cad.received.length === 1 && api.status().waiting === 1);
    const second = api.request('create911', { ...emergency, caller: 'Z' });
    expect(api.status()).toMatchObject({ endpoints: [{ left: 0, waiting: 2 }], waiting: 2 });
    clock.advance(19_999);
    await settled(inTest);
    expect(cad.received).toHaveLength(1);
    clock.advance(1);
    expect(await Promise.all([first, second])).toEqual(
      [0, 1].map(() => ({ ok: true, data: { callId: 8 }, answer: { callId: 8 } })),
    );
    expect(JSON.parse(String(cad.received[1]?.body))).toMatchObject({ caller: 'A' });
  });

  it('does not retry a write of the server list, which would be outdated by then', async () => {
    const cad = await serveCad(oneAfterTheOther([429, {}, { 'retry-after': '5' }], [200, { servers: [] }]));
    const { api, clock } = setUpApi(cad.port);
    const list = { servers: [{ id: 1 }] };
    expect(await api.request('setServers', list)).toMatchObject({ ok: false, error: { kind: 'limit', status: 429 } });
    expect(await api.request('setServers', list)).toMatchObject({ ok: false, error: { kind: 'limit', status: null } });
    clock.advance(5_000);
    expect(await api.request('setServers', list)).toMatchObject({ ok: true });
    expect(cad.received).toHaveLength(2);
  });

  it('does not retry after the deadline of 30 s, but pauses the endpoint', async () => {
    const cad = await serveCad(oneAfterTheOther([429, {}, { 'retry-after': '120' }], [200, []]));
    const { api, clock } = setUpApi(cad.port);
    expect(await api.request('getUnits', page(0))).toMatchObject({
      ok: false,
      error: { kind: 'limit', status: 429, message: expect.stringContaining('(429): wait 120 s.') },
    });
    const tooSoon = api.request('getUnits', page(1));
    clock.advance(30_000);
    expect(await tooSoon).toMatchObject({ ok: false, error: { kind: 'limit', status: null } });
    clock.advance(80_000);
    const inTime = api.request('getUnits', page(2));
    clock.advance(10_000);
    expect(await inTime).toMatchObject({ ok: true });
    expect(cad.received).toHaveLength(2);
  });
});

describe('CadApi, when the CAD does not answer', () => {
  it('ends an attempt after 10 s', async () => {
    const cad = await serveCad(() => {});
    const { api, clock } = setUpApi(cad.port);
    const answer = api.request('create911', emergency);
    await cad.count(1);
    clock.advance(9_999);
    expect(api.status().underWay).toBe(1);
    clock.advance(1);
    expect(await answer).toMatchObject({
      ok: false,
      error: {
        kind: 'unreachable',
        status: null,
        message: `The CAD's API at 127.0.0.1:${cad.port} did not answer within 10 s: check that this machine may connect to it, or wait until it is back.`,
      },
    });
  });

  it('ends an attempt after 10 s even if the answer is endless', async () => {
    const cad = await serveCad((_request, response) => response.write('{"version":'));
    const { api, clock } = setUpApi(cad.port);
    const answer = api.request('createLink', { communityUserId: 'license:1' });
    await cad.count(1);
    clock.advance(10_000);
    expect(await answer).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
  });

  it('ends the request after 30 s', async () => {
    const cad = await serveCad(() => {});
    const { api, clock } = setUpApi(cad.port);
    const answer = api.request('getUnits', page(0));
    for (const [count, wait] of [
      [1, 500],
      [2, 1_000],
    ] as const) {
      await cad.count(count);
      clock.advance(10_000);
      await until(() => api.status().waiting === 1);
      clock.advance(wait);
    }
    await cad.count(3);
    clock.advance(8_499);
    expect(api.status().underWay).toBe(1);
    clock.advance(1);
    expect(await answer).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
    expect(clock.waiting).toBe(0);
  });
});

describe('CadApi, when the CAD is unreachable', () => {
  it('sends nothing after three failures, then one trial request, and all again when that is answered', async () => {
    const { port, close } = await serveCad();
    await close();
    let connections = 0;
    const { api, clock } = setUpApi(port, {
      fetch: (...args) => {
        connections += 1;
        return fetch(...args);
      },
    });
    for (let count = 1; count <= 3; count += 1) {
      expect(await api.request('create911', emergency)).toMatchObject({
        ok: false,
        error: { kind: 'unreachable', message: expect.stringContaining('cannot be reached (ECONNREFUSED)') },
      });
    }
    expect(api.status()).toMatchObject({ nextTryInMs: 3_750 });
    expect(await api.request('getVersion', {})).toMatchObject({
      ok: false,
      error: {
        kind: 'unreachable',
        message: `The CAD's API at 127.0.0.1:${port} does not answer: the next request may be sent in 4 s.`,
      },
    });
    expect(connections).toBe(3);

    clock.advance(3_750);
    const trying = api.request('create911', emergency);
    expect(await api.request('create911', emergency)).toMatchObject({ ok: false, error: { kind: 'unreachable' } });
    expect(await trying).toMatchObject({ ok: false, error: { message: expect.stringContaining('ECONNREFUSED') } });
    expect(connections).toBe(4);
    expect(api.status()).toMatchObject({ nextTryInMs: 7_500 });

    clock.advance(7_500);
    const cad = await serveCad(oneAfterTheOther([200, { callId: 1 }]), port);
    expect(await api.request('create911', emergency)).toMatchObject({ ok: true });
    expect(await Promise.all([1, 2].map(() => api.request('create911', emergency)))).toMatchObject([
      { ok: true },
      { ok: true },
    ]);
    expect(api.status()).toMatchObject({ nextTryInMs: null });
    expect(cad.received).toHaveLength(3);
  });
});

it('RequestQueue settles a request whose attempt rejects', async () => {
  const queue = new RequestQueue({ ...createManualClock(), soon: (callback) => void setImmediate(callback) });
  const result = await queue.submit({
    endpoint: 'GET /anything',
    perMinute: 10,
    coalescingKey: null,
    mustBeNew: false,
    mayWait: true,
    refusal: () => null,
    attempt: () => ({ outcome: Promise.reject(new Error('a fault of ours')), abort: () => {} }),
  });
  expect(result).toMatchObject({ ok: false, error: { kind: 'unreadable', message: 'a fault of ours' } });
  expect(queue.status()).toMatchObject([{ underWay: 0, waiting: 0 }]);
});
