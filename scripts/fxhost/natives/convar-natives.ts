import type { Native, RuntimeHost } from '../types.ts';
import type { AccessControl } from './access-control.ts';
import type { ConvarKind, Convars } from './convars.ts';
import { boolResult, floatArgument, integerArgument, requiredText, textArgument } from './native-arguments.ts';

/** A function reference that the host keeps alive. */
export interface HeldRef {
  call(...args: unknown[]): void;
  release(): void;
}

/** Natives that read, write and watch convars. */
export function convarNatives(services: {
  readonly convars: Convars;
  readonly accessControl: AccessControl;
  holdRef(caller: RuntimeHost, ref: string): HeldRef;
}): Record<string, Native> {
  const { convars, accessControl, holdRef } = services;

  /** Scripts set convars as `system.console`, so listeners they wake run as that, too. */
  const setter =
    (kind: ConvarKind): Native =>
    (caller, ...args) => {
      const name = requiredText(args, 0);
      const value = requiredText(args, 1);
      accessControl.runAs(['system.console'], () => convars.set(name, value, kind, caller.resource.name));
      return null;
    };
  const read = (caller: RuntimeHost, args: readonly unknown[]) =>
    convars.read(caller.resource.name, requiredText(args, 0));

  return {
    GetConvar: (caller, ...args) => read(caller, args) ?? textArgument(args[1]),
    GetConvarInt: (caller, ...args) => parseInteger(read(caller, args)) ?? integerArgument(args, 1),
    GetConvarFloat: (caller, ...args) => parseFloat32(read(caller, args)) ?? floatArgument(args, 1),
    GetConvarBool: (caller, ...args) =>
      boolResult((parseInteger(read(caller, args)) ?? integerArgument(args, 1)) !== 0),
    SetConvar: setter('set'),
    SetConvarReplicated: setter('setr'),
    SetConvarServerInfo: setter('sets'),
    AddConvarChangeListener: (caller, ...args) => {
      const ref = holdRef(caller, requiredText(args, 1));
      return convars.addListener(caller.resource.name, textArgument(args[0]), {
        // The second argument is reserved and always empty: scripts read the new value themselves.
        changed: (name) => ref.call(name, ''),
        release: () => ref.release(),
      });
    },
    RemoveConvarChangeListener: (_caller, ...args) => {
      convars.removeListener(integerArgument(args, 0));
      return null;
    },
  };
}

/** C++ `stoi`: leading whitespace, a sign, digits, and whatever follows; null where that throws. */
function parseInteger(value: string | undefined): number | null {
  const text = value?.toLowerCase();
  if (text === 'true') return 1;
  if (text === 'false') return 0;
  const digits = /^\s*([+-]?\d+)/.exec(text ?? '')?.[1];
  const number = Number(digits);
  return digits === undefined || number !== (number | 0) ? null : number;
}

/** C++ `stof` for decimal numbers; null where that throws, which includes `true`. */
function parseFloat32(value: string | undefined): number | null {
  const digits = /^\s*([+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?)/i.exec(value ?? '')?.[1];
  const number = Math.fround(Number(digits));
  return digits === undefined || !Number.isFinite(number) ? null : number;
}
