import * as v from 'valibot';
import type { Clock } from '../clock.ts';
import type { Faults } from '../faults.ts';
import { locate } from '../rest/unit-routes.ts';
import { integer } from '../world/unit.ts';
import type { World } from '../world/world.ts';

/** What a client has said about itself. */
export interface Identity {
  communityId: string | null;
  /** The game server whose events the client receives; null for none. */
  serverId: number | null;
  /** Monotonic time of the last `unitLocation`; null before the first. */
  locatedAt: number | null;
}

/** What the hub methods need. */
export interface HubOptions {
  readonly communityId: string;
  readonly apiKey: string;
  readonly world: World;
  readonly faults: Faults;
  readonly clock: Clock;
}

const MAX_UPDATES = 25;
const UPDATES_EVERY_MS = 200;

const credentialsSchema = v.union([
  v.strictTuple([v.string(), v.string()]),
  v.strictTuple([v.string(), v.string(), v.nullish(integer)]),
]);

const updateSchema = v.pipe(
  v.looseObject({
    identId: v.optional(integer),
    apiId: v.optional(v.string()),
    communityUserId: v.optional(v.string()),
    roblox: v.optional(integer),
    location: v.string(),
  }),
  v.check(({ identId, apiId, communityUserId, roblox }) =>
    [identId, apiId, communityUserId, roblox].some((way) => way !== undefined),
  ),
);

const refused = (error: string) => ({ result: { success: false, error, count: 0 } });
const done = (count: number) => ({ result: { success: true, error: null, count } });

/**
 * @param onAuthenticated called when a client authenticated, before it gets the answer
 * @returns a function that answers the invocations of a client and updates its identity
 */
export function createHubMethods(options: HubOptions, onAuthenticated: (identity: Identity) => void) {
  const { communityId, apiKey, world, faults, clock } = options;
  const authenticate = (identity: Identity, args: readonly unknown[]) => {
    const credentials = v.safeParse(credentialsSchema, args);
    if (!credentials.success) return refused('communityId and apiKey are required.');
    const [community, key, serverId = null] = credentials.output;
    if (faults.refuseAuth || community !== communityId || key !== apiKey)
      return refused('Invalid community ID or API key.');
    if (serverId !== null && !world.servers.some(({ id }) => id === serverId))
      return refused(`Server ${serverId} is not configured for this community.`);
    identity.communityId = community;
    identity.serverId = serverId;
    onAuthenticated(identity);
    return done(0);
  };

  const unitLocation = (identity: Identity, [updates]: readonly unknown[]) => {
    if (identity.communityId === null) return refused('Unauthenticated. Call authenticate first.');
    if (!Array.isArray(updates) || updates.length === 0) return refused('Missing unit location updates.');
    if (updates.length > MAX_UPDATES) return refused(`Too many unit updates in one call. Max is ${MAX_UPDATES}.`);
    const now = clock.monotonic();
    if (identity.locatedAt !== null && now - identity.locatedAt < UPDATES_EVERY_MS)
      return refused(`UNIT_LOCATION updates are limited to every ${UPDATES_EVERY_MS}ms.`);
    const parsed = v.safeParse(v.array(updateSchema), updates);
    if (!parsed.success)
      return refused('Each unit update requires identId, apiId, communityUserId, or roblox, and location.');
    identity.locatedAt = now;
    return done(locate(world, world.at(identity.serverId ?? 0), parsed.output));
  };

  return (identity: Identity, target: string, args: readonly unknown[]): { result: unknown } | { error: string } => {
    // A SignalR hub compares method names without case.
    const name = target.toLowerCase();
    if (name === 'authenticatev2') return authenticate(identity, args);
    if (name === 'unitlocation') return unitLocation(identity, args);
    return { error: `Unknown hub method '${target}'` };
  };
}
