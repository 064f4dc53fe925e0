import * as v from 'valibot';
import { serverEntrySchema } from '../world/world.ts';
import { ok, problem } from './reply.ts';
import { numberOf, pageOf, type Route, route } from './route.ts';

const SERVERS = '/v2/general/servers';
const PLANS_WITH_SIGNS = ['PRO', 'SONORAN ONE'];

const listSchema = v.object({ deployMap: v.boolean(), servers: v.pipe(v.array(serverEntrySchema), v.maxLength(100)) });
const heartbeatSchema = v.object({ playerCount: v.pipe(v.number(), v.integer(), v.minValue(0)) });

/** The endpoints about the list of game servers. */
export const serverRoutes: readonly Route[] = [
  route('GET', SERVERS, { limit: 10, list: true }, ({ world, query, faults }) => {
    if (faults.noServers) return ok({ servers: [] });
    if (faults.serversPerPage === 0) return ok({ servers: world.servers });
    const page = pageOf(query, world.servers, ['limit', 'offset'], faults.serversPerPage);
    const servers = page.slice(0, faults.serversPerPage);
    const total = world.servers.length;
    return ok({ servers, total, hasMore: numberOf(query, 'offset', 0) + servers.length < total });
  }),
  // The whole list is replaced: a server that is not in the request is gone.
  route('PUT', SERVERS, { limit: 10, body: listSchema }, ({ world, body }) => {
    if (new Set(body.servers.map(({ id }) => id)).size < body.servers.length)
      return problem(400, 'Each server needs an id of its own.');
    world.servers = structuredClone(body.servers);
    return ok({ servers: world.servers });
  }),
  route('POST', `${SERVERS}/:serverId/heartbeat`, { limit: 10, body: heartbeatSchema }, (call) => {
    const { server, serverId, body, now } = call;
    server.playerCount = body.playerCount;
    return ok({ serverId, playerCount: body.playerCount, receivedAtUtc: new Date(now).toISOString() });
  }),
  route('POST', `${SERVERS}/:serverId/street-sign-auth`, { limit: 10 }, ({ community, world, serverId, peer }) => {
    if (!PLANS_WITH_SIGNS.includes(community.plan.name))
      return problem(402, 'Smart signs need the Pro plan.', 'https://sonoransoftware.com/errors/err-ss-101');
    const entry = world.servers.find(({ id }) => id === serverId);
    const expected = entry?.differingOutbound ? entry.outboundIp : entry?.mapIp;
    if (peer !== expected) return problem(403, 'The request did not come from the address of the server.');
    return ok({ authorized: true, serverId });
  }),
];
