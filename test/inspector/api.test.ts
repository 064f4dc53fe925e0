import { createHash } from 'node:crypto';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type {
  ApiError,
  DeadLetterList,
  Delivery,
  EventDetail,
  EventList,
  Health,
  Now,
  Series,
} from '../../src/inspector/api-types.ts';
import { until } from '../until.ts';
import { deadLetterOf, laneOf, setUpInspector } from './set-up-inspector.ts';

let inspected: Awaited<ReturnType<typeof setUpInspector>>;
beforeAll(async () => {
  inspected = await setUpInspector();
});
afterAll(() => inspected.server.close());
beforeEach(() => {
  inspected.recorder.history.clear();
  inspected.done.length = 0;
});

const PATHS = [
  ['GET', '/api/about'],
  ['GET', '/api/events'],
  ['GET', '/api/stream'],
  ['GET', '/api/events/1'],
  ['GET', '/api/events/1/payload'],
  ['GET', '/api/events/1/curl'],
  ['POST', '/api/events/1/again'],
  ['GET', '/api/delivery'],
  ['POST', '/api/targets/bot/retry'],
  ['GET', '/api/dead-letters'],
  ['POST', '/api/dead-letters/replay'],
  ['POST', '/api/dead-letters/drop'],
  ['GET', '/api/series'],
  ['GET', '/api/now'],
  ['GET', '/api/health'],
  ['POST', '/api/health/look'],
  ['GET', '/api/config'],
] as const;

describe('access to the API', () => {
  it.each(PATHS)('%s %s tells nothing without the token', async (method, path) => {
    const without = await inspected.ask(path, { method, headers: {} });
    const wrong = await inspected.ask(path, { method, headers: { authorization: 'Bearer a-token-for-testing' } });
    expect([without.status, wrong.status]).toEqual([401, 401]);
    const codes = ((await Promise.all([without.json(), wrong.json()])) as ApiError[]).map(({ error }) => error.code);
    expect(codes).toEqual(['no-token', 'wrong-token']);
    expect(inspected.done).toEqual([]);
    inspected.clock.advance(60_000);
  });

  it('is turned away after 20 wrong tokens, with a warning that counts all of them', async () => {
    const { ask, log, clock } = inspected;
    clock.advance(60_000);
    const before = log.lines.length;
    const statuses: number[] = [];
    const wrong = { headers: { authorization: 'Bearer wrong' } };
    for (let count = 0; count < 22; count += 1) statuses.push((await ask('/api/about', wrong)).status);
    expect(statuses).toEqual([...Array(20).fill(401), 429, 429]);
    expect((await inspected.get('/api/about'))[0]).toBe(200);
    const lines = log.lines.slice(before);
    expect([lines.length, lines[0]?.fields]).toEqual([22, { from: 'label of 127.0.0.1' }]);
    clock.advance(60_000);
  });

  it('is as if it were not there where the page is switched off', async () => {
    const { set, ask } = inspected;
    set.isEnabled = false;
    const answers = await Promise.all([...PATHS, ['GET', '/'] as const].map(([method, path]) => ask(path, { method })));
    set.isEnabled = true;
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([404]));
  });

  it('ends with a reload that switches the page off, and what was kept goes', async () => {
    const { set, inspector, push, get, recorder } = inspected;
    push('EVENT_911', { call: { callId: 1 } });
    set.isEnabled = false;
    inspector.applyConfig();
    set.isEnabled = true;
    expect([recorder.history.get(recorder.history.newest), (await get('/api/about'))[0]]).toEqual([undefined, 401]);
    inspected.open();
  });

  it('forgets what came in by keys that are not in force any more', () => {
    const { set, inspector, push, recorder } = inspected;
    const { seq } = { seq: recorder.history.newest + 1 };
    push('EVENT_911', { call: { callId: 1 } });
    inspector.applyConfig();
    expect(recorder.history.get(seq)).toBeDefined();
    set.apiKeys = ['another-key-entirely'];
    inspector.applyConfig();
    expect(recorder.history.get(seq)).toBeUndefined();
  });
});

