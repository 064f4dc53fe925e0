import { randomInt } from 'node:crypto';
import * as z from 'zod';
import { ok, problem } from './reply.ts';
import { type Route, route } from './route.ts';

const EXPIRES_IN_SECONDS = 600;
const LETTERS = 'ABCDEFGHJKLMNPQRSTUVWXYZ23456789';
const MOST_CODES = 1000;

const communityUserId = z.string().min(1).max(255);

/** The endpoints that join accounts and players. */
export const linkRoutes: readonly Route[] = [
  route({
    method: 'POST',
    path: '/v2/general/links',
    limit: 30,
    body: z.object({ communityUserId }),
    answer({ community, world, body, now }) {
      const code = Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('');
      const expiresAt = now + EXPIRES_IN_SECONDS * 1000;
      const valid = world.linkCodes.filter((other) => other.expiresAt > now);
      world.linkCodes = [...valid.slice(1 - MOST_CODES), { code, communityUserId: body.communityUserId, expiresAt }];
      return ok({
        code,
        communityUserId: body.communityUserId,
        communityUuid: community.uuid,
        expiresAt: new Date(expiresAt).toISOString(),
        expiresInSeconds: EXPIRES_IN_SECONDS,
      });
    },
  }),
  route({
    method: 'POST',
    path: '/v2/general/links/check',
    limit: 30,
    body: z.object({ communityUserId }),
    answer({ world, body }) {
      const accountUuid = world.links.get(body.communityUserId) ?? null;
      return ok({ communityUserId: body.communityUserId, linked: accountUuid !== null, accountUuid });
    },
  }),
  route({
    method: 'POST',
    path: '/v2/general/links/set',
    limit: 30,
    body: z.object({ accountUuid: z.string(), secretUuid: z.string(), communityUserId }),
    answer({ world, body }) {
      if (world.secrets.get(body.secretUuid) !== body.accountUuid)
        return problem(403, 'The secret does not belong to the account.');
      for (const [user, uuid] of world.links) if (uuid === body.accountUuid) world.links.delete(user);
      world.links.set(body.communityUserId, body.accountUuid);
      return ok({ linked: true, accountUuid: body.accountUuid, communityUserId: body.communityUserId });
    },
  }),
  route({
    method: 'POST',
    path: '/v2/general/secrets/verify',
    limit: 10,
    body: z.object({ secret: z.string() }),
    answer({ world, body }) {
      const uuid = world.secrets.get(body.secret);
      return uuid === undefined ? problem(404, 'Secret not found.') : ok(Object.fromEntries([[body.secret, uuid]]));
    },
  }),
];
