import type { Native } from '../types.ts';
import type { Access, AccessControl, Permissions } from './access-control.ts';
import { splitCommands, tokenize } from './console-line.ts';
import type { ConvarKind, Convars } from './convars.ts';
import { boolResult, integerArgument, requiredText } from './native-arguments.ts';
import type { Players } from './players.ts';

/**
 * @param source id of the player who typed it, 0 for the console and for resources.
 * @param args words after the command's name.
 * @param raw the whole command as typed, its name included.
 */
type CommandHandler = (source: number, args: string[], raw: string) => void;

interface Entry {
  readonly name: string;
  handler: CommandHandler;
  /** How many words it takes; any number unless given. */
  readonly arity?: number | undefined;
  /** The resource that registered it. */
  readonly owner?: string;
  /** Takes it off, and the access that came with it. */
  readonly unregister?: () => void;
}

type Commands = ReturnType<typeof createCommands>;

export function createCommands(services: {
  readonly accessControl: AccessControl;
  readonly convars: Convars;
  print(text: string): void;
  /** Offers a command that nobody registered to scripts. @returns whether one of them has run it */
  offer(name: string, args: readonly string[], line: string, source: number): boolean;
}) {
  const { accessControl, convars, print, offer } = services;
  const entries = new Map<string, Entry>();

  const convarCommand = (typed: string): Entry | undefined => {
    const name = convars.spelling(typed);
    if (name === undefined) return undefined;
    const handler: CommandHandler = (_source, args) => {
      if (args[0] === undefined) print(` "${name}" is "${convars.get(name)}"`);
      else convars.set(name, args[0]);
    };
    return { name, handler };
  };

  const execute = (line: string, source: number) => {
    const [name, ...args] = tokenize(line);
    if (name === undefined) return;
    const entry = entries.get(name.toLowerCase()) ?? convarCommand(name);
    if (entry === undefined) {
      // A player who mistypes is not worth a line on the server's console.
      if (!offer(name, args, line, source) && source === 0) print(`No such command ${name}.`);
    } else if (!accessControl.currentMay(`command.${name}`)) {
      print(`Access denied for command ${name}.`);
    } else if (entry.arity !== undefined && entry.arity !== args.length) {
      print(`Argument count mismatch (passed ${args.length}, wanted ${entry.arity})`);
    } else {
      entry.handler(source, args, line);
    }
  };

  return {
    /** Adds a command of the server itself. @param arity how many words it takes, any number unless given */
    define: (name: string, handler: CommandHandler, arity?: number): void =>
      void entries.set(name.toLowerCase(), { name, handler, arity }),
    /**
     * `RegisterCommand`: lets the resource run it, and all others unless restricted. A name that exists already keeps
     * its owner and its access; if a resource registered it under exactly this spelling, the handler is replaced.
     */
    register(resource: string, name: string, handler: CommandHandler, restricted: boolean): void {
      const known = entries.get(name.toLowerCase());
      if (known?.owner !== undefined && known.name === name) known.handler = handler;
      if (known !== undefined || convars.spelling(name) !== undefined) return;

      const object = `command.${name}`;
      const principals = restricted ? [`resource.${resource}`] : [`resource.${resource}`, 'builtin.everyone'];
      for (const principal of principals) accessControl.addAce(principal, object, 'allow');
      const unregister = () => {
        entries.delete(name.toLowerCase());
        for (const principal of principals) accessControl.removeAce(principal, object, 'allow');
      };
      entries.set(name.toLowerCase(), { name, handler, owner: resource, unregister });
    },
    /** Removes the commands a resource owns, and the access that came with them. */
    unregisterAllOf(resource: string): void {
      for (const entry of [...entries.values()]) if (entry.owner === resource) entry.unregister?.();
    },
    /** Names of all commands; convars, each of which runs as a command too, are left out. */
    names: (): string[] => [...entries.values()].map(({ name }) => name),
    /** Runs one command as the principals that run now; see {@link AccessControl.runAs}. */
    execute: (line: string, { source = 0 } = {}): void => execute(line, source),
    /** Runs text of several lines or commands between `;`. */
    run(text: string): void {
      for (const command of splitCommands(text)) execute(command, 0);
    },
  };
}