describe('the page', () => {
  it('needs no token, and runs nothing but its own script', async () => {
    const answer = await inspected.ask('/', { headers: {} });
    const text = await answer.text();
    const hash = createHash('sha256').update('document.title = "1"').digest('base64');
    expect([answer.status, text]).toEqual([200, expect.stringContaining('<script>')]);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain(`script-src 'sha256-${hash}';`);
    expect(policy).toContain("connect-src 'self'");
    expect(policy).not.toContain('unsafe');
    expect(answer.headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('is also below the documented prefix', async () => {
    expect((await inspected.ask('/sonorancad/', { headers: {} })).status).toBe(200);
    expect((await inspected.ask('/sonorancad/api/about')).status).toBe(200);
  });
});

describe('the events of the API', () => {
  const seqs = (list: EventList) => list.events.map(({ seq }) => seq);

  it('are listed oldest first, from a cursor on, with a limit', async () => {
    const { push, get, recorder } = inspected;
    const first = recorder.history.newest + 1;
    for (let no = 0; no < 5; no += 1) push('EVENT_911', { call: { callId: no } });
    const [, newest] = await get<EventList>('/api/events?limit=2');
    expect(seqs(newest)).toEqual([first + 3, first + 4]);
    const after = `since=${newest.cursor.split('-')[0]}-${first}`;
    const [, next] = await get<EventList>(`/api/events?${after}&limit=2`);
    expect([seqs(next), next.more, next.missed]).toEqual([[first + 1, first + 2], true, 0]);
    const [, last] = await get<EventList>(`/api/events?since=${next.cursor}`);
    expect([seqs(last), last.more]).toEqual([[first + 3, first + 4], false]);
    const [, none] = await get<EventList>(`/api/events?since=${last.cursor}`);
    expect([seqs(none), none.cursor]).toEqual([[], last.cursor]);
  });

  it('are filtered by type, text, source and whether they were understood', async () => {
    const { push, get, recorder } = inspected;
    const first = recorder.history.newest + 1;
    push('EVENT_911', { call: { callId: 1, caller: 'Lamar Davis' } });
    push('EVENT_UNIT_LOGOUT', { identId: 'x' });
    push('EVENT_MADE_UP', { caller: 'lamar' });
    const found = async (query: string) =>
      seqs((await get<EventList>(`/api/events?${query}`))[1]).map((seq) => seq - first);
    expect(await found('type=event_911,EVENT_MADE_UP')).toEqual([0, 2]);
    expect(await found('text=LAMAR')).toEqual([0, 2]);
    expect(await found('valid=false')).toEqual([1]);
    expect(await found('valid=true&text=davis')).toEqual([0]);
    expect(await found('source=websocket')).toEqual([]);
  });

  it('are found by what their texts say, however JSON writes it, and not by a key', async () => {
    const { push, get, recorder } = inspected;
    const raw = String.raw`{"key":"a-key-for-t\u0065sting","data":"O\u0027Brien said \"hi\" at 5\/7\nand left"}`;
    recorder.received(push('EVENT_MADE_UP', {}), Buffer.from(raw), 0);
    const found = async (text: string) =>
      (await get<EventList>(`/api/events?text=${encodeURIComponent(text)}`))[1].events.length;
    expect([await found("o'brien said"), await found('"hi" at 5/7 and'), await found('key-for-test')]).toEqual([
      1, 1, 0,
    ]);
  });

  it('are never found by their key', async () => {
    const { push, get } = inspected;
    push('EVENT_911', { call: { callId: 1 } });
    expect(seqs((await get<EventList>('/api/events?text=key-for-test'))[1])).toEqual([]);
  });

  it('say what became of them', async () => {
    const { push, get, recorder, clock } = inspected;
    const event = push('EVENT_911', { call: { callId: 1 } });
    recorder.called(event, { resource: 'dispatch-ui', form: 'event', ms: 1.23456, failed: 'no such call' });
    recorder.told(event.id, 'notification', 'emergency', [3, 4]);
    recorder.told('of no event that is kept', 'notification', 'emergency', [3]);
    recorder.finished(event, 2.5);
    recorder.attempted({
      ...{ id: event.id, type: event.type, target: 'bot', attempt: 2, next: 'again in 2.0 s', isFailure: true },
      result: { kind: 'answered', status: 500, body: 'the-secret-of-a-target is not mine', retryAfterMs: null, ms: 31 },
    });
    const [status, detail] = await get<EventDetail>(`/api/events/${event.id}`);
    expect([status, detail]).toEqual([
      200,
      expect.objectContaining({
        ...{ id: event.id, valid: true, issues: [], dispatchMs: 2.5, hops: 0, canSendAgain: true },
        subscribers: [{ resource: 'dispatch-ui', form: 'event', ms: 1.235, failed: 'no such call' }],
        players: [{ by: 'notification', what: 'emergency', players: [3, 4], at: clock.now() }],
        targets: [
          {
            target: 'bot',
            attempts: [
              {
                ...{ at: expect.any(Number), outcome: 'refused', status: 500, error: null, ms: 31 },
                ...{ attempt: 2, next: 'again in 2.0 s', answer: '*** is not mine' },
              },
            ],
          },
        ],
      }),
    ]);
  });

  it('say why their data was not understood', async () => {
    const { push, get } = inspected;
    const { id } = push('EVENT_UNIT_LOGOUT', { identId: 'x' });
    const [, detail] = await get<EventDetail>(`/api/events/${id}`);
    expect([detail.valid, detail.issues, detail.canSendAgain]).toEqual([
      false,
      ['data.identId: expected a number, got text "x"'],
      false,
    ]);
  });

  it('show their payload without the key, and a command that sends it again', async () => {
    const { push, get, server } = inspected;
    const { id } = push('EVENT_911', { call: { callId: 1, caller: "O'Neil a-key-for-testing" } });
    const call = { callId: 1, caller: "O'Neil (API key removed)" };
    expect(await get(`/api/events/${id}/payload`)).toEqual([200, { type: 'EVENT_911', data: { call } }]);
    const [, curl] = await get(`/api/events/${id}/curl`);
    expect(curl).toBe(
      `curl -X POST 'http://127.0.0.1:${server.port}/sonorancad/event' \\
  -H 'Content-Type: application/json' \\
  --data-raw '{"key":"YOUR_API_KEY","type":"EVENT_911","data":{"call":{"callId":1,"caller":"O\\u0027Neil (API key removed)"}}}'
`,
    );
  });

  it('have a command in which no text that people typed ends a quote, in any shell', async () => {
    const { push, get } = inspected;
    const data = { text: `" & calc & "%PATH%\\`, more: `\\" ^& calc '; calc '` };
    const { id } = push('EVENT_OTHER', data);
    const [, curl] = await get(`/api/events/${id}/curl`);
    const [, json = ''] = /--data-raw '(.*)'\n$/.exec(String(curl)) ?? [];
    expect(JSON.parse(json)).toEqual({ key: 'YOUR_API_KEY', type: 'EVENT_OTHER', data });
    // Windows' shell knows no backslash: what it finds outside of double quotes is this.
    const outside = json.split('"').filter((_, index) => index % 2 === 0);
    expect(outside.join('')).toMatch(/^[{}:,]+$/);
    expect(json).not.toMatch(/[%^']/);
  });

  it('are sent again as simulated ones, in the forms of the first time', async () => {
    const { push, get, done } = inspected;
    const { id, type } = push('EVENT_UNIT_LOGOUT', [{ identId: '7' }]);
    const [status, answer] = await get(`/api/events/${id}/again`, 'POST');
    expect([status, answer.count]).toEqual([200, 1]);
    const event = { type, source: 'simulated', valid: true, data: { identId: 7 } };
    expect(done).toEqual([['dispatch', expect.objectContaining(event), { type, data: { identId: '7' } }]]);
    expect(done[0]?.[1]).not.toMatchObject({ id });
  });

  it('are not sent again when they were not understood', async () => {
    const { push, get, done } = inspected;
    const { id } = push('EVENT_UNIT_LOGOUT', { identId: 'x' });
    const [status, { error }] = await get(`/api/events/${id}/again`, 'POST');
    expect([status, error.code, done]).toEqual([409, 'conflict', []]);
  });

  it('that were simulated can be looked at and sent again, too', async () => {
    const { recorder, get, done } = inspected;
    const data = { url: '', playTonesTo: [] };
    const event = { id: 'simulated-1', type: 'EVENT_TONE', data, receivedAt: 0, source: 'simulated', valid: true };
    recorder.simulated({ event: event as never, body: { type: 'EVENT_TONE', data: { playTonesTo: [] } } });
    expect((await get('/api/events/simulated-1'))[1]).toMatchObject({ source: 'simulated' });
    await get('/api/events/simulated-1/again', 'POST');
    expect(done).toHaveLength(1);
  });

  it.each([
    '/api/events?limit=0',
    '/api/events?limit=x',
    '/api/events?valid=maybe',
    '/api/events?source=post',
    '/api/events?since=x',
    `/api/events?text=${'x'.repeat(201)}`,
    '/api/dead-letters?limit=9999',
  ])('refuse what they do not understand: %s', async (path) => {
    const [status, { error }] = await inspected.get(path);
    expect([status, error.code]).toEqual([400, 'bad-request']);
  });

  it.each(['/api/events/99999', '/api/events/0', '/api/events/no-such-id', '/api/events/1/payload'])(
    'say that one is not kept: %s',
    async (path) => {
      const [status, { error }] = await inspected.get(path);
      expect([status, error.code]).toEqual([404, 'unknown']);
    },
  );

  it('come as a stream, of which four may be open', async () => {
    const { push, ask, get, clock } = inspected;
    push('EVENT_911', { call: { callId: 1 } });
    const streams = await Promise.all(Array.from({ length: 4 }, () => ask('/api/stream')));
    const [stream] = streams;
    expect([stream?.status, stream?.headers.get('content-type'), stream?.headers.get('x-accel-buffering')]).toEqual([
      200,
      'text/event-stream; charset=utf-8',
      'no',
    ]);
    expect((await get('/api/stream'))[0]).toBe(503);
    clock.advance(60_000);
    expect(await stream?.text()).toMatch(
      /^event: hello\n.*\n\nevent: events\n.*: still here\n\n.*"reason":"time"\}\n\n$/s,
    );
    for (const each of streams) await each.body?.cancel().catch(() => {});
  });

  it('come as a stream whose reader may leave without a word in the console', async () => {
    const { ask, log, clock } = inspected;
    const before = log.lines.length;
    const open = clock.waiting;
    await (await ask('/api/stream')).body?.cancel();
    await until(() => clock.waiting === open);
    expect(log.lines.slice(before)).toEqual([]);
  });

  it('open no stream for a HEAD request', async () => {
    const answer = await inspected.ask('/api/stream', { method: 'HEAD', headers: {} });
    expect(answer.status).toBe(401);
  });
});

describe('the targets of the API', () => {
  it.each([
    [{}, 'ok', 'All is delivered.'],
    [{ reached: false }, 'ok', 'Nothing was sent to it yet.'],
    [
      { reached: false, counts: { ...laneOf('bot').counts, delivered: 350 } },
      'ok',
      'Nothing was sent to it since its settings were changed.',
    ],
    [{ queued: 3 }, 'ok', 'Delivering.'],
    [{ silent: true }, 'ok', 'Takes events and never answers; it is checked now and then.'],
    [
      { state: 'waiting', reason: 'connection refused', nextAttemptInMs: 1_200 },
      'waiting',
      'Not answering as it should: connection refused, next attempt in 2 s.',
    ],
    // An attempt is under way.
    [{ reason: 'no answer in time' }, 'waiting', 'Trying again: no answer in time.'],
    [{ state: 'parked', reason: 'answered 401' }, 'paused', 'Paused: answered 401.'],
    [{ refusals: { count: 1, reason: 'answered 422' } }, 'refusing', 'It refused the last event (answered 422).'],
    [{ refusals: { count: 13, reason: 'answered 422' } }, 'refusing', 'It refused the last 13 events (answered 422).'],
  ] as const)('say how they are doing in words: %j', async (status, state, words) => {
    const { set, get } = inspected;
    set.targets = [laneOf('bot', status)];
    const [, { targets }] = await get<Delivery>('/api/delivery');
    expect(targets[0]).toMatchObject({ target: 'bot', state, words });
  });

  it('show the last attempt that failed', async () => {
    const { set, get, recorder } = inspected;
    set.targets = [laneOf('bot')];
    const report = { id: 'id', type: 'EVENT_911', target: 'bot', attempt: 1, next: 'again', isFailure: true };
    recorder.attempted({ ...report, result: { kind: 'failed', code: 'ECONNREFUSED', certificate: false, ms: 1 } });
    const [, { targets }] = await get<Delivery>('/api/delivery');
    expect(targets[0]?.lastError).toMatchObject({
      type: 'EVENT_911',
      outcome: 'failed',
      error: 'ECONNREFUSED',
      answer: '',
    });
  });

  it('are tried again', async () => {
    const { get, done } = inspected;
    expect((await get('/api/targets/bot/retry', 'POST'))[1]).toMatchObject({ count: 1 });
    expect((await get('/api/targets/other/retry', 'POST'))[0]).toBe(404);
    expect(done).toEqual([
      ['retry', 'bot'],
      ['retry', 'other'],
    ]);
  });
});

describe('the dead letters of the API', () => {
  beforeEach(() => {
    inspected.set.targets = [laneOf('bot', { deadLetters: 3 }), laneOf('map')];
    inspected.set.deadLetters = [
      deadLetterOf('one'),
      deadLetterOf('two', { type: 'EVENT_TONE', reason: 'answered 410' }),
      deadLetterOf('one', { target: 'gone' }),
    ];
  });

  it('are listed newest first, and filtered', async () => {
    const { get } = inspected;
    const list = async (query = '') => (await get<DeadLetterList>(`/api/dead-letters${query}`))[1];
    const idsOf = ({ deadLetters }: DeadLetterList) => deadLetters.map(({ id, target }) => `${id} ${target}`);
    const all = await list();
    expect([idsOf(all), all.matching, all.total]).toEqual([['one gone', 'two bot', 'one bot'], 3, 3]);
    expect(idsOf(await list('?target=bot&text=410'))).toEqual(['two bot']);
    expect(idsOf(await list('?type=event_tone'))).toEqual(['two bot']);
    expect(idsOf(await list('?limit=1'))).toEqual(['one gone']);
    expect(await list('?target=bot&limit=1')).toMatchObject({ matching: 3, searched: 3, older: 0 });
  });

  it('are searched through to the oldest, for 2 s at most; what is left is searched by the next question', async () => {
    const { get, set, clock } = inspected;
    set.targets = [laneOf('bot', { deadLetters: 2_000 })];
    set.deadLetters = Array.from({ length: 2_000 }, (_, no) => deadLetterOf(`no-${no}`));
    const list = async (query: string) => (await get<DeadLetterList>(`/api/dead-letters?text=NO-1&${query}`))[1];
    expect(await list('')).toMatchObject({ matching: 1_111, searched: 2_000, older: 0 });
    /** Each that is read takes 2 ms. */
    set.searching = () => clock.advance(2);
    const slowly = async <Answer>(answer: Promise<Answer>): Promise<Answer> => {
      let isOver = false;
      const ended = answer.finally(() => (isOver = true));
      while (!isOver) {
        clock.advance(8);
        await new Promise(setImmediate);
      }
      return ended;
    };
    const first = await slowly(list(''));
    expect([first.older > 1_000, first.searched + first.older, first.total]).toEqual([true, 2_000, 2_000]);
    const second = await slowly(list(`skip=${first.searched}`));
    expect([second.searched > first.searched, second.searched + second.older]).toEqual([true, 2_000]);
    const [, { count, message }] = await slowly(get('/api/dead-letters/drop?all=true&text=no-1', 'POST'));
    set.searching = () => undefined;
    expect(message).toMatch(new RegExp(`^${count} dropped\\. \\d+ older ones were not searched\\.$`));
  });

  it.each([
    ['replay?id=two', [['replay', 'two', 'bot']]],
    ['replay?id=one&target=bot', [['replay', 'one', 'bot']]],
    ['replay?id=one&target=gone&to=map', [['replay', 'one', 'map']]],
    [
      'replay?all=true&target=bot',
      [
        ['replay', 'one', 'bot'],
        ['replay', 'two', 'bot'],
      ],
    ],
    ['replay?all=true', [['replay', 'all', undefined]]],
    ['drop?id=three', [['drop', 'three', undefined]]],
    ['drop?id=one&target=bot', [['drop', 'one', 'bot']]],
    ['drop?all=true&text=410', [['drop', 'two', 'bot']]],
  ])('are replayed and dropped one by one, or all that match: %s', async (path, expected) => {
    expect((await inspected.get(`/api/dead-letters/${path}`, 'POST'))[0]).toBe(200);
    expect(inspected.done).toEqual(expected);
  });

  it.each([
    ['replay', 400],
    ['drop', 400],
    ['replay?id=one&all=true', 400],
    ['replay?id=none', 404],
    ['replay?id=one&to=nowhere', 404],
    ['replay?all=true&type=NONE', 404],
  ])('are left alone otherwise: %s', async (path, status) => {
    expect((await inspected.get(`/api/dead-letters/${path}`, 'POST'))[0]).toBe(status);
    expect(inspected.done).toEqual([]);
  });
});

describe('dead letters of an earlier run that are still being read', () => {
  it.each([
    ['GET', ''],
    ['POST', '/replay?id=one'],
  ])('are not waited for: %s %s', async (method, path) => {
    inspected.set.recovering = true;
    const [status, { error }] = await inspected.get(`/api/dead-letters${path}`, method);
    inspected.set.recovering = false;
    expect([status, error.code, inspected.done]).toEqual([503, 'busy', []]);
  });
});

describe('the rest of the API', () => {
  it('says who is signed in, and which calls there are', async () => {
    const { push, get } = inspected;
    const data = { apiIds: ['license:c'], unitNum: '1-A-12', name: 'x'.repeat(600), department: 'LSPD' };
    push('EVENT_UNIT_LOGIN', { unit: { id: 12, status: 2, data } });
    push('EVENT_DISPATCH_NEW', { dispatch: { callId: 501, title: 'Collision', idents: [12] } });
    push('EVENT_911', { call: { callId: 302, caller: '<b>Lamar</b>' } });
    const [, now] = await get<Now>('/api/now');
    expect(now.units).toEqual([
      {
        ...{ ident: 12, callSign: '1-A-12', name: `${'x'.repeat(499)}…`, department: 'LSPD', status: 2 },
        ...{ statusLabel: 'AVAILABLE', isPanic: false, isDispatch: false, calls: [501], players: [3] },
      },
    ]);
    expect(now.dispatchCalls).toMatchObject([{ callId: 501, status: 'active', title: 'Collision', units: ['1-A-12'] }]);
    expect(now.emergencyCalls.at(-1)).toMatchObject({ callId: 302, caller: '<b>Lamar</b>', changedMs: 0 });
    expect(now.players).toEqual({ connected: 1, matched: 1 });
  });

  it('gives what the doctor finds, and does not keep anyone waiting for longer than 3 s', async () => {
    const { set, get, clock } = inspected;
    expect((await get('/api/health'))[1]).toMatchObject({
      looking: false,
      findings: [{ ok: true, text: 'The configuration is valid.' }],
      status: ['sonorancad 5.0.0, running for 1 s'],
    });
    let finish = () => {};
    set.doctor = () => new Promise((resolve) => (finish = () => resolve([{ ok: null, text: 'Later.' }])));
    const waiting = get<Health>('/api/health/look', 'POST');
    const before = clock.waiting;
    for (let turn = 0; clock.waiting === before && turn < 1_000; turn += 1) await new Promise(setImmediate);
    clock.advance(3_000);
    expect((await waiting)[1].looking).toBe(true);
    finish();
    const [, health] = await get<Health>('/api/health');
    expect([health.looking, health.findings]).toEqual([false, [{ ok: null, text: 'Later.' }]]);
  });

  it('has everything checked once more when what was found is five minutes old', async () => {
    const { set, get, clock } = inspected;
    const found = async () => (await get<Health>('/api/health'))[1].findings;
    const before = await found();
    set.doctor = async () => [{ ok: true, text: 'All is well again.' }];
    clock.advance(299_000);
    expect(await found()).toEqual(before);
    clock.advance(1_000);
    expect(await found()).toEqual([{ ok: true, text: 'All is well again.' }]);
  });

  it('says that the checks failed, when they did', async () => {
    const { set, get } = inspected;
    set.doctor = () => Promise.reject(new Error('no socket'));
    expect((await get<Health>('/api/health/look', 'POST'))[1].findings).toEqual([
      { ok: false, text: 'The checks failed: no socket' },
    ]);
  });

  it('gives the last hour by the minute', async () => {
    const { push, get } = inspected;
    push('EVENT_TONE', { playTonesTo: [] });
    const [, series] = await get<Series>('/api/series');
    const tones = series.events.find(({ type }) => type === 'EVENT_TONE');
    expect([tones?.counts.length, tones?.counts.at(-1)]).toEqual([60, 1]);
  });
});
