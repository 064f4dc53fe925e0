import { describe, expect, it } from '@jest/globals';
import { setUpBench } from './forwarding-bench.ts';
import { createMemoryStore } from './memory-store.ts';
import { createTarget, DOWN } from './scripted-target.ts';

const eventKeys = (bench: ReturnType<typeof setUpBench>) =>
  [...bench.store.values.keys()].filter((key) => key.startsWith('1/event/'));

describe('a forwarder after a restart', () => {
  it('continues where the process left off, whether that was stopped or killed', () => {
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

  it('reads keys and queue records, but no bodies, and frees the search handle', () => {
    const bench = setUpBench(() => 'black hole');
    for (let n = 0; n < 500; n += 1) bench.enqueue(`e${n}`);
    bench.clock.advance(1);
    const before = bench.store.reads.length;
    bench.restart();
    bench.clock.advance(0);
    const read = bench.store.reads.slice(before).filter((key) => key.startsWith('1/event/'));
    expect(read.length).toBeLessThanOrEqual(1); // the one that is sent
    expect(bench.store.openWalks).toBe(0);
    expect(bench.forwarder.status()).toMatchObject({
      recovering: false,
      targets: [{ queued: 500, counts: { recovered: 500 } }],
    });
  });

  it('keeps counting sequence numbers up when no event waits', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    bench.enqueue('e0');
    bench.clock.advance(100);
    const doneUpTo = () => Number(/"doneUpTo":(\d+)/.exec(bench.store.values.get('1/queue/bot') ?? '')?.[1]);
    const before = doneUpTo();
    bench.restart();
    bench.enqueue('e1');
    bench.clock.advance(100);
    expect(doneUpTo()).toBeGreaterThan(before);
  });

  it('accepts events while it searches the store, and sends them in order', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    for (let n = 0; n < 300; n += 1) bench.enqueue(`e${String(n).padStart(3, '0')}`);
    bench.restart();
    bench.enqueue('later');
    expect(bench.forwarder.status().recovering).toBe(true);
    bench.clock.advance(5_000);
    expect(bench.wire.taken()).toHaveLength(301);
    expect(bench.wire.taken()).toEqual([...bench.wire.taken()].sort());
  });

  it('finds the last sequence number by a search when the counter is missing', () => {
    const bench = setUpBench(() => 'black hole');
    for (const id of ['e0', 'e1']) bench.enqueue(id);
    bench.clock.advance(1);
    bench.store.values.delete('1/counter');
    bench.restart();
    bench.enqueue('e2');
    bench.clock.advance(1);
    expect(eventKeys(bench).map((key) => key.split('/').at(-1))).toEqual(['e0', 'e1', 'e2']);
    expect(new Set(eventKeys(bench).map((key) => key.split('/')[2])).size).toBe(3);
  });

  it('retries each second while the store cannot be searched', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    bench.enqueue('e0');
    bench.store.walksLeft = 1; // the first shows that there is something to be found
    bench.restart();
    bench.clock.advance(500);
    expect(bench.forwarder.status().recovering).toBe(true);
    bench.store.walksLeft = 100;
    bench.clock.advance(2_000);
    expect(bench.wire.taken()).toEqual(['e0']);
  });

  it.each([undefined, null, 'text'])('forwards from memory when the first search of the store throws %p', (thrown) => {
    const bench = setUpBench(() => ({ answer: 200 }));
    const reason = thrown ?? 'no reason given';
    bench.store.keys = () => {
      throw thrown;
    };
    bench.restart();
    bench.clock.advance(500);
    expect(bench.forwarder.status().store.unusedBecause).toBe(reason);
    bench.enqueue('e');
    bench.clock.advance(1_000);
    expect(bench.wire.taken()).toEqual(['e']);
  });

  it('puts back what is in flight when it is stopped, and writes nothing afterwards', () => {
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

  it('does not send again what a target took out of order', () => {
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

  it('removes the record of an event that was delivered just before a kill', () => {
    const bench = setUpBench(() => ({ answer: 200 }));
    bench.enqueue('e0');
    const [key = ''] = eventKeys(bench);
    const value = bench.store.values.get(key) ?? '';
    bench.clock.advance(100);
    bench.store.values.set(key, value);
    bench.restart({ kill: true });
    bench.clock.advance(100);
    expect(eventKeys(bench)).toEqual([]);
    expect(bench.wire.requests).toHaveLength(1);
  });
});

describe('a store whose search finds no keys although reads work', () => {
  it('is reported and not written to, and events are forwarded from memory', () => {
    const bench = setUpBench(() => DOWN);
    bench.enqueue('e0');
    const values = new Map(bench.store.values);
    const store = createMemoryStore(new Map(values));
    store.keys = () => [].values();
    const next = setUpBench(() => ({ answer: 200 }), { store });
    next.enqueue('new');
    next.clock.advance(60_000);
    next.forwarder.stop();
    expect(store.values).toEqual(values);
    expect(next.wire.taken()).toEqual(['new']);
    const unusedBecause = 'a search in it finds nothing';
    expect(next.forwarder.status().store).toMatchObject({ broken: true, unusedBecause });
    expect(next.said('error')).toHaveLength(1);
  });
});

describe('a store in another format', () => {
  it('is left as it is, with one warning that says how many events are in it', () => {
    const others = new Map([
      ['c/bot/0', '{"v":1,"seq":0}'],
      ['o/000000000001/1/9/x', '{"v":1}'],
      ['d/bot/000000000002/9/y', '{"v":1}'],
      ['2/event/000000000000001/bot/9/z', 'something'],
      ['2/queue/bot', 'something'],
    ]);
    const bench = setUpBench(() => ({ answer: 200 }), { store: createMemoryStore(new Map(others)) });
    bench.enqueue('e0');
    bench.clock.advance(100_000);
    expect(bench.wire.taken()).toEqual(['e0']);
    expect([...bench.store.values].filter(([key]) => !key.startsWith('1/'))).toEqual([...others]);
    const warnings = bench.log.lines.filter(({ level }) => level !== 'debug');
    expect(warnings).toMatchObject([{ level: 'warn', fields: { events: 3, records: 5 } }]);
  });
});

describe('a store that is full of garbage', () => {
  it('does not stop the start', () => {
    const words = ['', '0', 'x', '%', '/', '999999999999999999', '-1', '{}', 'bot', 'a,b', ',', '000000000000001'];
    const kinds = ['event/', 'dead-letter/', 'queue/', 'set-aside/', 'counter', 'canary', ''];
    const keys = kinds.flatMap((kind) =>
      words.flatMap((one) => words.flatMap((other) => [`1/${kind}${one}`, `1/${kind}${one}/${other}/9/id`])),
    );
    const garbage = new Map(keys.map((key) => [key, `garbage ${key.length}`]));
    const bench = setUpBench(() => ({ answer: 200 }), { store: createMemoryStore(garbage) });
    for (const id of ['e0', 'e1']) bench.enqueue(id);
    bench.clock.advance(60_000);
    expect(bench.forwarder.status()).toMatchObject({ recovering: false, store: { broken: false } });
    expect(bench.wire.taken()).toEqual(['e0', 'e1']);
    const reports = bench.log.lines.filter(({ fields }) => 'count' in fields);
    expect(reports).toMatchObject([{ level: 'error', fields: { count: expect.any(Number) } }]);
    bench.restart({ kill: true });
    bench.enqueue('e2');
    bench.clock.advance(60_000);
    expect(bench.wire.taken()).toEqual(['e0', 'e1', 'e2']);
  });
});
