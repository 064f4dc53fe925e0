import { describe, expect, it } from '@jest/globals';
import { setUpBench } from './forwarding-bench.ts';
import { createMemoryStore } from './memory-store.ts';
import { createTarget } from './scripted-target.ts';

const eventKeys = (bench: ReturnType<typeof setUpBench>) =>
  [...bench.store.values.keys()].filter((key) => key.startsWith('o/'));

describe('a restart', () => {
  it('goes on where it was, whether the process was stopped or killed', () => {
    for (const kill of [false, true]) {
      const bench = setUpBench(() => ({ answer: 200, afterMs: 100 }));
      for (let n = 0; n < 10; n += 1) bench.enqueue(`e${n}`);
      bench.clock.advance(450);
      bench.restart({ kill });
      bench.enqueue('e10');
      bench.clock.advance(5_000);
      const ids = bench.wire.requests.filter(({ cancelled }) => !cancelled).map(({ attempt }) => attempt.event.id);
      expect(ids).toEqual(Array.from({ length: 11 }, (_, n) => `e${n}`));
      expect(eventKeys(bench)).toEqual([]);
    }
  });

  it('reads keys and a few short records, no bodies, and gives back what the search holds', () => {
    const bench = setUpBench(() => 'black hole');
    for (let n = 0; n < 500; n += 1) bench.enqueue(`e${n}`);
    bench.clock.advance(1);
    const before = bench.store.reads.length;
    bench.restart();
    bench.clock.advance(0);
    const read = bench.store.reads.slice(before).filter((key) => key.startsWith('o/'));
    expect(read.length).toBeLessThanOrEqual(1); // the one that is sent
    expect(bench.store.openWalks).toBe(0);
    expect(bench.forwarder.status()).toMatchObject({
      recovering: false,
      targets: [{ queued: 500, counts: { recovered: 500 } }],
    });
  });

  it('does not begin to count anew when nothing waits', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    bench.enqueue('e0');
    bench.clock.advance(100);
    const record = () => JSON.parse(bench.store.values.get('c/bot/0') ?? '{}') as { seq: number };
    const before = record().seq;
    bench.restart();
    bench.enqueue('e1');
    bench.clock.advance(100);
    expect(record().seq).toBeGreaterThan(before);
  });

  it('takes events while it searches, and keeps their order', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    for (let n = 0; n < 300; n += 1) bench.enqueue(`e${String(n).padStart(3, '0')}`);
    bench.restart();
    bench.enqueue('later');
    expect(bench.forwarder.status().recovering).toBe(true);
    bench.clock.advance(5_000);
    expect(bench.wire.taken()).toHaveLength(301);
    expect(bench.wire.taken()).toEqual([...bench.wire.taken()].sort());
  });

  it('finds the last number by searching when the store does not say it', () => {
    const bench = setUpBench(() => 'black hole');
    for (const id of ['e0', 'e1']) bench.enqueue(id);
    bench.clock.advance(1);
    bench.store.values.delete('n');
    bench.restart();
    bench.enqueue('e2');
    bench.clock.advance(1);
    expect(eventKeys(bench).map((key) => key.split('/').at(-1))).toEqual(['e0', 'e1', 'e2']);
    expect(new Set(eventKeys(bench).map((key) => key.split('/')[1])).size).toBe(3);
  });

  it('tries again while the store cannot be searched', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    bench.enqueue('e0');
    bench.store.walksLeft = 2; // the queues, and the first of three
    bench.restart();
    bench.clock.advance(500);
    expect(bench.forwarder.status().recovering).toBe(true);
    bench.store.walksLeft = 100;
    bench.clock.advance(2_000);
    expect(bench.wire.taken()).toEqual(['e0']);
  });

  it.each([undefined, null, 'text'])(
    'goes on when a search of the store ends with %p instead of an error',
    (thrown) => {
      const bench = setUpBench(() => ({ answer: 200 }));
      const { keys } = bench.store;
      const refuse = (prefix: string) => {
        bench.store.keys = (wanted) => {
          if (wanted === prefix) throw thrown;
          return keys(wanted);
        };
      };
      const reason = thrown ?? 'no reason given';
      refuse('a/');
      bench.restart();
      bench.clock.advance(500);
      expect(bench.log.lines).toMatchObject([{ level: 'error', fields: { reason } }]);
      // Then without knowing the last number, so that it has to be searched at once.
      bench.store.values.delete('n');
      bench.restart();
      expect(bench.forwarder.status().store.unusedBecause).toBe(reason);
      refuse('c/');
      bench.restart();
      expect(bench.forwarder.status().store.unusedBecause).toBe(reason);
      bench.enqueue('e');
      bench.clock.advance(1_000);
      expect(bench.wire.taken()).toEqual(['e']);
    },
  );

  it('sends what was put back, and writes nothing after the stop', () => {
    const bench = setUpBench(() => 'hang');
    bench.enqueue('e0');
    bench.clock.advance(100);
    bench.forwarder.stop();
    expect(bench.wire.underWay).toBe(0);
    expect(bench.store.flushes).toBeGreaterThan(0);
    const before = bench.store.changes.length;
    bench.enqueue('e1');
    bench.clock.advance(100_000);
    expect(bench.store.changes).toHaveLength(before);
    expect(bench.clock.waiting).toBe(0);
  });

  it('does not bring back what a queue was done with out of order', () => {
    const bench = setUpBench(
      ({ target, event }) => {
        if (target.name === 'b') return 'black hole';
        return event.type === 'EVENT_911' ? 'hang' : { answer: 400, body: 'Invalid Type' };
      },
      { targets: [createTarget({ name: 'a' }), createTarget({ name: 'b' })] },
    );
    bench.enqueue('e0');
    bench.clock.advance(60_000);
    bench.enqueue('e1');
    bench.enqueue('e2', { type: 'EVENT_TONE' });
    bench.clock.advance(5_000);
    expect(bench.forwarder.status().targets).toMatchObject([
      { silent: true, queued: 1, counts: { unwanted: 1 } },
      { queued: 3 },
    ]);
    bench.restart();
    bench.clock.advance(20_000);
    expect(bench.forwarder.status().targets).toMatchObject([
      { counts: { recovered: 1 } },
      { counts: { recovered: 3 } },
    ]);
    const toA = bench.wire.requests.filter(({ attempt }) => attempt.target.name === 'a' && !attempt.probe);
    expect(toA.map(({ attempt }) => attempt.event.id)).toEqual(['e0', 'e1', 'e2', 'e1']);
  });

  it('clears away what a process left that died before it had removed it', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    bench.enqueue('e0');
    const [key = ''] = eventKeys(bench);
    const value = bench.store.values.get(key) ?? '';
    bench.clock.advance(100);
    bench.store.values.set(key, value);
    bench.store.values.set('a/bot/000000000777', 'aside 1');
    const { crc: _, ...queue } = JSON.parse(bench.store.values.get('c/bot/0') ?? '{}');
    bench.store.values.set('c/bot/0', JSON.stringify({ ...queue, marks: 777 }));
    bench.store.values.set('o/000000000001/1/9/newer', '{"v":2}');
    bench.restart({ kill: true });
    bench.clock.advance(100);
    expect([...bench.store.values.keys()].filter((left) => /^[oa]\//.test(left))).toEqual(['o/000000000001/1/9/newer']);
    expect(bench.wire.requests).toHaveLength(1);
  });
});

