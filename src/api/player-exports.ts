import type { CadLink } from '../cad/cad-link.ts';
import type { Players } from '../game/players/players.ts';
import type { Notifications } from '../notify/notifications.ts';
import { callBack, type PlayerRequests, provideCall, readId, readText } from './export-calls.ts';

/** Longer than any plate and any name of a camera. */
const MAX_PLATE = 32;

/** Where a plate reader has seen a plate. */
interface SeenPlate {
  readonly cam: string;
  readonly plate: string;
  readonly index: string;
}

type PlayerExportContext = Parameters<typeof provideCall>[0] & {
  readonly game: {
    readonly players: Pick<Players, 'coordinatesOf'>;
    readonly notifications: Pick<Notifications, 'nearestPostal'>;
  };
  readonly link: Pick<CadLink, 'sendUnitLocations'>;
  readonly requests: Pick<PlayerRequests, 'links' | 'setUnitStatus'>;
  /** Listens to an event that games may send too. */
  onNet(name: string, handler: (source: number | null, args: readonly unknown[]) => void): void;
};

/**
 * Provides the exports about players that the official resource and its submodules have, and one for their places:
 *
 * - `cadSetUnitStatus(identity, status, player)` sets the status of the unit with an identity, or of the player's, by number or name. It
 *   gives a promise of whether the CAD took it, for which Lua waits.
 * - `cadGetNearestPostal(player)` gives the postal code nearest to a player, from the file of nearest-postal, or nothing.
 * - `cadGetLastPlates()` gives `{ locked, scanned }`, each `{ cam, plate, index }`: the last that a plate reader of any player's game
 *   has told the server.
 * - `CadIsPlayerLinked(identifier[, type], callback)`: the callback gets whether an account is linked, and nothing else; the export gives
 *   a promise of the same, for which Lua waits. `type` is the kind of identifier (`license`), where `identifier` does not begin with it.
 *   A player who cannot be asked about counts as not linked; without an identifier it gives false at once, and tells the operator once.
 *   What the CAD has said counts for 10 min when there is a link, for 30 s when there is none.
 * - `sendUnitLocations(update or list of updates)` sends where units are over the session with the CAD, at most 1,000 updates
 *   `{ identId | apiId | communityUserId | roblox, location, coordinates? }`. It gives a promise, for which Lua waits, of whether the CAD
 *   has taken all of them: false while there is no session, and for what is no update, which the operator is told once.
 *
 * Nothing throws.
 */
export function providePlayerExports(context: PlayerExportContext): void {
  const { game, link, requests, onNet } = context;

  provideCall(context, 'cadSetUnitStatus', (call, identity, status, player) => {
    const source = readId(player) ?? null;
    const named = readText(identity);
    if ((named !== '' || source !== null) && readText(status) !== '') {
      const done = requests.setUnitStatus(named, status, source);
      void done.then((ok) => callBack(call.callback, [ok], call));
      return done;
    }
    call.misfit();
    return false;
  });

  provideCall(context, 'cadGetNearestPostal', (call, player) => {
    const source = readId(player);
    if (source === undefined) return call.misfit();
    const place = game.players.coordinatesOf(source);
    return place === null ? null : game.notifications.nearestPostal(place);
  });

  const seen: { locked: SeenPlate | null; scanned: SeenPlate | null } = { locked: null, scanned: null };
  const remember = (kind: keyof typeof seen) => (_source: unknown, args: readonly unknown[]) => {
    const [cam = '', plate = '', index = ''] = args.slice(0, 3).map((arg) => readText(arg).trim().slice(0, MAX_PLATE));
    if (plate !== '') seen[kind] = { cam, plate, index };
  };
  onNet('wk:onPlateLocked', remember('locked'));
  onNet('wk:onPlateScanned', remember('scanned'));
  context.events.provide('cadGetLastPlates', () => ({ ...seen }));

  provideCall(context, 'CadIsPlayerLinked', (call, ...args) => {
    const [identifier, type] = args.map(readText);
    if (!identifier) {
      call.misfit();
      callBack(call.callback, [false], call);
      return false;
    }
    const identity = type && !identifier.includes(':') ? `${type}:${identifier}` : identifier;
    const asked = requests.links.isLinked(identity).then((result) => result.ok && result.data);
    void asked.then((linked) => callBack(call.callback, [linked], call));
    return asked;
  });

  provideCall(context, 'sendUnitLocations', (call, given) => {
    if (typeof given === 'object' && given !== null) return link.sendUnitLocations([given].flat());
    call.misfit();
    return false;
  });
}
