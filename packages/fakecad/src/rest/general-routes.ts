import { randomInt } from 'node:crypto';
import * as v from 'valibot';
import { ACCOUNT_WAYS, findAccount } from '../world/accounts.ts';
import { accountOf } from '../world/identifiers.ts';
import { serverEntrySchema } from '../world/world.ts';
import { findOne, problem } from './reply.ts';
import { type Community, numberOf, pageOf, type Route, route } from './route.ts';

const SERVERS = '/v2/general/servers';
const PLANS_WITH_SIGNS = ['PRO', 'SONORAN ONE'];

const listSchema = v.object({ deployMap: v.boolean(), servers: v.pipe(v.array(serverEntrySchema), v.maxLength(100)) });
const heartbeatSchema = v.object({ playerCount: v.pipe(v.number(), v.integer(), v.minValue(0)) });

const MAX_LOG_LENGTH = 1_000_000;

const EXPIRES_IN_SECONDS = 600;
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const MAX_CODES = 1000;

const userSchema = v.object({ communityUserId: v.pipe(v.string(), v.minLength(1), v.maxLength(255)) });
const linkSchema = v.object({ accountUuid: v.string(), secretUuid: v.string(), ...userSchema.entries });
const secretSchema = v.object({ secret: v.string() });

const aboutCommunity = ({ id, name }: Community) => ({ comId: id, name, timezone: 'UTC', customLoginUrl: id });

/**
 * The endpoints about the community, accounts, links between accounts and players, and the list of game servers.
 */
export const generalRoutes: readonly Route[] = [
  route('GET', '/v2/general/version', { limit: 10 }, ({ community }) => community.plan),
  route('GET', '/v2/general/info', { limit: 10 }, ({ community }) => ({
    uuid: community.uuid,
    community: aboutCommunity(community),
    codes: [],
  })),
  route('GET', '/v2/general/login-page', { limit: 10, open: true }, ({ community, query }) => {
    const asked = query.get('communityId') ?? query.get('url');
    if (asked === null) throw problem(400, 'communityId or url is required.');
    if (asked !== community.id) throw problem(404, 'Community not found.');
    return aboutCommunity(community);
  }),
  route('GET', '/v2/general/turn', { limit: 20 }, () => ({
    iceServers: [{ urls: ['turn:127.0.0.1:3478'], username: 'fakecad', credential: 'fakecad' }],
  })),
  // The real CAD has this on another host, and without a key.
  route('POST', '/v2/upload/debug/:id', { limit: null, open: true, body: 'text' }, ({ world, params, body }) => {
    world.uploads.set(String(params.id), String(body).slice(0, MAX_LOG_LENGTH));
    return 'ok';
  }),
  route('GET', '/v2/general/accounts/account', { limit: 10 }, ({ world, query }) => {
    return findAccount(world, Object.fromEntries(query), [...ACCOUNT_WAYS, 'username']);
  }),
  route('GET', '/v2/general/accounts', { limit: 10, list: true }, ({ world, query }) => {
    const status = numberOf(query, 'status', -1);
    const name = query.get('username')?.toLowerCase() ?? '';
    const accounts = world.accounts.filter(
      (account) => (status === -1 || account.status === status) && account.username.toLowerCase().includes(name),
    );
    const [limit, offset] = [numberOf(query, 'limit', 100, 100), numberOf(query, 'offset', 0)];
    return { pagination: { limit, offset, total: accounts.length }, accounts: pageOf(query, accounts) };
  }),
  route('POST', '/v2/general/links', { limit: 30, body: userSchema }, ({ community, world, body, now }) => {
    const code = Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
    const expiresAt = now + EXPIRES_IN_SECONDS * 1000;
    const valid = world.linkCodes.filter((other) => other.expiresAt > now);
    world.linkCodes = [...valid.slice(1 - MAX_CODES), { ...body, code, expiresAt }];
    const times = { expiresAt: new Date(expiresAt).toISOString(), expiresInSeconds: EXPIRES_IN_SECONDS };
    return { ...body, code, communityUuid: community.uuid, ...times };
  }),
  route('POST', '/v2/general/links/check', { limit: 30, body: userSchema }, ({ world, body }) => {
    const accountUuid = accountOf(world, body.communityUserId) ?? null;
    return { ...body, linked: accountUuid !== null, accountUuid };
  }),
  route('POST', '/v2/general/links/set', { limit: 30, body: linkSchema }, ({ world, body }) => {
    const { accountUuid, secretUuid, communityUserId } = body;
    if (world.secrets.get(secretUuid) !== accountUuid) throw problem(403, 'The secret does not belong to the account.');
    for (const [user, uuid] of world.links) if (uuid === accountUuid) world.links.delete(user);
    world.links.set(communityUserId, accountUuid);
    return { linked: true, accountUuid, communityUserId };
  }),
  route('POST', '/v2/general/secrets/verify', { limit: 10, body: secretSchema }, ({ world, body }) => {
    return Object.fromEntries([findOne('Secret', [...world.secrets], ([secret]) => secret === body.secret)]);
  }),
  route('GET', SERVERS, { limit: 10, list: true }, ({ world, query, faults }) => {
    if (faults.noServers) return { servers: [] };
    if (faults.serversPerPage === 0) return { servers: world.servers };
    const page = pageOf(query, world.servers, ['limit', 'offset'], faults.serversPerPage);
    const servers = page.slice(0, faults.serversPerPage);
    const total = world.servers.length;
    return { servers, total, hasMore: numberOf(query, 'offset', 0) + servers.length < total };
  }),
  // Replaces the whole list: a server that the request leaves out is removed.
  route('PUT', SERVERS, { limit: 10, body: listSchema }, ({ world, body }) => {
    if (new Set(body.servers.map(({ id }) => id)).size < body.servers.length)
      throw problem(400, 'Each server needs an id of its own.');
    world.servers = structuredClone(body.servers);
    return { servers: world.servers };
  }),
  route('POST', `${SERVERS}/:serverId/heartbeat`, { limit: 10, body: heartbeatSchema }, (call) => {
    const { server, serverId, body, now } = call;
    server.playerCount = body.playerCount;
    return { serverId, playerCount: body.playerCount, receivedAtUtc: new Date(now).toISOString() };
  }),
  route('POST', `${SERVERS}/:serverId/street-sign-auth`, { limit: 10 }, ({ community, world, serverId, peer }) => {
    if (!PLANS_WITH_SIGNS.includes(community.plan.name))
      throw problem(402, 'Smart signs need the Pro plan.', 'https://sonoransoftware.com/errors/err-ss-101');
    const entry = world.servers.find(({ id }) => id === serverId);
    const expected = entry?.differingOutbound ? entry.outboundIp : entry?.mapIp;
    if (peer !== expected) throw problem(403, 'The request did not come from the address of the server.');
    return { authorized: true, serverId };
  }),
];
