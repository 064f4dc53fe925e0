import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import type { ServerResponse } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FxHost } from '../../packages/fxhost/src/index.ts';
import { manifest, writeResource } from '../../packages/fxhost/test/write-resource.ts';
import { type HttpTarget, type ReceivedRequest, startHttpTarget } from '../http-target.ts';
import { type Caches, eventNames } from '../official-events.ts';
import { KEY, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';

export interface Heard {
  readonly name: string;
  readonly args: readonly unknown[];
  readonly caches: Caches;
}

export type Language = 'js' | 'lua';

/** A resource named sonorancad on a server with two consumers, and a web server that it forwards to. */
export interface System {
  readonly host: FxHost;
  readonly target: HttpTarget;
  /** The target answers the next event of this type with status 500. */
  failOnce(type: string): void;
  /** @returns the status and the text */
  post(body: object): Promise<{ status: number; text: string }>;
  /** Posts an event and waits until everything that comes of it was heard. @returns what the consumer in JavaScript heard */
  push(type: string, data: unknown): Promise<Heard[]>;
  /** Posts several, and waits for the last. */
  pushAll(events: readonly (readonly [type: string, data: unknown])[]): Promise<void>;
  /** What a consumer has heard of the last event pushed. */
  heard(language: Language): Heard[];
  caches(language: Language): Caches;
  /** Lets time pass for the resource. */
  later(milliseconds: number): void;
  /** As after a start of the server. */
  restart(): void;
  close(): Promise<void>;
}

export async function startResource(): Promise<System> {
  const target = await openTarget();
  const config = {
    enablePushEventForwarding: true,
    pushEventForwardUrl: target.url,
    pushEventForwardRetrySeconds: [0.1],
  };
  return withConsumers(await serveResource({ config, movableTime: true }), target);
}

async function openTarget() {
  let failing: string | null = null;
  const respond = (_request: unknown, response: ServerResponse, { body }: ReceivedRequest) => {
    if (JSON.parse(body.toString()).type === failing) {
      failing = null;
      response.statusCode = 500;
    }
    response.end();
  };
  const listener = await startHttpTarget(respond);
  const failOnce = (type: string) => {
    failing = type;
  };
  return { listener, failOnce, url: `http://127.0.0.1:${listener.port}/events` };
}

async function withConsumers(
  { host, later, close }: ServedResource,
  { listener, failOnce }: Awaited<ReturnType<typeof openTarget>>,
): Promise<System> {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-seers-'));
  for (const language of ['js', 'lua'] as const) {
    const script = `seer.${language}`;
    host.addResource(
      writeResource(folder, `${language}-seer`, {
        'fxmanifest.lua': manifest(`server_script '${script}'`),
        'names.json': JSON.stringify(eventNames),
        [script]: readFileSync(join(import.meta.dirname, 'seers', script), 'utf8'),
      }),
    );
  }
  for (const resource of host.resourceNames()) host.ensure(resource);
  let marks = 0;
  let last: Record<Language, Heard[]> = { js: [], lua: [] };
  const take = (language: Language): Heard[] => JSON.parse(String(host.callExport(`${language}-seer`, 'take')));

  async function post(body: object) {
    // See serveResource: a busy machine stands still for long.
    const init = { method: 'POST', headers: { connection: 'close' }, body: JSON.stringify({ key: KEY, ...body }) };
    const answer = await fetch(`${host.url}/sonorancad/event`, init);
    return { status: answer.status, text: await answer.text() };
  }

  /** Events are handled in their order: when this one is heard, all before it were. */
  async function settle(): Promise<Record<Language, Heard[]>> {
    marks += 1;
    const mark = `MARK_${marks}`;
    await post({ type: mark, data: {} });
    const all: Heard[] = [];
    await until(() => {
      all.push(...take('js'));
      return all.some(({ args }) => args[0] === mark);
    });
    const genuine = ({ args }: Heard) => !String(args[0]).startsWith('MARK_');
    return { js: all.filter(genuine), lua: take('lua').filter(genuine) };
  }

  const system: System = {
    host,
    target: listener,
    failOnce,
    post,
    async push(type, data) {
      await post({ type, data });
      last = await settle();
      return last.js;
    },
    async pushAll(events) {
      for (const [type, data] of events) await post({ type, data });
      last = await settle();
    },
    heard: (language) => last[language],
    caches: (language) => JSON.parse(String(host.callExport(`${language}-seer`, 'caches'))),
    later,
    restart() {
      for (const { id } of host.natives.players.list()) host.natives.players.drop(id, 'restart');
      host.stop('sonorancad');
      host.natives.kvp.delete('sonorancad', 'state/snapshot', false);
      host.start('sonorancad');
    },
    async close() {
      await close();
      await listener.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
  await settle();
  return system;
}
