import { CLOSED_CALL, type DispatchCall } from '../../events/catalogue/calls.ts';
import { toClientData } from '../../events/catalogue/catalogue.ts';
import { withoutKind } from '../../events/catalogue/people.ts';
import { readText } from '../../events/read-values.ts';
import { createRequestLimits, type PlayerHandler, type PlayerParts } from './player-requests.ts';

const MOST_EACH = 20;
const MOST_IN_ALL = 120;
/** By their places as the CAD numbers them, in the official resource's words. */
const STATUSES = ['UNAVAILABLE', 'BUSY', 'AVAILABLE', 'ENROUTE', 'ON_SCENE'];
const HIGHEST_STATUS = 5;
/** The permission that the official resource asks for. */
const STATUS_ACE = 'command.setstatus';
const STATUS_EVENT = 'SonoranCAD::unitstatus:StatusUpdate';

/**
 * Sets the status of units as the official resource's submodule does: by number, or by its name there or in `statusLabels`. What came
 * of it is told by `SonoranCAD::unitstatus:StatusUpdate` (identity, status, success), also to the player's game.
 *
 * @returns gets an identity, the status, and the player whose unit is meant in place of that with the identity
 */
export function createUnitStatus({ config, request, state, send, emit, log }: PlayerParts) {
  function statusOf(given: unknown): number | null {
    const text = (readText(given) ?? '').trim().toUpperCase().replaceAll(' ', '_');
    if (/^\d$/.test(text) && Number(text) <= HIGHEST_STATUS) return Number(text);
    const labels = config().statusLabels.map((label) => label.toUpperCase().replaceAll(' ', '_'));
    const found = [labels, STATUSES].map((names) => names.indexOf(text)).find((index) => index >= 0);
    return text === '' || found === undefined ? null : found;
  }

  return async (identity: string, given: unknown, source: number | null): Promise<boolean> => {
    const status = statusOf(given);
    const ident = source === null ? undefined : state.unitOfPlayer(source)?.id;
    if (status === null || (source !== null && ident === undefined) || (source === null && identity === '')) {
      log.debug('The status of a unit was not set: there is no such status, or the player is no unit.', { source });
      return false;
    }
    const units = ident === undefined ? { communityUserIds: [identity] } : { identIds: [ident] };
    const result = await request('setUnitStatus', { ...units, status });
    if (!result.ok)
      log.coalesce({ reason: result.error.message }).warn('The status of a unit has not been set.', { source });
    emit(STATUS_EVENT, identity, status, result.ok);
    if (source !== null) send(STATUS_EVENT, source, identity, status, result.ok);
    return result.ok;
  };
}

/**
 * Answers what players' games ask of the official resource about their own unit, for Sonoran Radio among others.
 *
 * @returns by the name of the net event, what is done for the player whose game sent it
 */
export function createUnitEvents(
  parts: PlayerParts & {
    readonly setUnitStatus: ReturnType<typeof createUnitStatus>;
    /** Sets the panic of the player's unit. */
    panic(source: number): void;
  },
): Readonly<Record<string, PlayerHandler>> {
  const { state, send, hasAce, identityOf, setUnitStatus, panic, log } = parts;
  const limits = createRequestLimits(MOST_EACH, MOST_IN_ALL, parts.clock);
  const limited =
    (answer: PlayerHandler): PlayerHandler =>
    (source, ...args) => {
      if (limits.take(source) === 'granted') answer(source, ...args);
    };

  /** A call as a game may see it, with its units in place of their numbers alone. */
  function shownCall(dispatch: DispatchCall): unknown {
    const shown = toClientData('EVENT_DISPATCH_NEW', { dispatch }) as { readonly dispatch?: object } | null;
    const units = dispatch.idents.map((ident) => state.getUnit(ident)).filter((unit) => unit !== undefined);
    return { ...shown?.dispatch, units: units.map(shownUnit) };
  }

  return {
    'SonoranCAD::sonrad:GetUnitInfo': limited((source) => {
      const unit = state.unitOfPlayer(source);
      if (unit !== undefined) send('SonoranCAD::sonrad:GetUnitInfo:Return', source, shownUnit(unit));
    }),
    'SonoranCAD::sonrad:GetCurrentCall': limited((source) => {
      const ident = state.unitOfPlayer(source)?.id;
      const entry = state
        .callEntries()
        .findLast(({ dispatch }) => dispatch.status !== CLOSED_CALL && dispatch.idents.some((each) => each === ident));
      const call = entry && { ...entry, dispatch: shownCall(entry.dispatch) };
      send('SonoranCAD::sonrad:UpdateCurrentCall', source, call ?? null);
    }),
    // Panics have limits of their own.
    'SonoranCAD::sonrad:RadioPanic': (source) => panic(source),
    'SonoranCAD::unitstatus:UpdateStatus': limited((source, status) => {
      if (hasAce(source, STATUS_ACE)) void setUnitStatus(withoutKind(identityOf(source) ?? ''), status, source);
      else log.debug('The status of a unit was not set: the player may not.', { source, permission: STATUS_ACE });
    }),
  };
}

function shownUnit(unit: unknown): unknown {
  return (toClientData('EVENT_UNIT_LOGIN', { unit }) as { readonly unit?: unknown } | null)?.unit ?? null;
}
