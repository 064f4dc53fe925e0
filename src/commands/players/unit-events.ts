import { CLOSED_CALL, type DispatchCall } from '../../events/catalogue/calls.ts';
import { toClientData } from '../../events/catalogue/catalogue.ts';
import { withoutKind } from '../../events/catalogue/people.ts';
import { readText } from '../../events/read-values.ts';
import { type PlayerHandler, type PlayerParts, RequestLimits } from './player-requests.ts';

/** Requests of one player in a minute, and of all players. */
const MOST_EACH_PER_MINUTE = 20;
const MOST_IN_ALL_PER_MINUTE = 120;
/** The official resource's names of statuses. The index is the CAD's number of the status. */
const OFFICIAL_STATUS_NAMES = ['UNAVAILABLE', 'BUSY', 'AVAILABLE', 'ENROUTE', 'ON_SCENE'];
const HIGHEST_STATUS = 5;
/** The official resource requires this permission for a change of status. */
const STATUS_PERMISSION = 'command.setstatus';
const STATUS_EVENT = 'SonoranCAD::unitstatus:StatusUpdate';

/**
 * Sets the status of one unit in the CAD.
 *
 * @param identity identifies the unit when `source` is null
 * @param status a number, or a name of the official resource or of the config key `statusLabels`
 * @param source the player whose unit is meant
 * @returns whether the CAD has set the status
 */
export type SetUnitStatus = (identity: string, status: unknown, source: number | null) => Promise<boolean>;

/**
 * Creates the function that sets a unit's status as the official resource does. The result is reported to resources
 * and to the player's game with `SonoranCAD::unitstatus:StatusUpdate` (identity, status, success).
 */
export function createStatusSetter({ config, request, state, send, emit, log }: PlayerParts): SetUnitStatus {
  return async (identity, given, source) => {
    const status = readStatus(given, config().statusLabels);
    if (status === null) {
      log.debug('The status of a unit was not set: there is no such status.', { source });
      return false;
    }
    const ident = source === null ? undefined : state.unitOfPlayer(source)?.id;
    const isUnitMissing = source === null ? identity === '' : ident === undefined;
    if (isUnitMissing) {
      log.debug('The status of a unit was not set: the player has no unit, or no identity was given.', { source });
      return false;
    }

    const units = ident === undefined ? { communityUserIds: [identity] } : { identIds: [ident] };
    const result = await request('setUnitStatus', { ...units, status });
    if (!result.ok) {
      log.coalesce({ reason: result.error.message }).warn('The CAD did not set the status of a unit.', { source });
    }
    emit(STATUS_EVENT, identity, status, result.ok);
    if (source !== null) send(STATUS_EVENT, source, identity, status, result.ok);
    return result.ok;
  };
}

/** Reads the number of a status from a number or a name. Null for an unknown status. */
function readStatus(given: unknown, statusLabels: readonly string[]): number | null {
  const text = (readText(given) ?? '').trim().toUpperCase().replaceAll(' ', '_');
  if (text === '') return null;
  if (/^\d$/.test(text) && Number(text) <= HIGHEST_STATUS) return Number(text);

  const labels = statusLabels.map((label) => label.toUpperCase().replaceAll(' ', '_'));
  for (const names of [labels, OFFICIAL_STATUS_NAMES]) {
    const status = names.indexOf(text);
    if (status >= 0) return status;
  }
  return null;
}

/**
 * Creates the handlers of the official resource's net events about the player's own unit, by event name. Sonoran
 * Radio uses them, among others.
 */
export function createUnitEvents(
  parts: PlayerParts & {
    readonly setUnitStatus: SetUnitStatus;
    panic(source: number): void;
  },
): Readonly<Record<string, PlayerHandler>> {
  const { state, send, hasAce, identityOf, setUnitStatus, panic, log } = parts;
  const limits = new RequestLimits(MOST_EACH_PER_MINUTE, MOST_IN_ALL_PER_MINUTE, parts.clock);

  const withinLimits =
    (handle: PlayerHandler): PlayerHandler =>
    (source, ...args) => {
      if (limits.take(source) === 'granted') handle(source, ...args);
    };

  /** Reduces a call to the fields that a game may see, and adds the call's units. */
  function toClientCall(dispatch: DispatchCall): unknown {
    const data = toClientData('EVENT_DISPATCH_NEW', { dispatch }) as { readonly dispatch?: object } | null;
    const units = dispatch.idents.map((ident) => state.getUnit(ident)).filter((unit) => unit !== undefined);
    return { ...data?.dispatch, units: units.map(toClientUnit) };
  }

  return {
    'SonoranCAD::sonrad:GetUnitInfo': withinLimits((source) => {
      const unit = state.unitOfPlayer(source);
      if (unit !== undefined) send('SonoranCAD::sonrad:GetUnitInfo:Return', source, toClientUnit(unit));
    }),
    'SonoranCAD::sonrad:GetCurrentCall': withinLimits((source) => {
      const ident = state.unitOfPlayer(source)?.id;
      const entry = state
        .callEntries()
        .findLast(({ dispatch }) => dispatch.status !== CLOSED_CALL && dispatch.idents.some((each) => each === ident));
      const call = entry === undefined ? null : { ...entry, dispatch: toClientCall(entry.dispatch) };
      send('SonoranCAD::sonrad:UpdateCurrentCall', source, call);
    }),
    // `HelpLimits` limits panics.
    'SonoranCAD::sonrad:RadioPanic': (source) => panic(source),
    'SonoranCAD::unitstatus:UpdateStatus': withinLimits((source, status) => {
      if (hasAce(source, STATUS_PERMISSION)) {
        void setUnitStatus(withoutKind(identityOf(source) ?? ''), status, source);
      } else {
        log.debug('The status of a unit was not set: the player lacks the permission.', {
          source,
          permission: STATUS_PERMISSION,
        });
      }
    }),
  };
}

/** Reduces a unit to the fields that a game may see. */
function toClientUnit(unit: unknown): unknown {
  return (toClientData('EVENT_UNIT_LOGIN', { unit }) as { readonly unit?: unknown } | null)?.unit ?? null;
}
