import { ok, problem, type Reply } from './reply.ts';
import { type Community, type Route, route } from './route.ts';

const LONGEST_LOG = 1_000_000;

const aboutCommunity = ({ id, name }: Community) => ({ comId: id, name, timezone: 'UTC', customLoginUrl: id });

/** The endpoints about the community itself. */
export const generalRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v2/general/version',
    limit: 10,
    answer: ({ community }) => ok(community.plan),
  }),
  route({
    method: 'GET',
    path: '/v2/general/info',
    limit: 10,
    answer: ({ community }) => ok({ uuid: community.uuid, community: aboutCommunity(community), codes: [] }),
  }),
  route({
    method: 'GET',
    path: '/v2/general/login-page',
    limit: 10,
    open: true,
    answer({ community, query }): Reply {
      const asked = query.get('communityId') ?? query.get('url');
      if (asked === null) return problem(400, 'communityId or url is required.');
      if (asked !== community.id) return problem(404, 'Community not found.');
      return ok(aboutCommunity(community));
    },
  }),
  route({
    method: 'GET',
    path: '/v2/general/turn',
    limit: 20,
    answer: () => ok({ iceServers: [{ urls: ['turn:127.0.0.1:3478'], username: 'fakecad', credential: 'fakecad' }] }),
  }),
  // On a host of its own in truth, and asked with no key.
  route({
    method: 'POST',
    path: '/v2/upload/debug/:id',
    limit: null,
    open: true,
    body: 'text',
    answer({ world, params, body }) {
      world.uploads.set(String(params.id), String(body).slice(0, LONGEST_LOG));
      return { status: 200, body: 'ok', type: 'text/plain' };
    },
  }),
];
