import type { AccessControl } from './access-control.ts';
import { splitCommands, tokenize } from './console-line.ts';
import type { Convars } from './convars.ts';

/**
 * @param source id of the player who typed it, 0 for the console and for resources.
 * @param args words after the command's name.
 * @param raw the whole command as typed, its name included.
 */
export type CommandHandler = (source: number, args: string[], raw: string) => void;

export interface Commands {
  /** Adds a command of the server itself. @param arity how many words it takes, any number when undefined. */
  define(name: string, handler: CommandHandler, arity?: number): void;
  /**
   * `RegisterCommand`: lets the resource run it, and everybody unless restricted. A name that exists already keeps its
   * owner and its access; if a resource registered it under exactly this spelling, the handler is replaced.
   */
  register(resource: string, name: string, handler: CommandHandler, restricted: boolean): void;
  /** Removes the commands a resource owns, and the access that came with them. */
  unregisterAllOf(resource: string): void;
  /** Names of all commands; convars, each of which runs as a command too, are left out. */
  names(): string[];
  /** Runs one command for whoever runs now; see {@link AccessControl.runAs}. */
  execute(line: string, options?: { readonly source?: number }): void;
  /** Runs text of several lines or commands between `;`. */
  run(text: string): void;
}

interface Entry {
  readonly name: string;
  readonly owner: string | null;
  handler: CommandHandler;
  readonly arity: number | undefined;
  readonly unregister: () => void;
}

export function createCommands(services: {
  readonly accessControl: AccessControl;
  readonly convars: Convars;
  print(text: string): void;
}): Commands {
  const { accessControl, convars, print } = services;
  const entries = new Map<string, Entry>();

  const convarCommand = (typed: string): Entry | undefined => {
    const name = convars.spelling(typed);
    if (name === undefined) return undefined;
    const handler: CommandHandler = (_source, args) => {
      if (args[0] === undefined) print(` "${name}" is "${convars.get(name)}"`);
      else convars.set(name, args[0]);
    };
    return { name, owner: null, handler, arity: undefined, unregister: () => {} };
  };

  const execute = (line: string, source: number) => {
    const [name, ...args] = tokenize(line);
    if (name === undefined) return;
    const entry = entries.get(name.toLowerCase()) ?? convarCommand(name);
    if (entry === undefined) {
      // A player who mistypes is not worth a line on the server's console.
      if (source === 0) print(`No such command ${name}.`);
    } else if (!accessControl.currentMay(`command.${name}`)) {
      print(`Access denied for command ${name}.`);
    } else if (entry.arity !== undefined && entry.arity !== args.length) {
      print(`Argument count mismatch (passed ${args.length}, wanted ${entry.arity})`);
    } else {
      entry.handler(source, args, line);
    }
  };

  return {
    define(name, handler, arity) {
      entries.set(name.toLowerCase(), { name, owner: null, handler, arity, unregister: () => {} });
    },
    register(resource, name, handler, restricted) {
      const known = entries.get(name.toLowerCase());
      if (known !== undefined && known.owner !== null && known.name === name) known.handler = handler;
      if (known !== undefined || convars.spelling(name) !== undefined) return;

      const object = `command.${name}`;
      const principals = restricted ? [`resource.${resource}`] : [`resource.${resource}`, 'builtin.everyone'];
      for (const principal of principals) accessControl.addAce(principal, object, 'allow');
      const unregister = () => {
        entries.delete(name.toLowerCase());
        for (const principal of principals) accessControl.removeAce(principal, object, 'allow');
      };
      entries.set(name.toLowerCase(), { name, owner: resource, handler, arity: undefined, unregister });
    },
    unregisterAllOf(resource) {
      for (const entry of [...entries.values()]) if (entry.owner === resource) entry.unregister();
    },
    names: () => [...entries.values()].map(({ name }) => name),
    execute: (line, options = {}) => execute(line, options.source ?? 0),
    run(text) {
      for (const command of splitCommands(text)) execute(command, 0);
    },
  };
}
