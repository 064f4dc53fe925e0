import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Clock } from '../clock.ts';
import { createFaults, type Faults } from '../faults.ts';
import type { Limits } from '../limits.ts';
import { readBody } from '../read-body.ts';
import type { RequestLog } from '../request-log.ts';
import { ok, problem, type Reply, tooMany } from './reply.ts';
import type { Community, Route } from './route.ts';
import { findRoute } from './routes.ts';
import { sendReply } from './send-reply.ts';
import { withUnknownFields } from './unknown-fields.ts';

export interface RestApiOptions {
  readonly community: Community;
  readonly apiKey: string;
  readonly faults: Faults;
  /** Null lets through as many requests as come. */
  readonly limits: Limits | null;
  readonly clock: Clock;
  readonly log: RequestLog;
  /** Sends a push event to a server. */
  push(serverId: number, type: string, data: unknown): void;
}

interface Asked {
  readonly method: string;
  readonly url: URL;
  readonly authorization: string | undefined;
  readonly contentType: string;
  readonly text: string | null;
  readonly body: unknown;
  readonly peer: string;
}

/** The CAD's API, version 2. @returns what answers a request below `/v2` */
export function createRestApi({ community, apiKey, faults, limits, clock, log, push }: RestApiOptions) {
  const { world } = community;

  /** Whether a fault of the API holds for the request. */
  const isFaulty = ({ method, url }: Asked) => faults.only === null || faults.only.test(`${method} ${url.pathname}`);

  const refusal = ({ authorization }: Asked, faulty: boolean): Reply | null => {
    if (authorization === undefined) return problem(401, 'Missing Authorization header.');
    if (!/^Bearer /i.test(authorization)) return problem(401, 'The Authorization header must be a Bearer token.');
    if ((faulty && faults.refuseAuth) || authorization.slice('Bearer '.length).trim() !== apiKey)
      return problem(401, 'Invalid API key.');
    return null;
  };

  const answer = (asked: Asked, faulty: boolean): { reply: Reply; route?: Route } => {
    const { method, url, peer, text, body } = asked;
    if (faulty && faults.next429.count > 0) {
      faults.next429.count -= 1;
      return { reply: tooMany(faults.next429.retryAfter) };
    }
    if (faulty && faults.next500 > 0) {
      faults.next500 -= 1;
      return { reply: problem(500, 'An unexpected error occurred.') };
    }
    const match = findRoute(method, url.pathname);
    if (match === null) return { reply: problem(404, 'Not found.') };
    if (match === 'method') return { reply: problem(405, 'Method not allowed.') };
    const { route, params } = match;
    const refused = route.open ? null : refusal(asked, faulty);
    if (refused !== null) return { reply: refused };
    const wait = route.limit === null ? null : limits?.take(`${route.method} ${route.path}`, route.limit);
    if (wait) return { reply: tooMany(wait) };
    const serverId = Number(params.serverId ?? 0);
    if (params.serverId !== undefined && !world.servers.some(({ id }) => id === serverId))
      return { reply: problem(404, `Server ${params.serverId} is not configured for this community.`) };
    const later = (type: string, data: unknown) => clock.soon(() => push(serverId, type, data));
    const call = {
      ...{ community, world, params, serverId, query: url.searchParams, now: clock.now(), peer, push: later },
      faults: faulty ? faults : createFaults(),
    };
    const server = world.at(serverId);
    if (text === null) return { reply: problem(413, 'The body is too large.') };
    if (route.body === undefined || route.body === 'text')
      return { reply: route.answer({ ...call, server, body: text }), route };
    if (!/^application\/json\b/i.test(asked.contentType)) return { reply: problem(415, 'The body must be JSON.') };
    const parsed = route.body.safeParse(body);
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      return { reply: problem(400, `${issue?.path.join('.') || 'body'}: ${issue?.message}`) };
    }
    return { reply: route.answer({ ...call, server, body: parsed.data }), route };
  };

  return async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const text = await readBody(request);
    const asked: Asked = {
      method: request.method ?? 'GET',
      url: new URL(request.url ?? '/', 'http://fakecad'),
      authorization: request.headers.authorization,
      contentType: request.headers['content-type'] ?? '',
      text,
      body: parse(text),
      peer: (request.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    };
    const { method, url } = asked;
    const query = Object.fromEntries(url.searchParams);
    const answered = log.add({ method, path: url.pathname, query, body: asked.body, at: clock.now() });
    const faulty = isFaulty(asked);
    const { reply: bare, route } = answer(asked, faulty);
    const reply = finish(faulty && faults.unknownFields ? { ...bare, body: withUnknownFields(bare.body) } : bare, url);
    if (faulty && faults.slowMs > 0) await new Promise<void>((resolve) => clock.after(faults.slowMs, resolve));
    answered(reply.status);
    sendReply(response, reply, faulty && route?.list && reply.status === ok(null).status ? faults.halfAPage : 'off');
  };
}

/** Adds what lets the CAD's support find the request. */
function finish(reply: Reply, url: URL): Reply {
  const traceId = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
  const headers = { 'x-trace-id': traceId, ...reply.headers };
  if (reply.type !== 'application/problem+json') return { ...reply, headers };
  return { ...reply, headers, body: { ...(reply.body as object), instance: url.pathname, traceId } };
}

function parse(text: string | null): unknown {
  if (text === null || text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
