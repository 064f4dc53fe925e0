import type { Native, RuntimeHost } from '../types.ts';
import type { AccessControl } from './access-control.ts';
import { boolResult, floatArgument, integerArgument, requiredText, textArgument } from './native-arguments.ts';

/** `set`, `sets` (public in /info.json), `setr` (sent to clients), `seta` (kept in the user's configuration). */
export type ConvarKind = 'set' | 'sets' | 'setr' | 'seta';

/** A function reference that the host keeps alive. */
export interface HeldRef {
  call(...args: unknown[]): void;
  release(): void;
}

interface Convar {
  readonly name: string;
  value: string;
  readonly kinds: Set<ConvarKind>;
}

interface ListenerEntry {
  readonly resource: string;
  readonly filter: RegExp;
  readonly listener: HeldRef;
}

export type Convars = ReturnType<typeof createConvars>;

export function createConvars() {
  const convars = new Map<string, Convar>();
  const readers = new Map<string, Set<string>>();
  const listeners = new Map<number, ListenerEntry>();
  let nextCookie = 1;

  const find = (name: string) => convars.get(name.toLowerCase());
  const mayRead = (resource: string | null, name: string) => {
    const allowed = readers.get(name);
    return allowed === undefined || (resource !== null && allowed.has(resource));
  };
  const ofKind = (kind: ConvarKind) =>
    Object.fromEntries([...convars.values()].filter(({ kinds }) => kinds.has(kind)).map((c) => [c.name, c.value]));
  const remove = (cookie: number) => {
    const entry = listeners.get(cookie);
    if (listeners.delete(cookie)) entry?.listener.release();
  };

  return {
    /** Value without any read restriction, for the host and for tests. */
    get: (name: string): string | undefined => find(name)?.value,
    /** Name as it was first spelled. */
    spelling: (name: string): string | undefined => find(name)?.name,
    /** Value as a resource sees it; undefined when it is not set or may not be read. */
    read: (resource: string, name: string): string | undefined =>
      mayRead(resource, name) ? find(name)?.value : undefined,
    /**
     * Sets a value and adds the kind's flag; flags are never taken away by another kind.
     * @param by resource whose script causes it, null for the console: a change listener of a restricted convar hears
     * only of changes made by a resource that may read it.
     */
    set(name: string, value: string, kind: ConvarKind = 'set', by: string | null = null): void {
      const convar = find(name) ?? { name, value: '', kinds: new Set<ConvarKind>() };
      convars.set(name.toLowerCase(), convar);
      const changed = convar.value !== value;
      convar.value = value;
      convar.kinds.add(kind);
      if (!changed || !mayRead(by, convar.name)) return;
      for (const { filter, listener } of [...listeners.values()]) {
        if (filter.test(convar.name)) listener.call(convar.name, '');
      }
    },
    /** `add_convar_permission`: from now on only resources named here read it. Both names count in exact case. */
    restrictReading(resource: string, name: string): void {
      const allowed = readers.get(name) ?? new Set();
      readers.set(name, allowed.add(resource));
    },
    /**
     * @param filter glob of names (`*`; space or `+` between alternatives; case-insensitive), null for all.
     * @param listener called within the change, with the name as first spelled and a reserved argument that is always
     * empty:
     *   scripts read the new value themselves. Released when it is taken off.
     * @returns cookie for {@link removeListener}.
     */
    addListener(resource: string, filter: string | null, listener: HeldRef): number {
      const cookie = nextCookie++;
      listeners.set(cookie, { resource, filter: globPattern(filter ?? '*'), listener });
      return cookie;
    },
    removeListener: remove,
    removeListenersOf(resource: string): void {
      for (const [cookie, entry] of [...listeners]) if (entry.resource === resource) remove(cookie);
    },
    /** What /info.json shows as `vars`. */
    serverInfo: (): Record<string, string> => ofKind('sets'),
    /** What clients are sent. */
    replicated: (): Record<string, string> => ofKind('setr'),
  };
}

function globPattern(glob: string): RegExp {
  const pattern = glob
    .replace(/[.^$|()[\]{}?\\]/g, '\\$&')
    .replace(/[ +]/g, '|')
    .replaceAll('*', '.*');
  return new RegExp(`^(?:${pattern})$`, 'i');
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
      const [name, value] = [requiredText(args, 0), requiredText(args, 1)];
      accessControl.runAs(['system.console'], () => convars.set(name, value, kind, caller.resource.name));
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
    SetGameType: (_caller, ...args) => convars.set('gametype', requiredText(args, 0), 'sets'),
    SetMapName: (_caller, ...args) => convars.set('mapname', requiredText(args, 0), 'sets'),
    AddConvarChangeListener: (caller, ...args) => {
      const held = holdRef(caller, requiredText(args, 1));
      return convars.addListener(caller.resource.name, textArgument(args[0]), held);
    },
    RemoveConvarChangeListener: (_caller, ...args) => convars.removeListener(integerArgument(args, 0)),
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
