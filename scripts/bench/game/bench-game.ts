import type { BenchOptions } from '../bench-options.ts';
import { describeGoals } from '../goals.ts';
import { table } from '../table.ts';
import type { GameSize } from './game-events.ts';
import { type GameCost, measureGame } from './measure-game.ts';

const PLAYERS = 2_000;
const UNITS = [10, 1_000, 10_000];

/** What dispatching an event costs however many units and calls there are. */
export async function benchGame({ events, warmup }: BenchOptions, print: (line: string) => void): Promise<void> {
  const sizes = UNITS.map((units): GameSize => ({ units, players: PLAYERS }));
  print(`State, subscribers, net events and notifications, without the game server; ${PLAYERS} players`);
  print('Every event is about units whose players are connected, and reaches as many of them at each size');
  const costs = measureGame(sizes, { events, warmup });

  print(`\nDispatching one event, µs (${events} events after ${warmup} of each size, taking turns)`);
  for (const line of costTable(costs)) print(line);

  const [least, most] = [costs[0], costs.at(-1)] as [GameCost, GameCost];
  print('\nGoals');
  const goals = describeGoals([
    { name: '10,000 / 10 at p50', value: most.p50 / least.p50, unit: '', atMost: 1.5 },
    { name: '10,000 / 10 in CPU', value: most.cpu / least.cpu, unit: '', atMost: 1.5 },
  ]);
  for (const line of goals) print(line);
}

function costTable(costs: readonly GameCost[]): string[] {
  const row = (name: string, figure: (cost: GameCost) => number) => {
    const figures = costs.map(figure);
    return [name, ...figures.map((value) => value.toFixed(1)), ((figures.at(-1) ?? 0) / (figures[0] ?? 0)).toFixed(2)];
  };
  const types = costs[0]?.byType.map(({ type }) => type) ?? [];
  return table([
    ['units and calls', ...costs.map(({ size }) => String(size.units)), 'ratio'],
    row('p50', ({ p50 }) => p50),
    row('p99', ({ p99 }) => p99),
    row('CPU', ({ cpu }) => cpu),
    ...types.map((type, index) => row(`  ${type}`, ({ byType }) => byType[index]?.p50 ?? Number.NaN)),
    row('subscriber calls an event', ({ done }) => done.subscriber),
    row('local events an event', ({ done }) => done.local),
    row("events to players' games", ({ done }) => done.net),
  ]);
}
