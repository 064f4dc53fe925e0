import { describe, expect, it } from '@jest/globals';
import { setUpBench } from '../forwarding-bench.ts';
import type { Behaviour } from '../scripted-target.ts';

const poisonous = (id: string): Behaviour => (id.startsWith('poison') ? { answer: 500 } : { answer: 200 });

describe('an event that a target fails over', () => {
  it('is set aside after three times, so that the 99 others are at most a minute late', () => {
    const bench = setUpBench(({ event }) => poisonous(event.id), { random: () => 0.999 });
    const sentAt = new Map<string, number>();
    for (let n = 0; n < 100; n += 1) {
      const id = n === 37 ? 'poison' : `e${n}`;
      sentAt.set(id, bench.clock.monotonic());
      bench.enqueue(id);
      bench.clock.advance(100);
    }
    bench.clock.advance(120_000);
    const taken = bench.wire.requests.filter(({ attempt }) => attempt.event.id !== 'poison');
    expect(taken.map(({ attempt }) => attempt.event.id)).toEqual([...sentAt.keys()].filter((id) => id !== 'poison'));
    for (const { at, attempt } of taken) expect(at - (sentAt.get(attempt.event.id) ?? 0)).toBeLessThan(60_000);
  });

  it('goes on alone, and is a dead letter after seven more', () => {
    const bench = setUpBench(({ event }) => poisonous(event.id));
    bench.enqueue('poison');
    bench.enqueue('e1');
    bench.clock.advance(15_000);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 1, setAside: 1, state: 'open' });
    bench.clock.advance(10 * 60_000);
    const attempts = bench.wire.requests.filter(({ attempt }) => attempt.event.id === 'poison');
    expect(attempts).toHaveLength(10);
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id: 'poison', target: 'bot', attempts: 10 }]);
    expect(bench.forwarder.status().targets[0]).toMatchObject({
      queued: 0,
      deadLetters: 1,
      counts: { deadLettered: 1 },
    });
    const lines = bench.log.lines.filter(({ fields }) => fields.id === 'poison' && fields.status === 500);
    expect(lines.map(({ fields }) => fields.attempt)).toEqual([
      1,
      2,
      3,
      '4/10',
      '5/10',
      '6/10',
      '7/10',
      '8/10',
      '9/10',
      '10/10',
    ]);
  });

  it('is delivered out of order when the target gets over it', () => {
    let isPoison = true;
    const bench = setUpBench(({ event }) => (isPoison ? poisonous(event.id) : { answer: 200 }));
    for (const id of ['poison', 'e1', 'e2']) bench.enqueue(id);
    bench.clock.advance(15_000);
    isPoison = false;
    bench.clock.advance(60_000);
    expect(bench.wire.taken()).toEqual(['e1', 'e2', 'poison']);
    expect(bench.said('warn')).toContainEqual(expect.stringContaining('set aside'));
  });

  it('is not to blame when the next one fails too: it goes first again, and the queue is paused', () => {
    let isDown = true;
    const bench = setUpBench(() => ({ answer: isDown ? 502 : 200 }));
    for (const id of ['e0', 'e1', 'e2']) bench.enqueue(id);
    bench.clock.advance(3_000);
    expect(bench.wire.requests.map(({ attempt }) => attempt.event.id)).toEqual(['e0', 'e0', 'e0', 'e1']);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ state: 'parked', queued: 3, setAside: 0 });
    isDown = false;
    bench.clock.advance(60_000);
    expect(bench.wire.taken()).toEqual(['e0', 'e1', 'e2']);
  });

  it('is found out even when the target was down first', () => {
    let isDown = true;
    const bench = setUpBench(({ event }) => (isDown ? { answer: 502 } : poisonous(event.id)));
    bench.enqueue('poison');
    bench.enqueue('e1');
    bench.clock.advance(10 * 60_000);
    isDown = false;
    bench.clock.advance(3 * 60_000);
    expect(bench.wire.taken()).toEqual(['e1']);
  });

  it('stays set aside over a restart, with the attempts that it has left', () => {
    const bench = setUpBench(({ event }) => poisonous(event.id));
    for (const id of ['poison', 'e1']) bench.enqueue(id);
    bench.clock.advance(40_000);
    const before = bench.wire.requests.length;
    bench.restart({ kill: true });
    expect(bench.wire.taken()).toEqual(['e1']);
    bench.enqueue('e2');
    bench.clock.advance(20 * 60_000);
    expect(bench.wire.taken()).toEqual(['e1', 'e2']);
    expect(bench.wire.requests.length - before).toBeLessThan(10);
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id: 'poison' }]);
    expect([...bench.store.values.keys()].filter((key) => /^[oa]\//.test(key))).toEqual([]);
  });

  it('burns no attempt while the target is down', () => {
    let isDown = false;
    const bench = setUpBench(({ event }) => (isDown ? { fail: 'ECONNREFUSED' } : poisonous(event.id)));
    for (const id of ['poison', 'e1']) bench.enqueue(id);
    bench.clock.advance(20_000);
    isDown = true;
    bench.clock.advance(20 * 60_000);
    expect(bench.forwarder.deadLetters()).toEqual([]);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ setAside: 1, state: 'parked' });
    isDown = false;
    bench.clock.advance(10 * 60_000);
    expect(bench.forwarder.deadLetters()).toEqual([]);
    bench.enqueue('e2');
    bench.clock.advance(10 * 60_000);
    expect(bench.wire.taken()).toEqual(['e1', 'e2']);
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id: 'poison' }]);
  });
});
