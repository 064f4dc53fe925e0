import { writeFileSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, jest } from '@jest/globals';
import type { ConnectedPlayer } from '../../scripts/fxhost/connected-players.ts';
import { type Listener, listen } from '../forward/listener.ts';
import { payload, postDirectly, type ServedResource, serveResource } from '../serve-resource.ts';
import { formsOfKey } from './forms-of-key.ts';
import { jsRecorder, luaRecorder, takenBy } from './recorders.ts';

// Each waits for what must come; on a busy machine that takes longer than Jest's own 5 s.
jest.setTimeout(30_000);

/** Has a different form in each encoding. */
const KEY = 'Top/S3cret+Key"for\\<testing>%41&';
const FORMS = formsOfKey(KEY);
const RECORDERS = ['js', 'lua'];
const TYPES = ['T', 'EVENT_911', 'EVENT_TONE', '(API KEY REMOVED)'];

/** Shows what it gets wherever a scripter would: thrown, rejected, printed. */
const LOUD = `
  const subscribe = () => {
    exports.sonorancad.onPushEvent('*', (event) => { throw new Error(JSON.stringify(event)) });
    exports.sonorancad.onPushEvent('*', async (event) => { throw new Error(JSON.stringify(event)) });
    exports.sonorancad.onPushEvent('*', (event) => console.log(event, JSON.stringify(event)));
    emit('SonoranCAD::RegisterPushEvent', 'T', (body) => { throw new Error(JSON.stringify(body)) });
  };
  on('sonorancad:ready', subscribe);
  on('sonorancad:pushEvent', (event) => { throw new Error(JSON.stringify(event)) });
`;

/** The game server's database fails and tells what it was given. */
const FAILING_STORE = `
  for (const name of ['SetResourceKvpNoSync', 'SetResourceKvp', 'DeleteResourceKvpNoSync', 'FlushResourceKvp'])
    globalThis[name] = (...args) => { throw new Error('native failed: ' + args.join(' ')) };
`;

