import { randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import * as v from 'valibot';
import type { Clock } from '../clock.ts';
import { createFaults, type Faults } from '../faults.ts';
import { parseJson, readBody } from '../read-body.ts';
import type { RequestLog } from '../request-log.ts';
import { inKnownForm } from '../world/identifiers.ts';
import { callRoutes } from './call-routes.ts';
import { civilianRoutes } from './civilian-routes.ts';
import { generalRoutes } from './general-routes.ts';
import { identifierRoutes } from './identifier-routes.ts';
import { mapRoutes } from './map-routes.ts';
import { recordRoutes } from './record-routes.ts';
import { problem, Refusal, tooMany } from './reply.ts';
import type { Community, Route } from './route.ts';
import { unitRoutes } from './unit-routes.ts';

interface RestApiOptions {
  readonly community: Community;
  readonly apiKey: string;
  readonly faults: Faults;
  /** Null sets no limits. */
  readonly limits: Limits | null;
  readonly clock: Clock;
  readonly log: RequestLog;
  /** Sends a push event to a server. */
  push(serverId: number, type: string, data: unknown): void;
}

/** What the middlewares know of a request. */
interface Asked {
  /** null when the body is over 1 MiB. */
  readonly text: string | null;
  /** The parsed JSON, or the text when it is not JSON. */
  readonly body: unknown;
  /** Whether the faults of the API apply to it. */
  readonly isFaulty: boolean;
  /** Whether the answer is a list, which `halfAPage` cuts off. */
  isList?: boolean;
}

const asked = (ctx: Context): Asked => ctx.state as Asked;

const placeholders = ({ path }: Route): number => path.split('/:').length;

/** Paths with fewer placeholders come first, so that `close` is not taken for the id of a call. */
export const routes: readonly Route[] = [
  ...[...generalRoutes, ...unitRoutes, ...identifierRoutes, ...callRoutes, ...mapRoutes, ...recordRoutes],
  ...civilianRoutes,
].sort((a, b) => placeholders(a) - placeholders(b));

/** The CAD's API, version 2. @returns the middlewares for `/v2`, in this order */
export function createRestApi(options: RestApiOptions): Middleware[] {
  const { faults, clock, log } = options;
  const router = new Router();
  for (const route of routes)
    router.register(route.path, [route.method], (ctx: Context) => {
      const body = inKnownForm(answer(options, route, ctx), options.community.world.identifiers);
      asked(ctx).isList = route.list;
      ctx.body = body;
    });

  const record: Middleware = async (ctx, next) => {
    const text = await readBody(ctx.req);
    const body = text ? parseJson(text, text) : undefined;
    const isFaulty = faults.only === null || faults.only.test(`${ctx.method} ${ctx.path}`);
    ctx.state = { text, body, isFaulty } satisfies Asked;
    const query = Object.fromEntries(ctx.URL.searchParams);
    const answered = log.add({ method: ctx.method, path: ctx.path, query, body, at: clock.now() });
    await next();
    finish(ctx, isFaulty && faults.unknownFields);
    if (isFaulty && faults.slowMs > 0) await new Promise<void>((resolve) => clock.after(faults.slowMs, resolve));
    answered(ctx.status);
    if (isFaulty && asked(ctx).isList && faults.halfAPage !== 'off') sendHalf(ctx, faults.halfAPage);
  };

  const fail: Middleware = (ctx, next) => {
    const { isFaulty } = asked(ctx);
    if (isFaulty && faults.next429.count > 0) {
      faults.next429.count -= 1;
      throw tooMany(faults.next429.retryAfter);
    }
    if (isFaulty && faults.next500 > 0) {
      faults.next500 -= 1;
      throw problem(500, 'An unexpected error occurred.');
    }
    return next();
  };

  const explain: Middleware = async (ctx, next) => {
    try {
      await next();
      if (ctx.status === 404 && !ctx.body) throw problem(404, 'Not found.');
      if (ctx.status === 405) throw problem(405, 'Method not allowed.');
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const { status, body, type, headers = {} } = error.reply;
      Object.assign(ctx, { status, body, type }).set(headers);
    }
  };

  return [record, explain, fail, router.routes(), router.allowedMethods()] as Middleware[];
}

/** Checks a request and answers it. */
function answer({ community, faults, limits, apiKey, clock, push }: RestApiOptions, route: Route, ctx: Context) {
  const { text, body, isFaulty } = asked(ctx);
  const { world } = community;
  const params: Readonly<Record<string, string>> = ctx.params;
  if (!route.open) checkKey(ctx.get('authorization'), apiKey, isFaulty && faults.refuseAuth);
  const wait = route.limit === null ? null : limits?.take(`${route.method} ${route.path}`, route.limit);
  if (wait) throw tooMany(wait);
  const serverId = Number(params.serverId ?? 0);
  if (params.serverId !== undefined && !world.servers.some(({ id }) => id === serverId))
    throw problem(404, `Server ${params.serverId} is not configured for this community.`);
  if (text === null) throw problem(413, 'The body is too large.');
  const call = {
    ...{ community, world, params, serverId, server: world.at(serverId), query: ctx.URL.searchParams },
    now: clock.now(),
    faults: isFaulty ? faults : createFaults(),
    peer: (ctx.req.socket.remoteAddress ?? '').replace(/^::ffff:/, ''),
    push: (type: string, data: unknown) => clock.soon(() => push(serverId, type, data)),
  };
  if (route.body === undefined || route.body === 'text') return route.answer({ ...call, body: text });
  if (!ctx.is('application/json')) throw problem(415, 'The body must be JSON.');
  const parsed = v.safeParse(route.body, body);
  if (parsed.success) return route.answer({ ...call, body: parsed.output });
  const [issue] = parsed.issues;
  throw problem(400, `${v.getDotPath(issue) ?? 'body'}: ${issue.message}`);
}

function checkKey(authorization: string, apiKey: string, refusesAll: boolean): void {
  if (authorization === '') throw problem(401, 'Missing Authorization header.');
  if (!/^Bearer /i.test(authorization)) throw problem(401, 'The Authorization header must be a Bearer token.');
  if (refusesAll || authorization.slice('Bearer '.length).trim() !== apiKey) throw problem(401, 'Invalid API key.');
}

/** Adds the trace id, and the fields of the fault `unknownFields`. */
function finish(ctx: Context, hasUnknownFields: boolean): void {
  const traceId = `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-00`;
  ctx.set('x-trace-id', traceId);
  const { type, body } = ctx;
  const content = hasUnknownFields ? withUnknownFields(body) : body;
  const isProblem = type === 'application/problem+json';
  ctx.body = isProblem ? { ...(content as object), instance: ctx.path, traceId } : content;
  ctx.type = type;
}

/** Cuts an answer in half. */
function sendHalf(ctx: Context, how: 'truncated' | 'hangUp'): void {
  const { type } = ctx;
  const whole = Buffer.from(JSON.stringify(ctx.body));
  const start = whole.subarray(0, Math.ceil(whole.length / 2));
  ctx.body = how === 'truncated' ? start : Readable.from(startOf(start, () => ctx.req.socket.destroySoon()));
  ctx.type = type;
  ctx.length = how === 'truncated' ? start.length : whole.length;
}

async function* startOf(bytes: Buffer, hangUp: () => void): AsyncGenerator<Buffer> {
  yield bytes;
  hangUp();
  throw Object.assign(new Error('The answer breaks off.'), { code: 'ECONNRESET' });
}

/** Deep copy in which every object has an undocumented field, except `metaData`, which holds only texts. */
function withUnknownFields(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withUnknownFields);
  if (typeof value !== 'object' || value === null) return value;
  const members = Object.entries(value).map(([name, member]) => [
    name,
    name === 'metaData' ? member : withUnknownFields(member),
  ]);
  return { ...Object.fromEntries(members), addedLater: { version: 9, labels: ['new'] } };
}

const WINDOW_MS = 60_000;

/** How often each endpoint may be asked. */
type Limits = ReturnType<typeof createLimits>;

/**
 * The CAD counts for each API key and endpoint; here there is one key. Its minute may be that of the wall
 * clock, which is not known; any 60 seconds is stricter.
 */
export function createLimits(clock: Clock) {
  const taken = new Map<string, number[]>();
  return {
    /**
     * Counts a request, unless it is one too many.
     * @param perMinute how many are allowed within any 60 seconds
     * @returns null, or the seconds after which the next one is allowed: 1 to 60
     */
    take(endpoint: string, perMinute: number): number | null {
      const now = clock.monotonic();
      const recent = (taken.get(endpoint) ?? []).filter((at) => now - at < WINDOW_MS);
      taken.set(endpoint, recent);
      const [oldest] = recent;
      if (oldest !== undefined && recent.length >= perMinute) return Math.ceil((oldest + WINDOW_MS - now) / 1000);
      recent.push(now);
      return null;
    },
  };
}
