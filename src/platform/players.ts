import type { PlayerSource } from '../players/player-source.ts';

/** Players who are still connecting have ids from here on, and get another one when they join. */
const FIRST_CONNECTING_ID = 65_535;

/** The players of the game server. */
export function createPlayerSource(): PlayerSource {
  return {
    list: () => getPlayers().map(Number).filter(isJoined),
    identifiersOf: (source) => getPlayerIdentifiers(String(source)),
    coordinatesOf(source) {
      // Without OneSync the server knows no peds: the native gives 0.
      const ped = GetPlayerPed(String(source));
      if (!ped) return null;
      const [x = 0, y = 0, z = 0] = GetEntityCoords(ped);
      return { x, y, z };
    },
    onJoin: (callback) => listen('playerJoining', callback),
    onDrop: (callback) => listen('playerDropped', callback),
  };
}

/** Both events are raised by the server itself: a client that sends one is refused, since neither is a net event here. */
function listen(event: string, callback: (source: number) => void): void {
  on(event, () => {
    const { source } = globalThis;
    if (typeof source === 'number' && isJoined(source)) callback(source);
  });
}

function isJoined(source: number): boolean {
  return Number.isInteger(source) && source > 0 && source < FIRST_CONNECTING_ID;
}
