import type { PushEvent } from '../../events/push-event.ts';
import type { PlayerSource } from '../../platform/players.ts';
import type { PlayerLookup } from '../state/pairings.ts';
import { type AccountLink, createAccountLinks, createIdentityIndex } from './identities.ts';

/** Told when somebody comes, goes or becomes known by another identity. */
export interface PlayerWatcher {
  /** A player joined, or an account of theirs became known: whoever looks for them may find them now. */
  seen?(source: number): void;
  /** A player left, and is found no more. */
  gone?(source: number): void;
}

/** Who is connected, and by which identities the CAD may mean them. */
export interface Players extends PlayerLookup {
  /** The server ids of all connected players. */
  sources(): IterableIterator<number>;
  /**
   * Tells one visit of a player from the next, and from that of another player who got the same server id later.
   * @returns null when nobody is connected under that id
   */
  sessionOf(source: number): number | null;
  /** @returns the CAD account of a player and the identity under which the CAD said that it is theirs; null while it has not */
  linkOf(source: number): AccountLink | null;
  /** Takes from an event which account belongs to which identity. */
  learn(event: PushEvent): void;
  watch(watcher: PlayerWatcher): void;
}

/**
 * Knows every player who is connected, beginning with those who are there already. Asks the game server only when somebody
 * joins; each lookup takes constant time.
 */
export function createPlayers(source: PlayerSource): Players {
  const index = createIdentityIndex();
  const links = createAccountLinks();
  const visits = new Map<number, { readonly session: number; readonly identifiers: readonly string[] }>();
  const watchers: PlayerWatcher[] = [];
  let lastSession = 0;

  function add(player: number): void {
    const identifiers = source.identifiersOf(player);
    lastSession += 1;
    visits.set(player, { session: lastSession, identifiers });
    index.add(player, identifiers);
  }

  const linkOf = (player: number): AccountLink | null => {
    for (const key of index.keysOf(player)) {
      const link = links.linkOf(key);
      if (link !== undefined) return link;
    }
    return null;
  };

  const players: Players = {
    sources: () => visits.keys(),
    sessionOf: (player) => visits.get(player)?.session ?? null,
    sourcesOfIdentities(identities) {
      const found = new Set<number>();
      for (const identity of identities) {
        for (const player of index.find(identity)) found.add(player);
        const linked = links.identityOf(identity);
        if (linked !== undefined) for (const player of index.find(linked)) found.add(player);
      }
      return [...found];
    },
    identifiersOf(player) {
      const identifiers = visits.get(player)?.identifiers ?? [];
      const account = linkOf(player)?.account;
      return account === undefined ? identifiers : [...identifiers, account];
    },
    linkOf,
    linkedIdentityOf: (player) => linkOf(player)?.identity ?? null,
    coordinatesOf: (player) => source.coordinatesOf(player),
    learn(event) {
      if (!event.valid || event.type !== 'EVENT_COMMUNITY_LINK_VERIFIED' || event.source === 'simulated') return;
      const { communityUserId, accountUuid } = event.data;
      if (accountUuid === '') return;
      links.link(communityUserId, accountUuid);
      for (const player of index.find(communityUserId)) for (const watcher of watchers) watcher.seen?.(player);
    },
    watch: (watcher) => void watchers.push(watcher),
  };

  source.onJoin((player) => {
    add(player);
    for (const watcher of watchers) watcher.seen?.(player);
  });
  source.onDrop((player) => {
    if (!visits.delete(player)) return;
    index.remove(player);
    for (const watcher of watchers) watcher.gone?.(player);
  });
  for (const player of source.list()) add(player);
  return players;
}
