import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Router from '@koa/router';
import Koa, { type Middleware } from 'koa';
import { type Clock, machineClock } from './clock.ts';
import { createFaults } from './faults.ts';
import { createHub } from './hub/hub.ts';
import { createPage } from './page.ts';
import { createPushes, type EventBody, fireEvent, type Push, type PushOptions, type PushOutcome } from './pushes.ts';
import { createRequestLog } from './request-log.ts';
import { createLimits, createRestApi } from './rest/rest-api.ts';
import type { Community } from './rest/route.ts';
import { applyEvent } from './world/apply-event.ts';
import type { IdentifierForm } from './world/identifiers.ts';
import { createWorld, type ServerEntry, unregisteredServer } from './world/world.ts';

export interface FakeCadOptions {
  /** TCP port on 127.0.0.1; 0, the default, takes a free one. */
  readonly port?: number;
  readonly apiKey: string;
  /** As in `sonoran_communityID`. */
  readonly communityId: string;
  readonly communityUuid?: string;
  /** PLUS unless given. */
  readonly plan?: { readonly version: number; readonly name: string };
  /** The list of game servers; unless given, one with the id 1 that has no address yet. */
  readonly servers?: readonly ServerEntry[];
  /** In which form it knows people of the game; unless given, as they are written in `world` and in events. */
  readonly identifiers?: IdentifierForm;
  /** The machine's unless given. */
  readonly clock?: Clock;
  /** Whether more requests than the CAD allows are answered with 429; true unless given. */
  readonly enforceLimits?: boolean;
  /** Events that the page offers to send, without their keys. */
  readonly samples?: readonly object[];
}

/** A running stand-in for the CAD. */
export type FakeCad = Awaited<ReturnType<typeof startFakeCad>>;

const CAD = /^\/(?:v2|apiWsHub)\//;
const PAGE = /^\/(?!(?:v2|apiWsHub)\/)/;
const BODY_DEADLINE_MS = 10_000;
const COMMUNITY_UUID = '00000000-0000-4000-8000-00000000cad0';
const PLUS = { version: 2, name: 'PLUS' };

/** Starts a pretend CAD on 127.0.0.1. Rejects when the port is taken. */
export async function startFakeCad(options: FakeCadOptions) {
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
  const page = createPage({ world, faults, log, hub, pushes, samples: options.samples ?? [] });

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

  return {
    /** `http://127.0.0.1:<port>`: the API below `/v2`, the hub at `/apiWsHub`, the page for people at `/`. */
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    /** The latest 1,000 requests and invocations, the oldest first. */
    requests: log.requests,
    /** The latest 1,000 events sent, and what came of them. */
    pushes: pushes.list,
    /** What the CAD believes; may be edited at any time. */
    world,
    /** What goes wrong; may be switched at any time. */
    faults,
    /** Sessions that are authenticated, the oldest first. */
    get sessions() {
      return hub.sessions();
    },
    /**
     * Sends a push event: over the session of the server when there is one, else by HTTP to the address in the list. Changes
     * nothing in `world`.
     * @returns the way it went; `none` when there was no session, no address or no answer, see `pushes`
     */
    push: async (...event: Parameters<typeof pushes.send>): Promise<PushOutcome> =>
      (await pushes.send(...event)).outcome,
    /** Makes true in `world` what an event tells of, and sends it as `push` does. @returns what came of it */
    fire: (event: EventBody, pushOptions?: Omit<PushOptions, 'beside'>): Promise<Push> =>
      fireEvent(world, pushes, event, pushOptions),
    /** Makes true in `world` what an event tells of that another program has sent to a game server. */
    learn: (type: string, data: unknown, serverId = world.servers[0]?.id ?? 1): void =>
      applyEvent(world, serverId, type, data),
    /** Cuts all sessions, in the middle of a message if wanted. @returns how many there were */
    dropSessions: (midMessage = false): number => hub.drop(midMessage),
    /** Ends all sessions as agreed on, and says whether they may come back. @returns how many there were */
    endSessions: (allowReconnect = false): number => hub.end(allowReconnect),
    /** Cuts all connections and frees the port. */
    close(): Promise<void> {
      hub.close();
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
