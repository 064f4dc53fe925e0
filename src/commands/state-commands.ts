import { explainNoMatch, unitLabel } from '../game/players/explain-no-match.ts';
import { matchIdentities, shownIdentity } from '../game/players/identities.ts';
import { formatDurationCell, formatFirstRows } from './console-text.ts';
import type { OperatorParts, Subcommand } from './subcommand.ts';

const STATUSES = ['pending', 'active', 'closed'];
const LONGEST_TEXT = 40;
/** Units named of one call. */
const MAX_UNITS = 6;

/** `calls`: dispatch calls, and 911 calls that wait. */
export function createCallsCommand({ game }: Pick<OperatorParts, 'game'>): Subcommand {
  const { state } = game;

  function named(idents: readonly number[]): string {
    const names = idents.slice(0, MAX_UNITS).map((ident) => state.getUnit(ident)?.data.unitNum || String(ident));
    const more = idents.length - names.length;
    return [...names, ...(more > 0 ? [`${more} more`] : [])].join(', ');
  }

  function dispatchCalls(): string[] {
    const calls = state.callEntries().map(({ dispatch }) => dispatch);
    if (calls.length === 0) return ['There are no dispatch calls.'];
    return formatFirstRows(calls, {
      call: ({ callId }) => callId,
      status: ({ status }) => STATUSES[status] ?? status,
      priority: ({ priority }) => priority,
      title: ({ title, description }) => shortened(title || description),
      units: ({ idents }) => named(idents),
      changed: ({ callId }) => formatDurationCell(state.ageOfCall(callId)),
    });
  }

  function emergencyCalls(): string[] {
    const calls = state.emergencyCalls();
    if (calls.length === 0) return ['No 911 call waits.'];
    return formatFirstRows(calls, {
      waiting: ({ callId }) => callId,
      kind: ({ isEmergency }) => (isEmergency ? '911' : '311'),
      caller: ({ caller }) => shortened(caller),
      location: ({ location }) => shortened(location),
      description: ({ description }) => shortened(description),
      changed: ({ callId }) => formatDurationCell(state.ageOfEmergencyCall(callId)),
    });
  }

  return {
    description: 'the dispatch calls and the waiting 911 calls',
    run: () => [...dispatchCalls(), ...emergencyCalls()],
  };
}

function shortened(text: string): string {
  const characters = [...text.slice(0, 4 * LONGEST_TEXT)];
  return characters.length <= LONGEST_TEXT ? text : `${characters.slice(0, LONGEST_TEXT - 1).join('')}…`;
}

/** `units`: who is signed in to the CAD, on which calls, and which players they are. */
export function createUnitsCommand({ game, live }: Pick<OperatorParts, 'game' | 'live'>): Subcommand {
  const { state } = game;
  return {
    description: 'the units that are signed in, their calls and players',
    run() {
      const units = state.units();
      if (units.length === 0) return ['No unit is signed in, as far as events have told since the start.'];
      const { statusLabels } = live.current();
      return formatFirstRows(units, {
        ident: ({ id }) => id,
        unit: ({ data }) => data.unitNum,
        name: ({ data }) => data.name,
        status: ({ status, isPanic, isDispatch }) =>
          `${statusLabels[status] ?? status}${isPanic ? ', PANIC' : ''}${isDispatch ? ', dispatcher' : ''}`,
        calls: ({ id }) => state.callsOfUnit(id).join(', '),
        players: ({ id }) => state.playersOfUnit(id).join(', '),
      });
    },
  };
}

const USAGE = '<id>';
/** Identities that are shown: a player has fewer than ten. */
const MAX_IDENTITIES = 30;

/** `player <id>`: which unit a player is, and why or why not. */
export function createPlayerCommand({ name, game, live }: Pick<OperatorParts, 'name' | 'game' | 'live'>): Subcommand {
  const { state, players } = game;

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
        ? 'CAD account: none that this server knows of'
        : `CAD account: ${link.account}, linked with ${shownIdentity(link.identity)}`,
    ];
    const matched = matches(source);
    if (matched.length > 0) return [...matched, ...known];
    const player = { identifiers, isLinked: link !== null, primaryIdentifier: live.current().primaryIdentifier };
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
