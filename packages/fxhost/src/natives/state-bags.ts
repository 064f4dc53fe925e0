import type { StateBags } from '../state-bags.ts';
import type { Native, RuntimeHost } from '../types.ts';
import { boolResult, integerArgument, requiredText, textArgument } from './native-arguments.ts';

/** A function reference that the host keeps alive, called with packed arguments. */
interface HeldRef {
  call(args: Uint8Array): void;
  release(): void;
}

/**
 * Natives about state bags. Values themselves go to and from scripts as packed bytes, past the natives: see `stateBags` of
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
    StateBagHasKey: (_caller, ...args) => boolResult(bags.get(requiredText(args, 0), requiredText(args, 1)) !== undefined),
    GetStateBagKeys: (_caller, ...args) => bags.keys(requiredText(args, 0)),
  };
}
