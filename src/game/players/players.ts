import { bareIdentity, foldIdentity } from '../../events/catalogue/people.ts';
import type { PushEvent } from '../../events/push-event.ts';
import type { PlayerSource } from '../../platform/players.ts';
import { type AccountLink, AccountLinks, ManyToMany } from './identities.ts';

interface PlayerWatcher {
  /** A player joined, or an account of theirs became known: a search for them may find them now. */
  seen?(source: number): void;
  /** The CAD sent that an identity is linked with an account, whether its player is connected or not. */
  linked?(identity: string): void;
  /** A player left, and is found no more. */
  gone?(source: number): void;
}

/** What the state asks about the players on the server. It is told when the answers change, by `playerSeen` and `playerGone`. */
export type PlayerLookup = Pick<Players, 'sourcesOfIdentities' | 'identifiersOf'>;

/**
 * The connected players, and the identities by which the CAD may mean them. Asks the game server only when a player joins; each
 * lookup takes constant time, however many players there are.
 */
export class Players {
  readonly #source: PlayerSource;
  /** By folded identifiers, each with and without its prefix. */
  readonly #byIdentity = new ManyToMany<string, number>();
  readonly #links = new AccountLinks();
  readonly #visits = new Map<number, { readonly session: number; readonly identifiers: readonly string[] }>();
  readonly #watchers: PlayerWatcher[] = [];
  #lastSession = 0;

  constructor(source: PlayerSource) {
    this.#source = source;
    source.onJoin((player) => {
      this.#add(player);
      for (const watcher of this.#watchers) watcher.seen?.(player);
    });
    source.onDrop((player) => {
      if (!this.#visits.delete(player)) return;
      this.#byIdentity.removeRight(player);
      for (const watcher of this.#watchers) watcher.gone?.(player);
    });
    for (const player of source.list()) this.#add(player);
  }

  /** The server ids of all connected players. */
  sources(): IterableIterator<number> {
    return this.#visits.keys();
  }

  /** Whether any player is connected. */
  any(): boolean {
    return this.#visits.size > 0;
  }

  /**
   * Tells one visit of a player from the next, and from that of another player who got the same server id later.
   * @returns null when no player is connected under that id
   */
  sessionOf(player: number): number | null {
    return this.#visits.get(player)?.session ?? null;
  }

  /**
   * @param identities of one unit, bare or prefixed, in any case; its account id is among them, and finds the player whom the
   *   CAD has linked with that account
   * @returns the server ids of connected players with any of them, each once
   */
  sourcesOfIdentities(identities: readonly string[]): number[] {
    const found = new Set<number>();
    for (const identity of identities) {
      for (const player of this.#find(identity)) found.add(player);
      const linked = this.#links.identityOf(identity);
      if (linked !== undefined) for (const player of this.#find(linked)) found.add(player);
    }
    return [...found];
  }

  /**
   * @returns everything that `sourcesOfIdentities` finds this player by: their identifiers with their prefixes, and the ids of
   *   linked accounts; none when they are not connected
   */
  identifiersOf(player: number): readonly string[] {
    const identifiers = this.#visits.get(player)?.identifiers ?? [];
    const account = this.linkOf(player)?.account;
    return account === undefined ? identifiers : [...identifiers, account];
  }

  /** @returns the CAD account of a player and the identity under which the CAD said that it is theirs; null while it has not */
  linkOf(player: number): AccountLink | null {
    for (const key of this.#byIdentity.leftOf(player)) {
      const link = this.#links.linkOf(key);
      if (link !== undefined) return link;
    }
    return null;
  }

  /** @returns the identity under which the CAD said that this player is linked with an account; null while it has not */
  linkedIdentityOf(player: number): string | null {
    return this.linkOf(player)?.identity ?? null;
  }

  /** @returns where the player's ped is; null where the server does not know (no OneSync, or not connected) */
  coordinatesOf(player: number) {
    return this.#source.coordinatesOf(player);
  }

  /** Takes from an event which account belongs to which identity. */
  learn(event: PushEvent): void {
    if (!event.valid || event.type !== 'EVENT_COMMUNITY_LINK_VERIFIED' || event.source === 'simulated') return;
    const { communityUserId, accountUuid } = event.data;
    for (const watcher of this.#watchers) watcher.linked?.(communityUserId);
    if (accountUuid === '') return;
    this.#links.link(communityUserId, accountUuid);
    for (const player of this.#find(communityUserId)) for (const watcher of this.#watchers) watcher.seen?.(player);
  }

  watch(watcher: PlayerWatcher): void {
    this.#watchers.push(watcher);
  }

  #add(player: number): void {
    const identifiers = this.#source.identifiersOf(player);
    this.#lastSession += 1;
    this.#visits.set(player, { session: this.#lastSession, identifiers });
    this.#byIdentity.removeRight(player);
    const keys = identifiers.flatMap((identifier) => [foldIdentity(identifier), bareIdentity(identifier)]);
    for (const key of keys) if (key !== '') this.#byIdentity.add(key, player);
  }

  #find(identity: string): ReadonlySet<number> {
    return this.#byIdentity.rightOf(foldIdentity(identity));
  }
}
