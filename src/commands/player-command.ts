import type { Players } from '../players/create-players.ts';
import { explainNoMatch } from '../players/explain-no-match.ts';
import { matchIdentities } from '../players/match-identities.ts';
import { shownIdentity } from '../players/shown-identity.ts';
import { unitLabel } from '../players/unit-label.ts';
import type { StateView } from '../state/state-view.ts';
import type { Subcommand } from './create-command.ts';

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
