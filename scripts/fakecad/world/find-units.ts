import * as z from 'zod';
import type { Unit } from './unit.ts';
import type { ServerWorld, World } from './world.ts';

const one = z.string().min(1).max(255);
const many = z.array(one).max(100);

/** The ways in which a request says whom it means. */
export const whoSchema = z.object({
  communityUserId: one.optional(),
  communityUserIds: many.optional(),
  identId: z.int().optional(),
  identIds: z.array(z.int()).max(100).optional(),
  accountUuid: one.optional(),
  accounts: many.optional(),
  roblox: z.int().optional(),
  discord: one.optional(),
  groupName: one.optional(),
});

export type Who = z.output<typeof whoSchema>;

/** Whether a request says whom it means; an empty list is an answer: nobody. */
export const saysWho = (who: Who): boolean =>
  Object.keys(whoSchema.shape).some((way) => who[way as keyof Who] !== undefined);

/** The units that are meant, each once, in the order in which the server has them. */
export function findUnits(world: World, { units }: ServerWorld, who: Who): Unit[] {
  const idents = new Set([...(who.identIds ?? []), ...(who.identId === undefined ? [] : [who.identId])]);
  const users = [...(who.communityUserIds ?? []), ...(who.communityUserId === undefined ? [] : [who.communityUserId])];
  const accounts = new Set([
    ...users.map((user) => world.links.get(user)).filter((uuid) => uuid !== undefined),
    ...(who.accounts ?? []),
    ...(who.accountUuid === undefined ? [] : [who.accountUuid]),
    ...world.accounts
      .filter(({ roblox, discord }) => isGiven(roblox, who.roblox) || isGiven(discord, who.discord))
      .map(({ uuid }) => uuid),
  ]);
  return units.filter(
    ({ id, accId, data }) =>
      idents.has(id) ||
      (accId !== undefined && accounts.has(accId)) ||
      users.some((user) => user === data?.communityUserId || data?.apiIds?.includes(user)) ||
      isGiven(data?.group, who.groupName),
  );
}

function isGiven<T>(value: T | undefined, wanted: T | undefined): boolean {
  return wanted !== undefined && value === wanted;
}
