import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { payload, postDirectly } from '../serve-resource.ts';
import { until } from '../until.ts';
import { createKeyScene, envelope, escaped, FORMS, KEY, type KeyScene } from './key-scene.ts';

/** The game server's database fails and tells what it was given. */
const FAILING_STORE = `
  for (const name of ['SetResourceKvpNoSync', 'SetResourceKvp', 'DeleteResourceKvpNoSync', 'FlushResourceKvp'])
    globalThis[name] = (...args) => { throw new Error('native failed: ' + args.join(' ')) };
`;

const json = JSON.stringify;

describe('the API key', () => {
  let scene: KeyScene;
  afterEach(() => scene.close());

  it('is nowhere in what leaves after any request, right or wrong', async () => {
    scene = await createKeyScene();
    const { targets, ask, post, everythingThatLeft } = scene;
    const answers: [string, number, () => Promise<number>][] = [
      ['an event', 200, () => post(payload('EVENT_911', KEY))],
      ['a wrong key that begins with it', 400, () => post(json({ key: `${KEY}x`, type: 'T' }))],
      ['a wrong key that holds it', 400, () => post(json({ key: [KEY], type: 'T', data: KEY }))],
      ['no type', 400, () => post(json({ key: KEY }))],
      ['a type that is no text', 400, () => post(envelope({ type: { key: KEY } }))],
      ['the key as type', 200, () => post(envelope({ type: KEY, data: 1 }))],
      ['the key as type in another case', 200, () => post(envelope({ type: KEY.toLowerCase() }))],
      [
        'the key where an id is meant',
        200,
        () => post(envelope({ type: 'EVENT_911', data: { call: { callId: KEY } } })),
      ],
      [
        'the key as name where a list is meant',
        200,
        () => post(envelope({ type: 'EVENT_TONE', data: { [KEY]: KEY } })),
      ],
      ['the key as data', 200, () => post(envelope({ data: KEY }))],
      [
        'the key deep in data',
        200,
        () => post(envelope({ data: [[{ a: [`x${KEY.toUpperCase()}y`, { [KEY]: 1 }] }]] })),
      ],
      ['the key beside data', 200, () => post(envelope({ auth: { key: KEY }, logKey: KEY }))],
      ['the key twice', 200, () => post(`{"key":${json(KEY)},"key":${json(KEY)},"type":"T","data":1}`)],
      ['the key and another', 400, () => post(`{"key":${json(KEY)},"key":"other","type":"T","data":1}`)],
      ['the key in data, escaped', 200, () => post(`{"key":${json(KEY)},"type":"T","data":"x${escaped(KEY)}"}`)],
      ['the key escaped, and in data', 200, () => post(`{"key":"${escaped(KEY)}","type":"T","data":[${json(KEY)}]}`)],
      ['the key escaped as PHP does', 200, () => post(envelope({ data: { a: KEY } }).replaceAll('/', '\\/'))],
      ['an escaped name', 200, () => post(`{"key":${json(KEY)},"type":"T","data":{"${escaped(KEY)}":1}}`)],
      ['malformed JSON', 400, () => post(`{"key":${json(KEY)},"type":"T","data":${KEY}`)],
      ['no JSON', 400, () => post(KEY)],
      ['too much', 413, () => post(envelope({ data: KEY.repeat(40_000) }))],
      [
        'nesting',
        200,
        () => post(`{"key":${json(KEY)},"type":"T","a":${'['.repeat(9_000)}${json(KEY)}${']'.repeat(9_000)}}`),
      ],
      [
        'headers',
        400,
        () => post('{}', { authorization: `Bearer ${KEY}`, cookie: KEY, 'x-forwarded-for': KEY, [`x-${'a'}`]: KEY }),
      ],
      ['a query', 400, () => post('{}', {}, `/sonorancad/event?key=${encodeURIComponent(KEY)}`)],
      ['an unknown path', 404, () => post('{}', {}, `/sonorancad/${encodeURIComponent(KEY)}`)],
      ['a malformed path', 404, () => post('{}', {}, '/sonorancad/%E0%A4%A')],
      ['another method', 405, () => ask(`/sonorancad/event?${encodeURIComponent(KEY)}`, { method: 'PUT', body: KEY })],
      ['a method nobody knows', 501, () => ask('/sonorancad/event', { method: 'KEY', body: KEY })],
      ['health', 200, () => ask('/sonorancad/health', { headers: { authorization: `Bearer ${KEY}` } })],
    ];
    for (const [what, status, request] of answers) expect([what, await request()]).toEqual([what, status]);
    const text = await everythingThatLeft();
    expect(text).toContain('EVENT_911');
    expect(text).toContain('An event was received.');
    expect(FORMS.foundIn(text)).toBeNull();
    await targets[0]?.count(1);
    expect(FORMS.foundIn(targets[0]?.received[0]?.body.toString() ?? '')).not.toBeNull();
  });

  it('is nowhere in what leaves when targets refuse, echo, and never answer, and one is this resource itself', async () => {
    scene = await createKeyScene();
    const { served, targets, post, everythingThatLeft } = scene;
    served.configure({
      apiKey: KEY,
      debugMode: true,
      enablePushEventForwarding: true,
      pushEventForwardUrl: `http://127.0.0.1:${served.host.port}/sonorancad/event?key=${encodeURIComponent(KEY)}`,
      pushEventForwardTargets: [
        {
          name: 'echo',
          url: `http://127.0.0.1:${targets[0]?.port}/`,
          headers: { 'x-api-key': KEY.replaceAll('"', '') },
        },
        { name: 'silent', url: `http://user:${encodeURIComponent(KEY)}@127.0.0.1:${targets[1]?.port}/` },
        { name: 'refusing', url: `http://127.0.0.1:1/?${encodeURIComponent(KEY)}#${encodeURIComponent(KEY)}` },
      ],
    });
    served.host.execute('sonorancad reload');
    for (let count = 0; count < 3; count += 1) expect(await post(envelope({ data: count }))).toBe(200);
    await Promise.all(targets.map((target) => target.count(1)));
    // What it rejects later than the stop would find nobody to tell.
    served.host.stop('loud');
    served.host.stop('sonorancad');
    served.host.start('sonorancad');
    served.host.start('loud');
    expect(FORMS.foundIn(await everythingThatLeft())).toBeNull();
  });

  it('is nowhere in what leaves when the database fails and tells what it was given', async () => {
    scene = await createKeyScene({ before: { 'failing-store.js': FAILING_STORE } });
    const { post, everythingThatLeft } = scene;
    expect(await post(envelope({ data: 1 }))).toBe(200);
    expect(FORMS.foundIn(await everythingThatLeft())).toBeNull();
  });

  it('is nowhere in what leaves when a client hangs up, and when the resource stops', async () => {
    scene = await createKeyScene();
    const { served, left, ask, everythingThatLeft } = scene;
    served.host.stop('loud');
    const half = `POST /sonorancad/event HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n{"key":${json(KEY)},`;
    const sockets = [1, 2].map(() => connect(served.host.port, '127.0.0.1'));
    for (const socket of sockets) {
      socket.on('data', (chunk) => left.push(chunk.toString()));
      socket.write(half);
    }
    // What came before a request has arrived once that is answered.
    await ask('/sonorancad/event');
    sockets[0]?.destroy();
    await ask('/sonorancad/event');
    void postDirectly(served.host, envelope({ data: KEY })).then(({ headers, body }) =>
      left.push(json(headers) + body),
    );
    served.host.stop('sonorancad');
    await until(() => left.some((text) => text.includes('HTTP/1.1 503')));
    sockets[1]?.destroy();
    served.host.start('sonorancad');
    const text = await everythingThatLeft();
    expect(text).toContain('HTTP/1.1 503');
    expect(FORMS.foundIn(text)).toBeNull();
  });
});