const json = JSON.stringify;
const escaped = (text: string) =>
  [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
const envelope = (rest: object) => json({ key: KEY, type: 'T', ...rest });

describe('the API key', () => {
  let served: ServedResource;
  let targets: Listener[];
  let player: ConnectedPlayer;
  let left: string[];

  async function start(options: { config?: object; before?: Record<string, string> } = {}) {
    left = [];
    const echo = await listen((request, response, { body }) =>
      response.writeHead(400, { 'x-echo': encodeURIComponent(body.toString()) }).end(json(request.headers) + body),
    );
    const silent = await listen(() => {});
    targets = [echo, silent];
    const url = (port: number) => `http://127.0.0.1:${port}/hook?key=${encodeURIComponent(KEY)}`;
    served = await serveResource({
      log: (line) => left.push(line),
      trustPeerHeader: true,
      ...options,
      config: {
        apiKey: KEY,
        debugMode: true,
        enablePushEventForwarding: true,
        pushEventForwardUrl: url(echo.port),
        pushEventForwardTargets: [
          { name: 'refusing', url: url(1) },
          { name: 'silent', url: url(silent.port) },
        ],
        ...options.config,
      },
    });
    const { host } = served;
    const changed = (name: string) => {
      if (name.toLowerCase() !== 'sonoran_apikey') left.push(`${name} ${host.getConvar(name)}`);
    };
    host.natives.convars.addListener('js', null, { changed, release: () => {} });
    served.add('js', jsRecorder(...TYPES));
    served.add('lua', luaRecorder(...TYPES));
    served.add('loud', LOUD);
    player = host.addPlayer();
    for (const resource of [...RECORDERS, 'loud', 'sonorancad']) host.ensure(resource);
  }

  beforeEach(() => {
    left = [];
  });
  afterEach(async () => {
    await served.close();
    for (const target of targets) await target.close();
  });

  async function ask(path: string, init: RequestInit = {}): Promise<number> {
    const answer = await fetch(served.host.url + path, init);
    left.push(`${answer.status} ${answer.statusText} ${json([...answer.headers])} ${await answer.text()}`);
    return answer.status;
  }

  async function post(body: string, headers: Record<string, string> = {}, path = '/sonorancad/event') {
    return ask(path, { method: 'POST', body, headers });
  }

  /** Everything that anybody but the operator's own targets could have seen. */
  async function everythingThatLeft(): Promise<string> {
    const { host } = served;
    for (const path of ['/sonorancad/health', '/sonorancad/event', '/info.json', '/dynamic.json', '/']) await ask(path);
    for (const words of ['', ' help', ' forward', ' forward list', ' forward status', ' reload'])
      host.execute(`sonorancad${words}`);
    await sleep(20);
    const recorded = await takenBy(host, RECORDERS, KEY);
    await sleep(20);
    const status = host.callExport('sonorancad', 'getForwardingStatus');
    return [...left, json({ recorded, status, sent: player.received })].join('\n');
  }

  it('would be found in any of its forms', () => {
    for (const form of [KEY.toUpperCase(), encodeURIComponent(KEY), json({ a: KEY }), json(json(KEY)), escaped(KEY)])
      expect(FORMS.foundIn(`x${form}x`)).not.toBeNull();
    for (const before of ['', 'a', 'ab', 'abc'])
      for (const encoding of ['base64', 'base64url'] as const)
        expect(FORMS.foundIn(Buffer.from(`${before}${KEY} and more`).toString(encoding))).not.toBeNull();
    expect(FORMS.foundIn('(API key removed)')).toBeNull();
    served = { close: async () => {} } as ServedResource;
    targets = [];
  });

  it('is nowhere in what leaves after any request, right or wrong', async () => {
    await start();
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
      ['a method nobody knows', 405, () => ask('/sonorancad/event', { method: 'KEY', body: KEY })],
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
    await start();
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
    await sleep(50);
    served.host.stop('sonorancad');
    served.host.start('sonorancad');
    expect(FORMS.foundIn(await everythingThatLeft())).toBeNull();
  });

  it('is nowhere in what leaves when the database fails and tells what it was given', async () => {
    await start({ before: { 'failing-store.js': FAILING_STORE } });
    expect(await post(envelope({ data: 1 }))).toBe(200);
    expect(FORMS.foundIn(await everythingThatLeft())).toBeNull();
  });

  it('is nowhere in what leaves when a client hangs up, and when the resource stops', async () => {
    await start();
    // What it rejects later than the stop would find nobody to tell.
    served.host.stop('loud');
    const half = `POST /sonorancad/event HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n{"key":${json(KEY)},`;
    const sockets = [1, 2].map(() => connect(served.host.port, '127.0.0.1'));
    for (const socket of sockets) {
      socket.on('data', (chunk) => left.push(chunk.toString()));
      socket.write(half);
    }
    await sleep(40);
    sockets[0]?.destroy();
    await sleep(40);
    void postDirectly(served.host, envelope({ data: KEY })).then(({ headers, body }) =>
      left.push(json(headers) + body),
    );
    served.host.stop('sonorancad');
    await sleep(20);
    sockets[1]?.destroy();
    served.host.start('sonorancad');
    const text = await everythingThatLeft();
    expect(text).toContain('HTTP/1.1 503');
    expect(FORMS.foundIn(text)).toBeNull();
  });

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
    await start({ config: { enablePushEventForwarding: false, debugMode: false } });
    writeFileSync(join(served.own, 'config.json'), text);
    served.host.execute('sonorancad reload');
    served.host.restart('sonorancad');
    left.push(`${(await postDirectly(served.host, envelope({ data: 1 }))).body}`);
    served.configure({ apiKey: KEY });
    const before = left.length;
    served.host.execute('sonorancad reload');
    expect(left.length).toBeGreaterThan(before);
    expect(FORMS.foundIn(await everythingThatLeft())).toBeNull();
  });
});
