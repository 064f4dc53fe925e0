import type { Access, AccessControl } from './access-control.ts';
import type { CommandHandler, Commands } from './commands.ts';
import type { ConvarKind, Convars } from './convars.ts';
import type { Permissions } from './permissions.ts';

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

  const duringSetup = (name: string, done: boolean) => {
    if (!done) print(`Warning: ${name} is only executable before the server finished execution.`);
  };
  define('add_filesystem_permission', 3, (source = '', access, target = '') => {
    if (access !== 'read' && access !== 'write') return;
    duringSetup('add_filesystem_permission', permissions.allowFilesystem(source, access, target));
  });
  define('add_unsafe_child_process_permission', 1, (resource = '') =>
    duringSetup('add_unsafe_child_process_permission', permissions.allowChildProcess(resource)),
  );
  define('add_unsafe_worker_permission', 1, (resource = '') =>
    duringSetup('add_unsafe_worker_permission', permissions.allowWorker(resource)),
  );

  define('exec', 1, (path = '') => {
    const config = services.readConfig(path);
    if (config === null) print(`No such config file: ${path}`);
    else commands.run(config);
  });
}
