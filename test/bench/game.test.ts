import { describe, expect, it } from '@jest/globals';
import { bench } from '../../scripts/bench/bench.ts';
import { measureGame } from '../../scripts/bench/game/measure-game.ts';

describe('npm run bench -- game', () => {
  it('puts the same through at each size: an event reaches as many scripts and players however many units there are', () => {
    const sizes = [10, 50, 400].map((units) => ({ units, players: 200 }));
    const costs = measureGame(sizes, { events: 400, warmup: 200 });
    expect(costs.map(({ size }) => size)).toEqual(sizes);
    const [first] = costs;
    for (const { p50, p99, cpu, byType, done } of costs) {
      for (const figure of [p50, p99, cpu, ...byType.map((type) => type.p50)]) expect(figure).toBeGreaterThan(0);
      expect(done).toEqual(first?.done);
      expect(done.subscriber).toBe(1);
      expect(done.local).toBeGreaterThan(3);
      expect(done.net).toBeGreaterThan(2);
    }
  }, 60_000);

  it('prints the figures of three sizes and says for each goal whether it is reached', async () => {
    const lines: string[] = [];
    await bench(['game', '--events', '200', '--warmup', '200'], (line) => lines.push(line));
    const row = lines.find((line) => line.startsWith('p50')) ?? '';
    const [least = 0, , most = 0, ratio] = (row.match(/\d+\.\d+/g) ?? []).map(Number);
    expect(least).toBeGreaterThan(0);
    expect(ratio).toBeCloseTo(most / least, 0);
    const goals = lines.slice(lines.indexOf('\nGoals') + 1);
    expect(goals).toEqual([
      expect.stringMatching(/^(reached|MISSED ) {2}10,000 \/ 10 at p50 {2}\d+\.\d\d \(at most 1\.5\)$/),
      expect.stringMatching(/^(reached|MISSED ) {2}10,000 \/ 10 in CPU {2}\d+\.\d\d \(at most 1\.5\)$/),
    ]);
  }, 60_000);
});
