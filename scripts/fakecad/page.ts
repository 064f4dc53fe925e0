import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import * as z from 'zod';
import { samplePayload, sampleTypes } from '../send/sample-payloads.ts';
import { activeFaults, type FaultName, type Faults, faultNames, switchFault } from './faults.ts';
import { fireEvent } from './fire-event.ts';
import type { Hub } from './hub/hub.ts';
import { describePush, type Pushes } from './pushes.ts';
import { readBody } from './read-body.ts';
import type { RequestLog } from './request-log.ts';
import type { World } from './world/world.ts';

export interface PageOptions {
  readonly world: World;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly hub: Hub;
  readonly pushes: Pushes;
}

const SHOWN = 50;
const HTML = join(import.meta.dirname, 'page.html');
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

const fireSchema = z.object({
  event: z.looseObject({ type: z.string().min(1) }),
  via: z.enum(['session', 'http']),
  serverId: z.int().optional(),
});
const faultSchema = z.object({ name: z.enum(faultNames as [FaultName, ...FaultName[]]), on: z.boolean() });
const dropSchema = z.object({ midMessage: z.boolean().default(false) });

/** The page for people. @returns what answers a request to it */
export function createPage({ world, faults, log, hub, pushes }: PageOptions) {
  const state = () => ({
    requests: log.requests.slice(-SHOWN).reverse(),
    pushes: pushes.list.slice(-SHOWN).reverse(),
    sessions: hub.sessions(),
    servers: world.servers,
    faults: activeFaults(faults),
  });

  const actions: Readonly<Record<string, (body: unknown) => Promise<object>>> = {
    async '/fire'(body) {
      const { event, via, serverId } = fireSchema.parse(body);
      const push = await fireEvent(world, pushes, event, { via, ...(serverId !== undefined && { serverId }) });
      return { ...push, text: describePush(push) };
    },
    async '/fault'(body) {
      const { name, on } = faultSchema.parse(body);
      switchFault(faults, name, on);
      return { faults: activeFaults(faults) };
    },
    async '/drop'(body) {
      return { dropped: hub.drop(dropSchema.parse(body).midMessage) };
    },
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const answer = (status: number, body: object) =>
      void response
        .writeHead(status, { 'Content-Type': 'application/json; charset=utf-8', 'Cache-Control': 'no-store' })
        .end(JSON.stringify(body));

    // A name that somebody else's DNS points here would let their pages in.
    if (!LOOPBACK.test(request.headers.host ?? ''))
      return answer(403, { error: 'This page is for this machine only.' });
    if (request.method === 'GET') {
      if (path === '/') return sendPage(response);
      if (path === '/state') return answer(200, state());
      if (path === '/samples') return answer(200, { samples: samples(), faults: faultNames });
      return answer(404, { error: 'There is no such page.' });
    }
    const action = request.method === 'POST' && Object.hasOwn(actions, path) ? actions[path] : undefined;
    if (action === undefined) return answer(404, { error: 'There is no such action.' });
    // Pages of other sites can set no header of their own without being asked first, and nobody asks here.
    if (request.headers['x-fakecad'] !== '1') return answer(403, { error: 'The header x-fakecad is missing.' });
    try {
      answer(200, await action(JSON.parse((await readBody(request)) ?? 'null')));
    } catch (error) {
      answer(400, { error: String((error as Error).message) });
    }
  };
}

/** The sample events without their keys. */
function samples(): object[] {
  return sampleTypes().map((type) => {
    const { key: _, ...event } = samplePayload(type).body;
    return event;
  });
}

function sendPage(response: ServerResponse): void {
  const nonce = randomBytes(16).toString('base64');
  const policy = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'nonce-${nonce}'`,
    "connect-src 'self'",
    "base-uri 'none'",
    "form-action 'none'",
    "frame-ancestors 'none'",
  ];
  response
    .writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': policy.join('; '),
      'X-Content-Type-Options': 'nosniff',
    })
    .end(readFileSync(HTML, 'utf8').replaceAll('{{nonce}}', nonce));
}
