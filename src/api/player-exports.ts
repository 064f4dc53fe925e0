import type { Players } from '../game/players/players.ts';
import { readId, readText } from './arguments.ts';
import { callBack, provideCall } from './cad-answers.ts';

/** Longer than any plate and any name of a camera. */
const MAX_PLATE = 32;

/** Where a plate reader has seen a plate. */
interface SeenPlate {
  readonly cam: string;
  readonly plate: string;
  readonly index: string;
}

type PlayerExportContext = Parameters<typeof provideCall>[0] & {
  readonly players: Pick<Players, 'coordinatesOf'>;
  /** @returns the postal code that is nearest to a place, null where there are none */
  nearestPostal(place: { readonly x: number; readonly y: number }): string | null;
  /** Sets the status of the unit with an identity, or of a player's. @returns whether the CAD took it */
  setUnitStatus(identity: string, status: unknown, source: number | null): Promise<boolean>;
  /** Listens to an event that games may send too. */
  onNet(name: string, handler: (source: number | null, args: readonly unknown[]) => void): void;
};

/**
 * Provides the exports of the official resource about players that its submodules have:
 *
 * - `cadSetUnitStatus(identity, status, player)` sets the status of the unit with an identity, or of the player's, by number or name. It
 *   gives a promise of whether the CAD took it, for which Lua waits.
 * - `cadGetNearestPostal(player)` gives the postal code nearest to a player, from the file of nearest-postal, or nothing.
 * - `cadGetLastPlates()` gives `{ locked, scanned }`, each `{ cam, plate, index }`: the last that a plate reader of any player's game
 *   has told the server.
 */
export function providePlayerExports(context: PlayerExportContext): void {
  const { players, nearestPostal, setUnitStatus, onNet } = context;

  provideCall(context, 'cadSetUnitStatus', (call, identity, status, player) => {
    const source = readId(player) ?? null;
    const named = readText(identity);
    if ((named !== '' || source !== null) && readText(status) !== '') {
      const done = setUnitStatus(named, status, source);
      void done.then((ok) => callBack(call.callback, [ok], call));
      return done;
    }
    call.misfit();
    return false;
  });

  provideCall(context, 'cadGetNearestPostal', (call, player) => {
    const source = readId(player);
    if (source === undefined) return call.misfit();
    const place = players.coordinatesOf(source);
    return place === null ? null : nearestPostal(place);
  });

  const seen: { locked: SeenPlate | null; scanned: SeenPlate | null } = { locked: null, scanned: null };
  const remember = (kind: keyof typeof seen) => (_source: unknown, args: readonly unknown[]) => {
    const [cam = '', plate = '', index = ''] = args.slice(0, 3).map((arg) => readText(arg).trim().slice(0, MAX_PLATE));
    if (plate !== '') seen[kind] = { cam, plate, index };
  };
  onNet('wk:onPlateLocked', remember('locked'));
  onNet('wk:onPlateScanned', remember('scanned'));
  context.events.provide('cadGetLastPlates', () => ({ ...seen }));
}
