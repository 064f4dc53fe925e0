import { bareIdentity, foldIdentity } from '../push-events/identity.ts';
/** Finds players by what identifies them, in a time that does not depend on how many there are. */
export interface IdentityIndex {
  /** @param identifiers with their prefixes, as the game server gives them */
  add(source: number, identifiers: readonly string[]): void;
  remove(source: number): void;
  /** @param identity bare or prefixed, in any case. @returns the server ids of the players who have it */
  find(identity: string): ReadonlySet<number>;
  /** @returns the folded forms by which a player is found: each identifier with and without its prefix */
  keysOf(source: number): ReadonlySet<string>;
}

const NONE: ReadonlySet<never> = new Set();

export function createIdentityIndex(): IdentityIndex {
  const sourcesByKey = new Map<string, Set<number>>();
  const keysBySource = new Map<number, ReadonlySet<string>>();

  function remove(source: number): void {
    for (const key of keysBySource.get(source) ?? NONE) {
      const sources = sourcesByKey.get(key);
      sources?.delete(source);
      if (sources?.size === 0) sourcesByKey.delete(key);
    }
    keysBySource.delete(source);
  }

  return {
    add(source, identifiers) {
      remove(source);
      const keys = new Set(identifiers.flatMap(keysOfIdentifier));
      keysBySource.set(source, keys);
      for (const key of keys) {
        const sources = sourcesByKey.get(key);
        if (sources === undefined) sourcesByKey.set(key, new Set([source]));
        else sources.add(source);
      }
    },
    remove,
    find: (identity) => sourcesByKey.get(foldIdentity(identity)) ?? NONE,
    keysOf: (source) => keysBySource.get(source) ?? NONE,
  };
}

function keysOfIdentifier(identifier: string): string[] {
  return [foldIdentity(identifier), bareIdentity(identifier)].filter((key) => key !== '');
}
