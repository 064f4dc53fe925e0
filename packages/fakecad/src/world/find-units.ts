import * as v from 'valibot';
import { accountOf, inKnownForm } from './identifiers.ts';
import { integer, type Unit } from './unit.ts';
import type { ServerWorld, World } from './world.ts';

const one = v.pipe(v.string(), v.minLength(1), v.maxLength(255));
const NO_ONE = 'Each request needs communityUserIds, identIds, accountUuid, groupName, roblox or discord.';
const many = v.pipe(v.array(one), v.maxLength(100));

/** The ways in which a request says whom it means. */
export const whoSchema = v.object({
  communityUserId: v.optional(one),
  communityUserIds: v.optional(many),
  identId: v.optional(integer),
  identIds: v.optional(v.pipe(v.array(integer), v.maxLength(100))),
  accountUuid: v.optional(one),
  accounts: v.optional(many),
  roblox: v.optional(integer),
  discord: v.optional(one),
  groupName: v.optional(one),
});

type Who = v.InferOutput<typeof whoSchema>;

/** The fields of a request that says whom it means, and these. @param error what is answered when it names no one */
export const namedSchema = <Entries extends v.ObjectEntries>(entries: Entries, error = NO_ONE) =>
  v.pipe(
    v.object({ ...entries, ...whoSchema.entries }),
    v.check((body) => saysWho(body as Who), error),
  );

/** Whether a request says whom it means; an empty list means no unit. */
const saysWho = (who: Who): boolean =>
  Object.keys(whoSchema.entries).some((way) => who[way as keyof Who] !== undefined);

/** The units that are meant, each once, in the order in which the server has them. */
export function findUnits(world: World, { units }: ServerWorld, who: Who): Unit[] {
  const idents = new Set([...(who.identIds ?? []), who.identId]);
  const users = [...(who.communityUserIds ?? []), ...(who.communityUserId === undefined ? [] : [who.communityUserId])];
  const accounts = new Set([
    ...users.map((user) => accountOf(world, user)).filter((uuid) => uuid !== undefined),
    ...(who.accounts ?? []),
    ...(who.accountUuid === undefined ? [] : [who.accountUuid]),
    ...world.accounts
      .filter(({ roblox, discord }) => isGiven(roblox, who.roblox) || isGiven(discord, who.discord))
      .map(({ uuid }) => uuid),
  ]);
  return units.filter((unit) => {
    const { id, accId, data } = inKnownForm(unit, world.identifiers);
    return (
      idents.has(id) ||
      (accId !== undefined && accounts.has(accId)) ||
      users.some((user) => user === data?.communityUserId || data?.apiIds?.includes(user)) ||
      isGiven(data?.group, who.groupName)
    );
  });
}

function isGiven<T>(value: T | undefined, wanted: T | undefined): boolean {
  return wanted !== undefined && value === wanted;
}
