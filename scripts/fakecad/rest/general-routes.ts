import { randomInt } from 'node:crypto';
import * as v from 'valibot';
import { ACCOUNT_WAYS, findAccount } from '../world/accounts.ts';
import { accountOf } from '../world/identifiers.ts';
import { ok, problem, type Reply } from './reply.ts';
import { type Community, numberOf, pageOf, type Route, route } from './route.ts';

const LONGEST_LOG = 1_000_000;

const EXPIRES_IN_SECONDS = 600;
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const MOST_CODES = 1000;

const userSchema = v.object({ communityUserId: v.pipe(v.string(), v.minLength(1), v.maxLength(255)) });
const linkSchema = v.object({ accountUuid: v.string(), secretUuid: v.string(), ...userSchema.entries });
const secretSchema = v.object({ secret: v.string() });

const aboutCommunity = ({ id, name }: Community) => ({ comId: id, name, timezone: 'UTC', customLoginUrl: id });

/** The endpoints about the community itself, people's accounts, and what joins accounts and players. */
export const generalRoutes: readonly Route[] = [
  route('GET', '/v2/general/version', { limit: 10 }, ({ community }) => ok(community.plan)),
  route('GET', '/v2/general/info', { limit: 10 }, ({ community }) =>
    ok({ uuid: community.uuid, community: aboutCommunity(community), codes: [] }),
  ),
  route('GET', '/v2/general/login-page', { limit: 10, open: true }, ({ community, query }): Reply => {
    const asked = query.get('communityId') ?? query.get('url');
    if (asked === null) return problem(400, 'communityId or url is required.');
    if (asked !== community.id) return problem(404, 'Community not found.');
    return ok(aboutCommunity(community));
  }),
  route('GET', '/v2/general/turn', { limit: 20 }, () =>
    ok({ iceServers: [{ urls: ['turn:127.0.0.1:3478'], username: 'fakecad', credential: 'fakecad' }] }),
  ),
  // On a host of its own in truth, and asked with no key.
  route('POST', '/v2/upload/debug/:id', { limit: null, open: true, body: 'text' }, ({ world, params, body }) => {
    world.uploads.set(String(params.id), String(body).slice(0, LONGEST_LOG));
    return { status: 200, body: 'ok', type: 'text/plain' };
  }),
  route('GET', '/v2/general/accounts/account', { limit: 10 }, ({ world, query }) => {
    const account = findAccount(world, Object.fromEntries(query), [...ACCOUNT_WAYS, 'username']);
    return 'uuid' in account ? ok(account) : problem(account.status, account.detail);
  }),
  route('GET', '/v2/general/accounts', { limit: 10, list: true }, ({ world, query }) => {
    const status = numberOf(query, 'status', -1);
    const name = query.get('username')?.toLowerCase() ?? '';
    const accounts = world.accounts.filter(
      (account) => (status === -1 || account.status === status) && account.username.toLowerCase().includes(name),
    );
    const [limit, offset] = [numberOf(query, 'limit', 100, 100), numberOf(query, 'offset', 0)];
    return ok({ pagination: { limit, offset, total: accounts.length }, accounts: pageOf(query, accounts) });
  }),
  route('POST', '/v2/general/links', { limit: 30, body: userSchema }, ({ community, world, body, now }) => {
    const code = Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
    const expiresAt = now + EXPIRES_IN_SECONDS * 1000;
    const valid = world.linkCodes.filter((other) => other.expiresAt > now);
    world.linkCodes = [...valid.slice(1 - MOST_CODES), { ...body, code, expiresAt }];
    const times = { expiresAt: new Date(expiresAt).toISOString(), expiresInSeconds: EXPIRES_IN_SECONDS };
    return ok({ ...body, code, communityUuid: community.uuid, ...times });
  }),
  route('POST', '/v2/general/links/check', { limit: 30, body: userSchema }, ({ world, body }) => {
    const accountUuid = accountOf(world, body.communityUserId) ?? null;
    return ok({ ...body, linked: accountUuid !== null, accountUuid });
  }),
  route('POST', '/v2/general/links/set', { limit: 30, body: linkSchema }, ({ world, body }) => {
    const { accountUuid, secretUuid, communityUserId } = body;
    if (world.secrets.get(secretUuid) !== accountUuid)
      return problem(403, 'The secret does not belong to the account.');
    for (const [user, uuid] of world.links) if (uuid === accountUuid) world.links.delete(user);
    world.links.set(communityUserId, accountUuid);
    return ok({ linked: true, accountUuid, communityUserId });
  }),
  route('POST', '/v2/general/secrets/verify', { limit: 10, body: secretSchema }, ({ world, body }) => {
    const uuid = world.secrets.get(body.secret);
    return uuid === undefined ? problem(404, 'Secret not found.') : ok(Object.fromEntries([[body.secret, uuid]]));
  }),
];
