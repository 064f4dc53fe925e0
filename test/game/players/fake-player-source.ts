import type { PlayerSource } from '../../../src/platform/players.ts';

/** A game server with players that a test lets come and go. */
export interface FakePlayerSource extends PlayerSource {
  join(source: number, ...identifiers: string[]): void;
  drop(source: number): void;
  /** How often the game server was asked for anything. */
  readonly asked: number;
}

export function createFakePlayerSource(initial: Readonly<Record<number, string[]>> = {}): FakePlayerSource {
  const identifiers = new Map(Object.entries(initial).map(([source, list]) => [Number(source), list]));
  const joined: ((source: number) => void)[] = [];
  const dropped: ((source: number) => void)[] = [];
  let asked = 0;
  return {
    list() {
      asked += 1;
      return [...identifiers.keys()];
    },
    identifiersOf(source) {
      asked += 1;
      return identifiers.get(source) ?? [];
    },
    coordinatesOf: (source) => (identifiers.has(source) ? { x: source, y: 2, z: 3 } : null),
    onJoin: (callback) => void joined.push(callback),
    onDrop: (callback) => void dropped.push(callback),
    join(source, ...list) {
      identifiers.set(source, list);
      for (const callback of joined) callback(source);
    },
    drop(source) {
      identifiers.delete(source);
      for (const callback of dropped) callback(source);
    },
    get asked() {
      return asked;
    },
  };
}
