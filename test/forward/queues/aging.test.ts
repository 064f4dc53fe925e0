import { describe, expect, it } from '@jest/globals';
import { setUpBench } from '../forwarding-bench.ts';
import { createTarget } from '../scripted-target.ts';

const MINUTE = 60_000;

describe('an event that cannot be delivered for long', () => {
  it('is a dead letter after maxAgeMinutes, and those inside it arrive in order after an outage of an hour', () => {
    let isDown = true;
    const bench = setUpBench(() => (isDown ? { fail: 'ECONNREFUSED' } : { answer: 200 }));
    for (let minute = 0; minute < 65; minute += 1) {
      bench.enqueue(`e${minute}`);
      bench.clock.advance(MINUTE);
    }
    isDown = false;
    bench.clock.advance(2 * MINUTE);
    const dead = bench.forwarder.deadLetters();
    expect(dead.map(({ id }) => id)).toEqual(['e0', 'e1', 'e2', 'e3', 'e4', 'e5'].slice(0, dead.length));
    expect(dead.length).toBeGreaterThanOrEqual(5);
    expect(dead[0]).toMatchObject({ type: 'EVENT_911', reason: 'not delivered within 60 min' });
    const delivered = Array.from({ length: 65 }, (_, minute) => `e${minute}`).slice(dead.length);
    expect(bench.wire.taken()).toEqual(delivered);
  });

  it('becomes one with at most 50 others at a time', () => {
    const bench = setUpBench(() => 'black hole');
    for (let n = 0; n < 180; n += 1) bench.enqueue(`e${n}`);
    bench.clock.advance(59 * MINUTE);
    const deaths = new Map<number, number>();
    for (let step = 0; step < 200_000 && deaths.size < 5; step += 10) {
      const before = bench.forwarder.status().targets[0]?.deadLetters ?? 0;
      bench.clock.advance(10);
      const added = (bench.forwarder.status().targets[0]?.deadLetters ?? 0) - before;
      if (added > 0) deaths.set(step, added);
    }
    expect(Math.max(...deaths.values())).toBeLessThanOrEqual(50);
    expect([...deaths.values()].reduce((sum, count) => sum + count)).toBe(180);
  });

  it('ages over a restart by the wall clock', () => {
    const bench = setUpBench(() => 'black hole');
    bench.enqueue('old');
    bench.clock.advance(20 * MINUTE);
    bench.restart({ downMs: 30 * MINUTE });
    bench.clock.advance(9 * MINUTE);
    expect(bench.forwarder.deadLetters()).toEqual([]);
    bench.clock.advance(2 * MINUTE);
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id: 'old' }]);
  });

  it('is no younger than new when the clock was set back meanwhile', () => {
    const bench = setUpBench(() => 'black hole');
    bench.enqueue('e');
    bench.jump(-600 * MINUTE);
    bench.restart();
    bench.clock.advance(59 * MINUTE);
    expect(bench.forwarder.deadLetters()).toEqual([]);
    bench.clock.advance(12 * MINUTE);
    expect(bench.forwarder.deadLetters()).toHaveLength(1);
  });

  it('is not given up on for ten minutes after the clock has jumped', () => {
    const bench = setUpBench(() => 'black hole');
    bench.enqueue('e');
    bench.clock.advance(58 * MINUTE);
    bench.jump(6 * MINUTE);
    bench.clock.advance(9 * MINUTE);
    expect(bench.forwarder.deadLetters()).toEqual([]);
    bench.clock.advance(3 * MINUTE);
    expect(bench.forwarder.deadLetters()).toHaveLength(1);
    expect(bench.said('warn')).toContainEqual(expect.stringContaining('clock'));
  });

  it('is given up on in time although the clock was put right by a little', () => {
    const bench = setUpBench(() => 'black hole');
    bench.enqueue('e');
    bench.clock.advance(58 * MINUTE);
    bench.jump(4 * MINUTE);
    bench.clock.advance(3 * MINUTE);
    expect(bench.forwarder.deadLetters()).toHaveLength(1);
  });

  it('is given up on by a target that is gone for good, too', () => {
    const bench = setUpBench(() => ({ answer: 410 }), { targets: [createTarget({ maxAgeMinutes: 5 })] });
    bench.enqueue('e');
    bench.clock.advance(6 * MINUTE);
    expect(bench.forwarder.deadLetters()).toMatchObject([{ reason: 'not delivered within 5 min', attempts: 1 }]);
  });
});
