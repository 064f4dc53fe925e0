import { StateBags, type StateChange } from '../state-bags.ts';
import type { Native, RuntimeHost } from '../types.ts';
import type { Entities } from './entities.ts';
import { boolResult, integerArgument, requiredText, textArgument } from './native-arguments.ts';
import type { Players } from './players.ts';

/** A function reference that the host keeps alive, called with packed arguments. */
interface HeldRef {
  call(args: Uint8Array): void;
  release(): void;
}

/** The server's state bags: a global one, and those of players and entities that are there. */
export function createServerBags(players: Players, entities: Entities, replicate: (change: StateChange) => void) {
  return new StateBags({
    replicate,
    exists(bag) {
      const { kind, id } = parseName(bag);
      if (kind === 'player') return players.find(id) !== undefined;
      return kind === 'entity' ? entities.findByNetworkId(Number(id)) !== undefined : bag === 'global';
    },
  });
}

/** Whether the game of a player may set values in a bag: in the player's own, and in those of entities that it runs. */
export function mayChange(player: number, bag: string, entities: Entities): boolean {
  const { kind, id } = parseName(bag);
  if (kind === 'player') return Number(id) === player;
  return kind === 'entity' && entities.findByNetworkId(Number(id))?.owner === player;
}

function parseName(bag: string): { readonly kind: string; readonly id: string } {
  const [kind = '', id = ''] = bag.split(':');
  return { kind, id };
}

/**
 * Natives about state bags. Values go to and from scripts as packed bytes, without a native: see `stateBags` in
 * {@link RuntimeHost}.
 */
export function stateBagNatives(
  bags: StateBags,
  holdRef: (caller: RuntimeHost, ref: string) => HeldRef,
): Record<string, Native> {
  return {
    AddStateBagChangeHandler: (caller, ...args) =>
      bags.addHandler({
        key: textArgument(args[0]) ?? '',
        bag: textArgument(args[1]) ?? '',
        owner: caller.resource.name,
        ...holdRef(caller, requiredText(args, 2)),
      }),
    RemoveStateBagChangeHandler: (_caller, ...args) => bags.removeHandler(integerArgument(args, 0)),
    StateBagHasKey: (_caller, ...args) =>
      boolResult(bags.get(requiredText(args, 0), requiredText(args, 1)) !== undefined),
    GetStateBagKeys: (_caller, ...args) => bags.keys(requiredText(args, 0)),
  };
}