/** Natives for commands and for asking who may do what. */
export function commandNatives(services: {
  readonly commands: Commands;
  readonly accessControl: AccessControl;
  readonly players: Players;
  callRef(ref: string, args: readonly unknown[]): void;
}): Record<string, Native> {
  const { commands, accessControl, players, callRef } = services;

  return {
    RegisterCommand: (caller, ...args) => {
      const name = requiredText(args, 0);
      // FXServer keeps the text of the reference only, and never frees it while the resource runs.
      const ref = requiredText(args, 1);
      const restricted = integerArgument(args, 2) !== 0;
      const handler = (source: number, words: string[], raw: string) => callRef(ref, [source, words, raw]);
      commands.register(caller.resource.name, name, handler, restricted);
    },
    ExecuteCommand: (caller, ...args) =>
      accessControl.runAs([`resource.${caller.resource.name}`], () => commands.execute(requiredText(args, 0))),
    GetRegisteredCommands: () => commands.names().map((name) => ({ name })),
    IsAceAllowed: (_caller, ...args) => boolResult(accessControl.currentMay(requiredText(args, 0))),
    IsPrincipalAceAllowed: (_caller, ...args) =>
      boolResult(accessControl.principalMay(requiredText(args, 0), requiredText(args, 1))),
    IsPlayerAceAllowed: (_caller, ...args) => {
      const player = players.find(requiredText(args, 0));
      if (player === undefined) return false;
      const object = requiredText(args, 1);
      return boolResult(accessControl.anyMay(players.principalsOf(player), object));
    },
  };
}

/** Defines the commands that a server.cfg is made of; those that start and stop resources are the host's. */
export function registerBuiltinCommands(services: {
  readonly accessControl: AccessControl;
  readonly commands: Commands;
  readonly convars: Convars;
  readonly permissions: Permissions;
  print(text: string): void;
  /** Text of a cfg file, `@resource/file.cfg` or relative to the server's data folder; null when there is none. */
  readConfig(path: string): string | null;
}): void {
  const { accessControl, commands, convars, permissions, print } = services;
  const define = (name: string, arity: number, run: (...args: string[]) => void) =>
    commands.define(name, (_source, args) => run(...args), arity);

  const kinds: readonly ConvarKind[] = ['set', 'sets', 'setr', 'seta'];
  for (const kind of kinds) define(kind, 2, (name = '', value = '') => convars.set(name, value, kind));
  define('add_convar_permission', 3, (resource = '', operation, name = '') => {
    if (operation === 'read') convars.restrictReading(resource, name);
  });

  const ace = (change: (principal: string, object: string, access: Access) => void): CommandHandler => {
    return (_source, [principal = '', object = '', access]) => {
      if (access === 'allow' || access === 'deny') change(principal, object, access);
      else print("Access type needs to be 'allow' or 'deny'.");
    };
  };
  commands.define('add_ace', ace(accessControl.addAce), 3);
  commands.define('remove_ace', ace(accessControl.removeAce), 3);
  define('add_principal', 2, (child = '', parent = '') => accessControl.addPrincipal(child, parent));
  define('remove_principal', 2, (child = '', parent = '') => accessControl.removePrincipal(child, parent));
  define('test_ace', 2, (principal = '', object = '') =>
    print(`${principal} -> ${object} = ${accessControl.principalMay(principal, object)}`),
  );

  const allow = (command: string, ...permission: Parameters<Permissions['allow']>) => {
    if (!permissions.allow(...permission))
      print(`Warning: ${command} is only executable before the server finished execution.`);
  };
  define('add_filesystem_permission', 3, (source = '', access, target = '') => {
    if (access === 'read' || access === 'write') allow('add_filesystem_permission', access, source, target);
  });
  for (const what of ['child process', 'worker'] as const) {
    const command = `add_unsafe_${what.replace(' ', '_')}_permission`;
    define(command, 1, (resource = '') => allow(command, what, resource));
  }

  define('exec', 1, (path = '') => {
    const config = services.readConfig(path);
    if (config === null) print(`No such config file: ${path}`);
    else commands.run(config);
  });
}