describe('the API key in a file', () => {
  let scene: KeyScene;
  beforeAll(async () => {
    scene = await createKeyScene({ config: { enablePushEventForwarding: false, debugMode: false } });
  });
  afterAll(() => scene.close());

  it.each<[string, string]>([
    ['is no JSON', `{"apiKey": ${json(KEY)}, oops}`],
    ['ends after it', `{"apiKey": ${json(KEY).slice(0, -1)}`],
    ['is the key and nothing else', KEY],
    ['is the key as JSON', json(KEY)],
    ['has it under a misspelt name', json({ apikey: KEY, ApiKeys: [KEY], apiKye: KEY, key: KEY })],
    ['has it as a name', json({ [KEY]: 1, apiKey: { [KEY]: KEY } })],
    ['has it with a control character', json({ apiKey: `${KEY}\u0007` })],
    ['has it where a list is meant', json({ apiKey: [KEY], apiKeys: KEY })],
    ['has it as health token', json({ apiKey: KEY, healthToken: KEY })],
    [
      'has it in the place of every other value',
      json({
        apiKey: KEY,
        ...Object.fromEntries(
          [
            'communityID serverId mode debugMode primaryIdentifier notificationSystem statusLabels',
            'enablePushEventForwarding pushEventForwardUrl pushEventForwardTargets trustedProxies',
          ]
            .join(' ')
            .split(' ')
            .map((name) => [name, KEY]),
        ),
      }),
    ],
    [
      'has it in a target',
      json({ apiKey: KEY, pushEventForwardTargets: [{ name: KEY, url: KEY, secret: KEY, key: KEY }] }),
    ],
    [
      'has it as the address of a target',
      json({ apiKey: KEY, enablePushEventForwarding: true, pushEventForwardUrl: `ftp://${encodeURIComponent(KEY)}@x` }),
    ],
  ])('is nowhere in what leaves when a config.json is taken that %s', async (_what, text) => {
    const { served, left, everythingThatLeft } = scene;
    writeFileSync(join(served.own, 'config.json'), text);
    served.host.execute('sonorancad reload');
    served.host.restart('sonorancad');
    left.push(`${(await postDirectly(served.host, envelope({ data: 1 }))).body}`);
    served.configure({ apiKey: KEY });
    const before = left.length;
    served.host.execute('sonorancad reload');
    expect(left.length).toBeGreaterThan(before);
    expect(FORMS.foundIn(await everythingThatLeft())).toBeNull();
    left.length = 0;
  });
});
