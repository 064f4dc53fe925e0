import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type HttpTarget, startHttpTarget } from '../http-target.ts';
import { until } from '../until.ts';
import { writingsOf } from './forms-of-key.ts';
import { createKeyScene, envelope, escaped, FORMS, KEY, type KeyScene } from './key-scene.ts';

const json = JSON.stringify;

it('finds a key in any of its forms', () => {
  for (const form of [KEY.toUpperCase(), encodeURIComponent(KEY), json({ a: KEY }), json(json(KEY)), escaped(KEY)])
    expect(FORMS.foundIn(`x${form}x`)).not.toBeNull();
  for (const before of ['', 'a', 'ab', 'abc'])
    for (const encoding of ['base64', 'base64url'] as const)
      expect(FORMS.foundIn(Buffer.from(`${before}${KEY} and more`).toString(encoding))).not.toBeNull();
  expect(FORMS.foundIn('(API key removed)')).toBeNull();
});

const TOKEN = 'a-token-for-health';

/** Answers 400 to everything, in words of the test's. */
let cad: HttpTarget;
let words = '';
/** What is in the four places of an answer that name a request. */
let traces: readonly string[] = [];
let plain: HttpTarget;
let channel: HttpTarget;
let scene: KeyScene;

beforeAll(async () => {
  cad = await startHttpTarget((_request, response) => {
    const [header = '', gateway = '', traceId = '', request_id = ''] = traces;
    response
      .writeHead(400, { 'content-type': 'application/json', 'x-trace-id': header, 'x-kong-request-id': gateway })
      .end(JSON.stringify({ detail: `no: ${words}`, traceId, request_id }));
  });
  plain = await startHttpTarget();
  channel = await startHttpTarget();
  const url = (target: HttpTarget) => `http://127.0.0.1:${target.port}/`;
  scene = await createKeyScene({
    config: {
      ...{ apiSendEnabled: true, apiUrl: `http://127.0.0.1:${cad.port}`, communityID: 'mycommunity', serverId: 1 },
      ...{ publicHost: '127.0.0.1', addressServices: [], healthToken: TOKEN },
      pushEventForwardUrl: '',
      pushEventForwardTargets: [
        { name: 'plain', url: url(plain), includeKey: false },
        { name: 'channel', url: url(channel), format: 'discord' },
        { name: 'dead', url: 'http://127.0.0.1:1/', includeKey: false },
      ],
    },
  });
});
afterAll(async () => {
  await scene.close();
  for (const target of [cad, plain, channel]) await target.close();
});

const WRITINGS = [...new Set(writingsOf(KEY))];

/** What is in the words for the one that stands there, whichever way FORMS knows it. */
function shows(text: string, writing: string): string | null {
  const raw = JSON.stringify(writing).slice(1, -1);
  return FORMS.foundIn(text) ?? [writing, raw].find((form) => text.toLowerCase().includes(form.toLowerCase())) ?? null;
}

/** As many in one answer as its message may be long: the CAD's limits let few requests through in a test. */
const EACH = 9;
const ANSWERS = Array.from({ length: Math.ceil(WRITINGS.length / EACH) }, (_, at) =>
  WRITINGS.slice(at * EACH, (at + 1) * EACH),
);
/** Those that an answer may name a request by, a part of them in each answer. */
const TRACES = WRITINGS.filter((writing) => /^[\w:.-]{1,100}$/.test(writing));

describe('the API key as the CAD writes it', () => {
  it.each(ANSWERS.map((writings, at) => ({ writings, at })))(
    'is in no error, line, status or answer: forms from $at',
    async ({ writings, at }) => {
      const { served, left, ask } = scene;
      left.length = 0;
      // Each answer differs, or its line in the console would count as a repeat.
      words = `${at} ${writings.join(' ')}`;
      traces = TRACES.filter((_, place) => place % ANSWERS.length === at);
      expect(traces.length).toBeLessThanOrEqual(4);
      const performed = await served.host.callExport('sonorancad', 'performApiRequest', { title: 'x' }, 'CREATE_CALL');
      expect(performed).toMatchObject({
        success: false,
        reason: expect.stringContaining(`The CAD says: no: ${at} <key>`),
      });
      left.push(JSON.stringify(performed));
      await ask('/sonorancad/health', { headers: { authorization: `Bearer ${TOKEN}` } });
      for (const command of ['', ' doctor']) served.host.execute(`sonorancad${command}`);
      await until(() => left.some((line) => line.includes("'s request to the CAD was not carried out")));
      const text = left.join('\n');
      for (const writing of [...writings, ...traces]) expect([writing, shows(text, writing)]).toEqual([writing, null]);
    },
  );
});

it('the API key as an event holds it comes to no target that is to have none, and into no store, message or event', async () => {
  const { served, left, post } = scene;
  left.length = 0;
  for (const [at, writing] of WRITINGS.entries()) {
    const call = { callId: at, emergency: true, caller: `a ${writing}`, location: writing, description: writing };
    expect(await post(envelope({ type: 'EVENT_911', data: { call }, [writing]: [writing] }))).toBe(200);
  }
  await plain.count(WRITINGS.length);
  await channel.count(1);
  const { kvp } = served.host.natives;
  const stored: string[] = [];
  const handle = kvp.startFind('sonorancad', 'forward/');
  for (let key = kvp.find(handle); key !== null; key = kvp.find(handle))
    stored.push(String(kvp.get('sonorancad', key)?.value));
  kvp.endFind(handle);
  expect(stored.join('\n')).toContain('(API key removed)');
  const bodies = [plain, channel].flatMap(({ received }) => received.map(({ body }) => body.toString()));
  for (const body of bodies) expect(JSON.parse(body)).not.toHaveProperty('key');
  const out = [...bodies, ...stored, ...left].join('\n');
  for (const writing of WRITINGS) expect([writing, shows(out, writing)]).toEqual([writing, null]);
});
