import * as v from 'valibot';
import { findAccount, ownerEntries } from '../world/accounts.ts';
import { CHARACTER, shown } from '../world/records.ts';
import { findOne, problem } from './reply.ts';
import { type Route, route } from './route.ts';

const LINK = '/v2/civilian/character-links/:syncId';
const MAX_LINKS = 100;

const ownerSchema = v.looseObject(ownerEntries);
const selectSchema = v.looseObject({ ...ownerEntries, characterId: v.union([v.string(), v.number()]) });

/** The endpoints about characters. */
export const civilianRoutes: readonly Route[] = [
  route('GET', '/v2/civilian/characters', { limit: 10, list: true }, ({ world, query }) => {
    const { uuid } = findAccount(world, Object.fromEntries(query));
    return world.records.filter(({ type, owner }) => type === CHARACTER && owner === uuid).map(shown);
  }),
  route('DELETE', '/v2/civilian/characters/:characterId', { limit: 10 }, ({ world, params }) => {
    const characterId = Number(params.characterId);
    const character = findOne('Character', world.records, ({ id, type }) => id === characterId && type === CHARACTER);
    world.records = world.records.filter((record) => record !== character);
    return { characterId };
  }),
  route('PUT', '/v2/civilian/selected-character', { limit: 10, body: selectSchema }, ({ world, body }) => {
    const { uuid } = findAccount(world, body);
    const characterId = String(body.characterId);
    const own = world.records.some(({ id, owner }) => String(id) === characterId && owner === uuid);
    if (!own && !world.characterLinks.get(uuid)?.includes(characterId)) throw problem(404, 'Character not found.');
    world.characters.set(uuid, characterId);
    return { accountUuid: uuid, characterId };
  }),
  route('GET', '/v2/civilian/character-links', { limit: 10, list: true }, ({ world, query }) => {
    const { uuid } = findAccount(world, Object.fromEntries(query));
    return world.characterLinks.get(uuid) ?? [];
  }),
  ...(['PUT', 'DELETE'] as const).map((method) =>
    route(method, LINK, { limit: 10, body: ownerSchema }, ({ world, params: { syncId = '' }, body }) => {
      const { uuid } = findAccount(world, body);
      const links = world.characterLinks.get(uuid) ?? [];
      const isNew = method === 'PUT';
      if (!isNew && !links.includes(syncId)) throw problem(404, 'Character link not found.');
      const others = links.filter((id) => id !== syncId);
      world.characterLinks.set(uuid, isNew ? [...others, syncId].slice(-MAX_LINKS) : others);
      return { accountUuid: uuid, syncId, action: isNew ? 'ADD' : 'REMOVE' };
    }),
  ),
];