describe('what the store holds', () => {
  it('is left to a later version of this resource, and comes back to it', () => {
    const store = createMemoryStore();
    const bench = setUpBench(() => 'black hole', { store });
    for (const id of ['e0', 'e1']) bench.enqueue(id);
    bench.clock.advance(1);
    const [first = ''] = eventKeys(bench);
    store.values.set(first, '{"v":2,"new":true}\n');
    bench.restart();
    bench.clock.advance(100);
    bench.restart();
    bench.clock.advance(100_000);
    expect(bench.wire.requests.at(-1)?.attempt.event.id).toBe('e1');
    expect(store.values.get(first)).toBe('{"v":2,"new":true}\n');
    expect(bench.said('warn')).toContainEqual(expect.stringContaining('later version'));
  });

  it('is left alone altogether when a queue is of a later version', () => {
    const store = createMemoryStore(
      new Map([
        ['c/bot/0', '{"v":2}'],
        ['o/000000000001/1/9/x', '{"v":1}'],
      ]),
    );
    const before = new Map(store.values);
    const bench = setUpBench(() => ({ answer: 200 }), { store });
    bench.enqueue('e0');
    bench.clock.advance(100_000);
    expect(bench.wire.taken()).toEqual(['e0']);
    expect(store.values).toEqual(before);
    expect(bench.forwarder.status().store).toMatchObject({
      broken: true,
      unusedBecause: expect.stringContaining('later version'),
    });
    expect(bench.said('error')).toHaveLength(1);
  });

  it('is a dead letter with the reason when it is damaged; the others go on', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    for (const id of ['e0', 'e1', 'e2']) bench.enqueue(id);
    const [first = '', second = ''] = eventKeys(bench);
    const stored = bench.store.values.get(first) ?? '';
    bench.store.values.set(first, stored.slice(0, -3));
    bench.store.values.delete(second);
    bench.store.values.set(second, '');
    bench.restart();
    bench.clock.advance(1_000);
    expect(bench.wire.taken()).toEqual(['e2']);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 0, counts: { deadLettered: 2, lost: 0 } });
    expect(bench.said('error').filter((message) => message.includes('cannot be read'))).toHaveLength(2);
    const reason = 'its record in the database is damaged';
    expect(bench.forwarder.deadLetters()).toMatchObject([
      { id: 'e0', target: 'bot', type: null, reason },
      { id: 'e1', target: 'bot', type: null, reason },
    ]);
    expect([...bench.store.values.values()].filter((value) => value.endsWith(stored.slice(0, -3)))).toHaveLength(1);
    bench.forwarder.replay('all');
    bench.clock.advance(1_000);
    expect(bench.wire.taken()).toEqual(['e2']);
    expect(bench.forwarder.drop('e0')).toBe(1);
  });

  it('is sent once more when it cannot be read how far a target had got', () => {
    const bench = setUpBench(() => 'black hole');
    for (const id of ['e0', 'e1']) bench.enqueue(id);
    bench.store.values.set('c/bot/0', 'nonsense');
    bench.restart({ kill: true });
    bench.clock.advance(10);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 2 });
    expect(bench.store.values.get('x/c/bot/0')).toBe('nonsense');
  });

  it('is left as it is when its form is unknown', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    bench.store.values.set('o/000000000500/1/9/x/new', 'something');
    bench.restart();
    bench.enqueue('e');
    bench.clock.advance(1_000);
    expect(bench.store.values.get('o/000000000500/1/9/x/new')).toBe('something');
    expect(bench.said('warn')).toEqual([expect.stringContaining('does not know')]);
  });
});
