/// <reference lib="esnext.disposable" preserve="true" />
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import Router from '@koa/router';
import Koa, { type Middleware } from 'koa';
import { type Clock, machineClock } from './clock.ts';
import { createFaults, type Faults } from './faults.ts';
import { createHub, type HubSession } from './hub/hub.ts';
import { createPage } from './page.ts';
import { createPushes, type EventBody, fireEvent, type Push, type PushOptions, type PushOutcome } from './pushes.ts';
import { createRequestLog, type LoggedRequest } from './request-log.ts';
import { createLimits, createRestApi } from './rest/rest-api.ts';
import type { Community } from './rest/route.ts';
import { applyEvent } from './world/apply-event.ts';
import type { IdentifierForm } from './world/identifiers.ts';
import { createWorld, type ServerEntry, unregisteredServer, type World } from './world/world.ts';

export interface FakeCadOptions {
  /** TCP port on 127.0.0.1. The default, 0, takes a free one. */
  readonly port?: number;
  readonly apiKey: string;
  /** The id of the community, as in `sonoran_communityID`. */
  readonly communityId: string;
  readonly communityUuid?: string;
  /** The community's plan. The default is PLUS. */
  readonly plan?: { readonly version: number; readonly name: string };
  /** The list of game servers. The default is one server with the id 1 and no address yet. */
  readonly servers?: readonly ServerEntry[];
  /** The form of players' identifiers in answers and events. The default is `asWritten`. */
  readonly identifiers?: IdentifierForm;
  /** Source of time. The default is the machine's clock. */
  readonly clock?: Clock;
  /** Whether requests beyond the limits are answered with 429. The default is true. */
  readonly enforceLimits?: boolean;
}

/** A running stand-in for the CAD. */
export interface FakeCad extends AsyncDisposable {
  /** `http://127.0.0.1:<port>`: the API below `/v2`, the hub at `/apiWsHub`, the page for people at `/`. */
  readonly url: string;
  /** The latest 1,000 requests and hub invocations, oldest first. */
  readonly requests: readonly LoggedRequest[];
  /** The latest 1,000 push events sent, oldest first, and what came of them. */
  readonly pushes: readonly Push[];
  /** What the CAD knows: servers, units, calls, accounts. May be edited at any time. */
  readonly world: World;
  /** What goes wrong. May be switched at any time. */
  readonly faults: Faults;
  /** One event of each type, without the key, in the order in which a shift brings them. */
  readonly samples: readonly EventBody[];
  /** Authenticated sessions, oldest first. */
  readonly sessions: readonly HubSession[];
  /**
   * Sends a push event: over the server's session when there is one, else by HTTP to the address in the list. Does not
   * change `world`.
   *
   * @returns the way it went; `none` when there was no session, no address or no answer, see `pushes`
   */
  push(type: string, data: unknown, options?: PushOptions): Promise<PushOutcome>;
  /** Changes `world` as an event tells, and sends the event as `push` does. */
  fire(event: EventBody, options?: Omit<PushOptions, 'beside'>): Promise<Push>;
  /** Changes `world` as an event tells that another program has sent to a game server. */
  learn(type: string, data: unknown, serverId?: number): void;
  /** Cuts all sessions, in the middle of a message if wanted. @returns how many there were */
  dropSessions(midMessage?: boolean): number;
  /**
   * Closes all sessions with the hub's close message, and says whether clients may reconnect.
   *
   * @returns how many there were
   */
  endSessions(allowReconnect?: boolean): number;
  /** Cuts all connections and frees the port. */
  close(): Promise<void>;
}

const CAD = /^\/(?:v2|apiWsHub)\//;
const PAGE = /^\/(?!(?:v2|apiWsHub)\/)/;
const BODY_DEADLINE_MS = 10_000;
const COMMUNITY_UUID = '00000000-0000-4000-8000-00000000cad0';
const SAMPLES: readonly EventBody[] = JSON.parse(readFileSync(join(import.meta.dirname, 'sample-events.json'), 'utf8'));
const PLUS = { version: 2, name: 'PLUS' };

/** Starts a pretend CAD on 127.0.0.1. Rejects when the port is taken. */
export async function startFakeCad(options: FakeCadOptions): Promise<FakeCad> {
  const { apiKey, communityId, clock = machineClock } = options;
  const world = createWorld(options.servers ?? [unregisteredServer(1)], options.identifiers);
  const faults = createFaults();
  const log = createRequestLog();
  const community: Community = {
    ...{ id: communityId, uuid: options.communityUuid ?? COMMUNITY_UUID, name: 'A pretend community' },
    ...{ plan: options.plan ?? PLUS, world },
  };
  const limits = options.enforceLimits === false ? null : createLimits(clock);
  const hub = createHub({ communityId, apiKey, world, faults, clock }, log);
  const pushes = createPushes(apiKey, world, hub, clock);
  const push = (serverId: number, type: string, data: unknown) => void pushes.send(type, data, { serverId });
  const api = createRestApi({ community, apiKey, faults, limits, clock, log, push });
  const page = createPage({ world, faults, log, hub, pushes, samples: SAMPLES });

  const router = new Router();
  router.post('/apiWsHub/negotiate', (ctx) => {
    ctx.body = hub.negotiate(Number(ctx.query.negotiateVersion ?? 0));
  });

  const app = new Koa();
  app.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'ECONNRESET' && error.code !== 'ERR_STREAM_PREMATURE_CLOSE')
      console.error(`fakecad: ${error.stack}`);
  });
  const use = (path: RegExp, ...middlewares: readonly Middleware[]) => {
    for (const each of middlewares) app.use((ctx, next) => (path.test(ctx.path) ? each(ctx, next) : next()));
  };
  use(CAD, (ctx, next) => {
    if (!faults.refuseConnections) return next();
    ctx.req.socket.destroy();
  });
  use(/^\/v2\//, ...api);
  use(/^\/apiWsHub\//, router.routes() as Middleware);
  use(PAGE, ...page);
  const server = createServer({ requestTimeout: BODY_DEADLINE_MS }, app.callback());
  server.on('upgrade', (request, socket, head) => {
    if (faults.refuseConnections) socket.destroy();
    else hub.upgrade(request, socket, head);
  });
  server.listen(options.port ?? 0, '127.0.0.1');
  await once(server, 'listening');

  const close = (): Promise<void> => {
    hub.close();
    server.closeAllConnections();
    return new Promise((resolve) => server.close(() => resolve()));
  };
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests: log.requests,
    pushes: pushes.list,
    world,
    faults,
    samples: SAMPLES,
    get sessions() {
      return hub.sessions();
    },
    push: async (...event) => (await pushes.send(...event)).outcome,
    fire: (event, pushOptions) => fireEvent(world, pushes, event, pushOptions),
    learn: (type, data, serverId = world.servers[0]?.id ?? 1) => applyEvent(world, serverId, type, data),
    dropSessions: (midMessage = false) => hub.drop(midMessage),
    endSessions: (allowReconnect = false) => hub.end(allowReconnect),
    close,
    [Symbol.asyncDispose]: close,
  };
}
