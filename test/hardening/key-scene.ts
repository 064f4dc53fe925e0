import { setTimeout as sleep } from 'node:timers/promises';
import type { ConnectedPlayer } from '../../packages/fxhost/src/index.ts';
import { type HttpTarget, startHttpTarget } from '../http-target.ts';
import { type ServedResource, serveResource } from '../serve-resource.ts';
import { formsOfKey } from './forms-of-key.ts';
import { jsRecorder, luaRecorder, takenBy } from './recorders.ts';

/** An API key that has a different form in each encoding. */
export const KEY = 'Top/S3cret+Key"for\\<testing>%41&';
export const FORMS = formsOfKey(KEY);

/** Each letter of a text as JSON may escape it. */
export const escaped = (text: string) =>
  [...text].map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');

/** The body of an event with the key. */
export const envelope = (rest: object) => JSON.stringify({ key: KEY, type: 'T', ...rest });

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

export interface KeySceneOptions {
  readonly config?: object;
  /** Scripts to be loaded before the resource's own, in its scope. */
  readonly before?: Readonly<Record<string, string>>;
  /** Lets `served.later` move the time of the resource. */
  readonly movableTime?: boolean;
}

/** A served resource whose key is `KEY`, and whatever leaves it. To be closed after the test. */
export interface KeyScene {
  readonly served: ServedResource;
  /** One echoes what it gets, the other never answers. */
  readonly targets: readonly HttpTarget[];
  /** What has left so far: console lines, answers, changed convars. */
  readonly left: string[];
  /** Asks the server. @returns the status */
  ask(path: string, init?: RequestInit): Promise<number>;
  post(body: string, headers?: Record<string, string>, path?: string): Promise<number>;
  /** Everything that anybody but the operator's own targets could have seen. */
  everythingThatLeft(): Promise<string>;
  close(): Promise<void>;
}

/** Serves the resource with targets that refuse, echo and never answer, and consumers in both languages. */
export async function createKeyScene({
  config,
  before = {},
  movableTime = false,
}: KeySceneOptions = {}): Promise<KeyScene> {
  const left: string[] = [];
  const echo = await startHttpTarget((request, response, { body }) =>
    response
      .writeHead(400, { 'x-echo': encodeURIComponent(body.toString()) })
      .end(JSON.stringify(request.headers) + body),
  );
  const silent = await startHttpTarget(() => {});
  const url = (port: number) => `http://127.0.0.1:${port}/hook?key=${encodeURIComponent(KEY)}`;
  const served = await serveResource({
    log: (line) => left.push(line),
    trustPeerHeader: true,
    before,
    movableTime,
    config: {
      apiKey: KEY,
      debugMode: true,
      enablePushEventForwarding: true,
      pushEventForwardUrl: url(echo.port),
      pushEventForwardTargets: [
        { name: 'refusing', url: url(1) },
        { name: 'silent', url: url(silent.port) },
      ],
      ...config,
    },
  });
  const { host } = served;
  const changed = (name: string) => {
    if (name.toLowerCase() !== 'sonoran_apikey') left.push(`${name} ${host.getConvar(name)}`);
  };
  host.natives.convars.addListener('js', null, { call: (name) => changed(String(name)), release: () => {} });
  served.add('js', jsRecorder(...TYPES));
  served.add('lua', luaRecorder(...TYPES));
  served.add('loud', LOUD);
  const player: ConnectedPlayer = host.addPlayer();
  for (const resource of [...RECORDERS, 'loud', 'sonorancad']) host.ensure(resource);

  async function ask(path: string, init: RequestInit = {}): Promise<number> {
    const answer = await fetch(host.url + path, init);
    left.push(`${answer.status} ${answer.statusText} ${JSON.stringify([...answer.headers])} ${await answer.text()}`);
    return answer.status;
  }

  return {
    served,
    targets: [echo, silent],
    left,
    ask,
    post: (body, headers = {}, path = '/sonorancad/event') => ask(path, { method: 'POST', body, headers }),
    async everythingThatLeft() {
      for (const path of ['/sonorancad/health', '/sonorancad/event', '/info.json', '/dynamic.json', '/'])
        await ask(path);
      for (const words of ['', ' help', ' forward', ' forward list', ' forward status', ' reload'])
        host.execute(`sonorancad${words}`);
      await sleep(20);
      const recorded = await takenBy(host, RECORDERS, KEY);
      // What asynchronous handlers threw goes back at a tick, to a resource that still runs: a restart may follow.
      host.tick(2);
      const status = host.callExport('sonorancad', 'getForwardingStatus');
      return [...left, JSON.stringify({ recorded, status, sent: player.received })].join('\n');
    },
    async close() {
      await served.close();
      for (const target of [echo, silent]) await target.close();
    },
  };
}
