import * as v from 'valibot';
import { type Account, findAccount, ownerEntries } from '../world/accounts.ts';
import { CHARACTER, shown } from '../world/records.ts';
import type { World } from '../world/world.ts';
import { ok, problem, type Reply } from './reply.ts';
import { type Route, route } from './route.ts';

const LINK = '/v2/civilian/character-links/:syncId';
const MOST_LINKS = 100;

const ownerSchema = v.looseObject(ownerEntries);
const selectSchema = v.looseObject({ ...ownerEntries, characterId: v.union([v.string(), v.number()]) });

/** The endpoints about the people whom players act. */
export const civilianRoutes: readonly Route[] = [
  route('GET', '/v2/civilian/characters', { limit: 10, list: true }, ({ world, query }) =>
    ofAccount(world, Object.fromEntries(query), ({ uuid }) =>
      ok(world.records.filter(({ type, owner }) => type === CHARACTER && owner === uuid).map(shown)),
    ),
  ),
  route('DELETE', '/v2/civilian/characters/:characterId', { limit: 10 }, ({ world, params }) => {
    const characterId = Number(params.characterId);
    if (!world.records.some(({ id, type }) => id === characterId && type === CHARACTER))
      return problem(404, 'Character not found.');
    world.records = world.records.filter(({ id }) => id !== characterId);
    return ok({ characterId });
  }),
  route('PUT', '/v2/civilian/selected-character', { limit: 10, body: selectSchema }, ({ world, body }) =>
    ofAccount(world, body, ({ uuid }) => {
      const characterId = String(body.characterId);
      const own = world.records.some(({ id, owner }) => String(id) === characterId && owner === uuid);
      if (!own && !world.characterLinks.get(uuid)?.includes(characterId)) return problem(404, 'Character not found.');
      world.characters.set(uuid, characterId);
      return ok({ accountUuid: uuid, characterId });
    }),
  ),
  route('GET', '/v2/civilian/character-links', { limit: 10, list: true }, ({ world, query }) =>
    ofAccount(world, Object.fromEntries(query), ({ uuid }) => ok(world.characterLinks.get(uuid) ?? [])),
  ),
  route('PUT', LINK, { limit: 10, body: ownerSchema }, ({ world, params: { syncId = '' }, body }) =>
    ofAccount(world, body, ({ uuid }) => {
      const others = (world.characterLinks.get(uuid) ?? []).filter((id) => id !== syncId);
      world.characterLinks.set(uuid, [...others, syncId].slice(-MOST_LINKS));
      return ok({ accountUuid: uuid, syncId, action: 'ADD' });
    }),
  ),
  route('DELETE', LINK, { limit: 10, body: ownerSchema }, ({ world, params: { syncId = '' }, body }) =>
    ofAccount(world, body, ({ uuid }) => {
      const links = world.characterLinks.get(uuid) ?? [];
      if (!links.includes(syncId)) return problem(404, 'Character link not found.');
      world.characterLinks.set(
        uuid,
        links.filter((id) => id !== syncId),
      );
      return ok({ accountUuid: uuid, syncId, action: 'REMOVE' });
    }),
  ),
];

function ofAccount(world: World, named: Readonly<Record<string, unknown>>, answer: (account: Account) => Reply): Reply {
  const account = findAccount(world, named);
  return 'uuid' in account ? answer(account) : problem(account.status, account.detail);
}
