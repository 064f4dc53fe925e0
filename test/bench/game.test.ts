import { describe, expect, it } from '@jest/globals';
import { measureGame } from '../../scripts/bench/game/bench-game.ts';

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
  });
});
