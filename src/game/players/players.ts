import { bareIdentity, foldIdentity } from '../../events/catalogue/people.ts';
import type { PushEvent } from '../../events/push-event.ts';
import type { PlayerSource } from '../../platform/players.ts';
import { type AccountLink, createAccountLinks, createManyToMany } from './identities.ts';

interface PlayerWatcher {
  /** A player joined, or an account of theirs became known: a search for them may find them now. */
  seen?(source: number): void;
  /** The CAD sent that an identity is linked with an account, whether its player is connected or not. */
  linked?(identity: string): void;
  /** A player left, and is found no more. */
  gone?(source: number): void;
}

export type Players = ReturnType<typeof createPlayers>;

/** What the state asks about the players on the server. It is told when the answers change, by `playerSeen` and `playerGone`. */
export type PlayerLookup = Pick<Players, 'sourcesOfIdentities' | 'identifiersOf'>;

/**
 * Who is connected, and by which identities the CAD may mean them; those who are there already too. Asks the game server only when
 * a player joins; each lookup takes constant time, whatever the number of players.
 */
export function createPlayers(source: PlayerSource) {
  /** By folded identifiers, each with and without its prefix. */
  const byIdentity = createManyToMany<string, number>();
  const find = (identity: string) => byIdentity.rightOf(foldIdentity(identity));
  const links = createAccountLinks();
  const visits = new Map<number, { readonly session: number; readonly identifiers: readonly string[] }>();
  const watchers: PlayerWatcher[] = [];
  let lastSession = 0;

  function add(player: number): void {
    const identifiers = source.identifiersOf(player);
    lastSession += 1;
    visits.set(player, { session: lastSession, identifiers });
    byIdentity.removeRight(player);
    const keys = identifiers.flatMap((identifier) => [foldIdentity(identifier), bareIdentity(identifier)]);
    for (const key of keys) if (key !== '') byIdentity.add(key, player);
  }

  /** @returns the CAD account of a player and the identity under which the CAD said that it is theirs; null while it has not */
  const linkOf = (player: number): AccountLink | null => {
    for (const key of byIdentity.leftOf(player)) {
      const link = links.linkOf(key);
      if (link !== undefined) return link;
    }
    return null;
  };

  source.onJoin((player) => {
    add(player);
    for (const watcher of watchers) watcher.seen?.(player);
  });
  source.onDrop((player) => {
    if (!visits.delete(player)) return;
    byIdentity.removeRight(player);
    for (const watcher of watchers) watcher.gone?.(player);
  });
  for (const player of source.list()) add(player);

  return {
    /** The server ids of all connected players. */
    sources: (): IterableIterator<number> => visits.keys(),
    /** Whether any player is connected. */
    any: (): boolean => visits.size > 0,
    /**
     * Tells one visit of a player from the next, and from that of another player who got the same server id later.
     * @returns null when no player is connected under that id
     */
    sessionOf: (player: number): number | null => visits.get(player)?.session ?? null,
    /**
     * @param identities of one unit, bare or prefixed, in any case; its account id is among them, and finds the player whom the
     *   CAD has linked with that account
     * @returns the server ids of connected players with any of them, each once
     */
    sourcesOfIdentities(identities: readonly string[]): number[] {
      const found = new Set<number>();
      for (const identity of identities) {
        for (const player of find(identity)) found.add(player);
        const linked = links.identityOf(identity);
        if (linked !== undefined) for (const player of find(linked)) found.add(player);
      }
      return [...found];
    },
    /**
     * @returns everything that `sourcesOfIdentities` finds this player by: their identifiers with their prefixes, and the ids of
     *   linked accounts; none when they are not connected
     */
    identifiersOf(player: number): readonly string[] {
      const identifiers = visits.get(player)?.identifiers ?? [];
      const account = linkOf(player)?.account;
      return account === undefined ? identifiers : [...identifiers, account];
    },
    linkOf,
    /** @returns the identity under which the CAD said that this player is linked with an account; null while it has not */
    linkedIdentityOf: (player: number): string | null => linkOf(player)?.identity ?? null,
    /** @returns where the player's ped is; null where the server does not know (no OneSync, or not connected) */
    coordinatesOf: source.coordinatesOf,
    /** Takes from an event which account belongs to which identity. */
    learn(event: PushEvent): void {
      if (!event.valid || event.type !== 'EVENT_COMMUNITY_LINK_VERIFIED' || event.source === 'simulated') return;
      const { communityUserId, accountUuid } = event.data;
      for (const watcher of watchers) watcher.linked?.(communityUserId);
      if (accountUuid === '') return;
      links.link(communityUserId, accountUuid);
      for (const player of find(communityUserId)) for (const watcher of watchers) watcher.seen?.(player);
    },
    watch: (watcher: PlayerWatcher): void => void watchers.push(watcher),
  };
}
