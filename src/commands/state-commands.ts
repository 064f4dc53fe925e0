import { CLOSED_CALL } from '../events/catalogue/calls.ts';
import { explainNoMatch, unitLabel } from '../game/players/explain-no-match.ts';
import { matchIdentities, shownIdentity } from '../game/players/identities.ts';
import type { Players } from '../game/players/players.ts';
import type { StateView } from '../game/state/state-view.ts';
import type { Subcommand } from './command.ts';
import { firstRows, formatDuration, formatTable } from './tables.ts';

type Calls = Pick<StateView, 'callEntries' | 'emergencyCalls' | 'ageOfCall' | 'ageOfEmergencyCall' | 'getUnit'>;

const STATUSES = ['pending', 'active', 'closed'];
const LONGEST_TEXT = 40;
/** Units named of one call. */
const MAX_UNITS = 6;

/** `calls`: dispatch calls, and 911 calls that wait. */
export function createCallsCommand(state: Calls): Subcommand {
  const age = (milliseconds: number | undefined) => (milliseconds === undefined ? '-' : formatDuration(milliseconds));

  function named(idents: readonly number[]): string {
    const names = idents.slice(0, MAX_UNITS).map((ident) => state.getUnit(ident)?.data.unitNum || String(ident));
    const more = idents.length - names.length;
    return [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ') || '-';
  }

  function dispatchCalls(): string[] {
    const { rows, rest } = firstRows(state.callEntries());
    if (rows.length === 0) return ['There are no dispatch calls.'];
    const cells = rows.map(({ dispatch: { callId, status, priority, title, description, idents } }) => [
      String(callId),
      STATUSES[status] ?? String(status),
      String(priority),
      shortened(title || description),
      named(idents),
      age(state.ageOfCall(callId)),
    ]);
    return [...formatTable(['call', 'status', 'priority', 'title', 'units', 'changed'], cells), ...rest];
  }

  function emergencyCalls(): string[] {
    const { rows, rest } = firstRows(state.emergencyCalls());
    if (rows.length === 0) return ['No 911 call waits.'];
    const cells = rows.map(({ callId, isEmergency, caller, location, description }) => [
      String(callId),
      isEmergency ? '911' : '311',
      shortened(caller),
      shortened(location),
      shortened(description),
      age(state.ageOfEmergencyCall(callId)),
    ]);
    return [...formatTable(['waiting', 'kind', 'caller', 'location', 'description', 'changed'], cells), ...rest];
  }

  return {
    description: 'the dispatch calls and the 911 calls that wait',
    run: () => [...dispatchCalls(), ...emergencyCalls()],
  };
}

function shortened(text: string): string {
  const characters = [...text.slice(0, 4 * LONGEST_TEXT)];
  if (characters.length <= LONGEST_TEXT) return text === '' ? '-' : text;
  return `${characters.slice(0, LONGEST_TEXT - 1).join('')}…`;
}

export interface UnitsCommandOptions {
  readonly state: Pick<StateView, 'units' | 'callEntries' | 'playersOfUnit'>;
  /** The names of the unit statuses, from 0. */
  statusLabels(): readonly string[];
}

/** `units`: who is signed in to the CAD, on which calls, and which players they are. */
export function createUnitsCommand({ state, statusLabels }: UnitsCommandOptions): Subcommand {
  function callsByUnit(): ReadonlyMap<number, number[]> {
    const calls = new Map<number, number[]>();
    for (const { dispatch } of state.callEntries()) {
      if (dispatch.status === CLOSED_CALL) continue;
      for (const ident of dispatch.idents) calls.set(ident, [...(calls.get(ident) ?? []), dispatch.callId]);
    }
    return calls;
  }

  return {
    description: 'the units that are signed in, their calls and players',
    run() {
      const { rows, rest } = firstRows(state.units());
      if (rows.length === 0) return ['No unit is signed in, as far as events have told since the start.'];
      const calls = callsByUnit();
      const cells = rows.map(({ id, status, isPanic, isDispatch, data }) => [
        String(id),
        data.unitNum || '-',
        data.name || '-',
        [statusLabels()[status] ?? String(status), isPanic ? 'PANIC' : '', isDispatch ? 'dispatcher' : '']
          .filter((word) => word !== '')
          .join(', '),
        calls.get(id)?.join(', ') ?? '-',
        state.playersOfUnit(id).join(', ') || '-',
      ]);
      return [...formatTable(['ident', 'unit', 'name', 'status', 'calls', 'players'], cells), ...rest];
    },
  };
}

export interface PlayerCommandOptions {
  /** The command's. */
  readonly name: string;
  readonly players: Pick<Players, 'sessionOf' | 'identifiersOf' | 'linkOf'>;
  readonly state: Pick<StateView, 'units' | 'unitsOfPlayer' | 'getUnit'>;
  /** The kind of identifier by which the CAD knows players. */
  primaryIdentifier(): string;
}

const USAGE = '<id>';
/** Identities that are shown: a player has fewer than ten. */
const MAX_IDENTITIES = 30;

/** `player <id>`: which unit a player is, and why or why not. */
export function createPlayerCommand({ name, players, state, primaryIdentifier }: PlayerCommandOptions): Subcommand {
  function matches(source: number): string[] {
    const identities = players.identifiersOf(source);
    return state.unitsOfPlayer(source).flatMap((ident) => {
      const unit = state.getUnit(ident);
      if (unit === undefined) return [];
      const by = matchIdentities(unit, identities);
      const reason = by === null ? '' : `, matched by ${shownIdentity(by)}`;
      return [`Player ${source} is unit ${unitLabel(unit)}${reason}.`];
    });
  }

  function explain(source: number): string[] {
    const link = players.linkOf(source);
    const identifiers = players.identifiersOf(source).filter((identity) => identity !== link?.account);
    const known = [
      `identifiers: ${identifiers.slice(0, MAX_IDENTITIES).map(shownIdentity).join(', ') || 'none'}`,
      link === null
        ? 'CAD account: none that this server has heard of'
        : `CAD account: ${link.account}, linked with ${shownIdentity(link.identity)}`,
    ];
    const matched = matches(source);
    if (matched.length > 0) return [...matched, ...known];
    const player = { identifiers, isLinked: link !== null, primaryIdentifier: primaryIdentifier() };
    return [
      `Player ${source} is no unit.`,
      ...known,
      ...explainNoMatch(player, state.units()).map((reason) => `- ${reason}`),
    ];
  }

  return {
    usage: USAGE,
    description: 'which unit a player is, and why or why not',
    run([word = '', ...rest]) {
      if (!/^\d{1,9}$/.test(word) || rest.length > 0)
        return [
          `${name} player ${USAGE}: <id> is a server id, a number; it is in the player list of the game and of txAdmin.`,
        ];
      const source = Number(word);
      if (players.sessionOf(source) === null)
        return [`Player ${source} is not connected. Server ids are in the player list of the game and of txAdmin.`];
      return explain(source);
    },
  };
}
