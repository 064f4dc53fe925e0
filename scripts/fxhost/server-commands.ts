import type { Commands } from './natives/commands.ts';
import type { Players } from './natives/players.ts';
import type { Lifecycle } from './resource-lifecycle.ts';

interface Services {
  readonly commands: Commands;
  readonly players: Players;
  readonly lifecycle: Lifecycle;
  refresh(): void;
  quit(): void;
  print(text: string): void;
}

/** Console commands about resources, players and the server itself. */
export function registerServerCommands({ commands, players, lifecycle, refresh, quit, print }: Services): void {
  for (const name of ['start', 'stop', 'restart', 'ensure'] as const) {
    commands.define(name, (_source, [resource = '']) => void lifecycle[name](resource), 1);
  }
  commands.define('refresh', refresh, 0);
  commands.define('quit', quit);
  commands.define('players', () => {
    print(`${players.list().length} players`);
    for (const { id, name, identifiers } of players.list()) print(`${id} ${name} ${identifiers.join(' ')}`);
  });
  commands.define('help', () => print(commands.names().sort().join(' ')));
}
