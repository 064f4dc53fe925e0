import type { Account } from '../world/account.ts';
import type { World } from '../world/world.ts';
import { ok, problem } from './reply.ts';
import { numberOf, pageOf, type Route, route } from './route.ts';

const WAYS = ['communityUserId', 'roblox', 'discord', 'accountUuid', 'username'] as const;
type Way = (typeof WAYS)[number];

/** The endpoints about people's accounts. */
export const accountRoutes: readonly Route[] = [
  route({
    method: 'GET',
    path: '/v2/general/accounts/account',
    limit: 10,
    answer({ world, query }) {
      const ways = WAYS.filter((way) => query.has(way));
      const [way] = ways;
      if (way === undefined || ways.length > 1) return problem(400, `Exactly one of ${WAYS.join(', ')} is required.`);
      const account = findAccount(world, way, query.get(way) ?? '');
      return account === undefined ? problem(404, 'Account not found.') : ok(account);
    },
  }),
  route({
    method: 'GET',
    path: '/v2/general/accounts',
    limit: 10,
    list: true,
    answer({ world, query }) {
      const status = numberOf(query, 'status', -1);
      const name = query.get('username')?.toLowerCase() ?? '';
      const accounts = world.accounts.filter(
        (account) => (status === -1 || account.status === status) && account.username.toLowerCase().includes(name),
      );
      const pagination = {
        limit: numberOf(query, 'limit', 100, 100),
        offset: numberOf(query, 'offset', 0),
        total: accounts.length,
      };
      return ok({ pagination, accounts: pageOf(query, accounts) });
    },
  }),
];

function findAccount(world: World, way: Way, value: string): Account | undefined {
  const is = {
    communityUserId: ({ uuid, communityUserId }) => communityUserId === value || world.links.get(value) === uuid,
    roblox: ({ roblox }) => String(roblox) === value,
    discord: ({ discord }) => discord === value,
    accountUuid: ({ uuid }) => uuid === value,
    username: ({ username }) => username.toLowerCase() === value.toLowerCase(),
  } satisfies Record<Way, (account: Account) => boolean>;
  return world.accounts.find(is[way]);
}
