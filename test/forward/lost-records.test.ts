import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { checkBooks } from './books.ts';
import { type Bench, setUpBench } from './forwarding-bench.ts';
import { moreSteps } from './interleavings.ts';
import { GONE, goneAfter, loseRecord, saidToBeGone } from './lost-records.ts';
import { createTarget, DOWN } from './scripted-target.ts';

function takeRecord(bench: Bench, id: string): void {
  const keys = [...bench.store.values.keys()].filter((key) => key.startsWith('o/') && key.endsWith(`/${id}`));
  expect(keys).toHaveLength(1);
  for (const key of keys) bench.store.values.delete(key);
}

function loseLast(bench: Bench): void {
  bench.store.values.delete('l');
  bench.restart({ kill: true });
  bench.clock.advance(1);
  bench.enqueue('e5');
}

describe('an event whose record is gone from the database', () => {
  it('is a dead letter from the start on, which is told once, and the others go on', () => {
    const bench = setUpBench(() => DOWN);
    for (let n = 0; n < 5; n += 1) bench.enqueue(`e${n}`);
    bench.clock.advance(1_000);
    takeRecord(bench, 'e2');
    bench.restart({ kill: true });
    bench.clock.advance(1);
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id: 'e2', target: 'bot', type: null, reason: GONE }]);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 4, counts: { recovered: 5, deadLettered: 1 } });
    checkBooks(bench);
    expect(bench.forwarder.drop('e2')).toBe(1);
    bench.restart({ kill: true });
    bench.behave = () => ({ answer: 200 });
    bench.clock.advance(60_000);
    expect(bench.wire.taken()).toEqual(['e0', 'e1', 'e3', 'e4']);
    expect(bench.forwarder.deadLetters()).toEqual([]);
    expect(bench.log.lines.filter(({ fields }) => fields.reason === GONE)).toMatchObject([
      { level: 'error', fields: { id: 'e2', target: 'bot' } },
    ]);
  });

  it.each([
    ['that came last, right before the end', () => undefined, 'e4'],
    ['that came last, a while before', (bench: Bench) => bench.clock.advance(3_000), 'e4'],
    ['before one that was dropped', (bench: Bench) => bench.forwarder.drop('e3'), 'e2'],
    ['before the last one, which was dropped', (bench: Bench) => bench.forwarder.drop('e4'), 'e3'],
    ['behind those that were dropped', (bench: Bench) => ['e1', 'e2'].map((id) => bench.forwarder.drop(id)), 'e3'],
    ['that was there at the last start', (bench: Bench) => bench.restart(), 'e4'],
    ['that was there when the record of the last ones was lost', loseLast, 'e4'],
  ])('is told of, also one %s', (_which, act, id) => {
    const bench = setUpBench(() => DOWN);
    for (let n = 0; n < 5; n += 1) bench.enqueue(`e${n}`);
    act(bench);
    takeRecord(bench, id);
    bench.restart({ kill: true });
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id, reason: GONE }]);
  });

  it('is told of, also one for a new target that came while an earlier run was searched for', () => {
    const targets = [createTarget({ name: 'known' }), createTarget()];
    const bench = setUpBench(() => DOWN, { targets: targets.slice(0, 1) });
    bench.enqueue('before');
    bench.restart();
    bench.forwarder.applyTargets(targets);
    for (const id of ['e0', 'e1']) bench.enqueue(id);
    bench.restart({ kill: true, targets });
    bench.clock.advance(1);
    takeRecord(bench, 'e0');
    bench.restart({ kill: true });
    expect(bench.forwarder.deadLetters('bot')).toMatchObject([{ id: 'e0', reason: GONE }]);
  });

  it('is told of where it had been set aside', () => {
    const bench = setUpBench(({ event }) => ({ answer: event.id === 'e0' ? 500 : 200 }));
    bench.enqueue('e0');
    bench.enqueue('e1');
    bench.clock.advance(20_000);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ setAside: 1, queued: 1 });
    takeRecord(bench, 'e0');
    bench.restart({ kill: true });
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id: 'e0', reason: GONE }]);
  });

  it('is told of where a later version had stored it, and the others go on', () => {
    const bench = setUpBench(({ event }) => (event.id === 'e0' ? { answer: 200 } : DOWN));
    for (const id of ['e0', 'e1', 'e2', 'e3']) bench.enqueue(id);
    for (const [key, value] of bench.store.values) {
      if (!key.endsWith('/e1')) continue;
      bench.store.values.set(key, value.replace(/,"crc":\d+\}/, '}').replace('"v":1', '"v":2'));
    }
    bench.restart({ kill: true });
    bench.clock.advance(5_000);
    takeRecord(bench, 'e1');
    bench.restart({ kill: true });
    bench.behave = () => ({ answer: 200 });
    bench.clock.advance(60_000);
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id: 'e1', reason: GONE }]);
    expect(bench.wire.taken()).toEqual(['e0', 'e2', 'e3']);
  });

  it('is told of for the targets that it waited for, and for no other', () => {
    const [up, down] = [createTarget({ name: 'up' }), createTarget({ name: 'down' })];
    const bench = setUpBench(({ target }) => (target.name === 'up' ? { answer: 200 } : DOWN), { targets: [up, down] });
    for (const id of ['e0', 'e1', 'e2']) bench.enqueue(id);
    bench.clock.advance(1_000);
    takeRecord(bench, 'e1');
    bench.restart({ kill: true });
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id: 'e1', target: 'down' }]);
  });

  it('is told of after any interleaving, and nothing else is', () => {
    fc.assert(
      fc.property(moreSteps(30), fc.boolean(), fc.nat(), (script, kill, chosen) => {
        const run = loseRecord(script, kill, chosen);
        expect(run?.outcomes).toEqual(run?.expected);
      }),
      { numRuns: 30 },
    );
  });
});

describe('a dead letter whose record is gone from the database', () => {
  const takeDeadLetter = (bench: Bench, id: string) => {
    const [key, ...more] = [...bench.store.values.keys()].filter((each) => each.startsWith('d/') && each.endsWith(id));
    expect([typeof key, more]).toEqual(['string', []]);
    bench.store.values.delete(key ?? '');
  };

  it.each([
    ['a target', [createTarget()]],
    ['a target that was removed', []],
  ])('is one with that reason, of %s, and told once', (_whose, targets) => {
    const bench = setUpBench(() => ({ answer: 422 }));
    for (const id of ['e0', 'e1', 'e2']) bench.enqueue(id);
    bench.clock.advance(3_000);
    bench.forwarder.applyTargets(targets);
    takeDeadLetter(bench, 'e1');
    for (let starts = 0; starts < 2; starts += 1) {
      bench.restart({ kill: true, targets });
      bench.clock.advance(3_000);
    }
    expect(bench.forwarder.deadLetters()).toMatchObject([
      { id: 'e0', reason: 'answered 422' },
      { id: 'e1', target: 'bot', type: null, reason: GONE },
      { id: 'e2', reason: 'answered 422' },
    ]);
    expect(bench.log.lines.filter(({ fields }) => fields.reason === GONE)).toMatchObject([
      { level: 'error', fields: { id: 'e1', target: 'bot' } },
    ]);
    expect(bench.forwarder.drop('e1')).toBe(1);
    bench.restart({ kill: true, targets });
    expect(bench.forwarder.deadLetters()).toHaveLength(2);
  });

  it('is not said to be gone after whichever write the process dies while some are dropped or replayed', () => {
    const bench = setUpBench(() => ({ answer: 422 }));
    for (const id of ['e0', 'e1', 'e2']) bench.enqueue(id);
    bench.clock.advance(3_000);
    bench.forwarder.drop('e1');
    bench.forwarder.replay('e0');
    bench.clock.advance(3_000);
    const { changes } = bench.store;
    expect(bench.forwarder.deadLetters().map(({ id }) => id)).toEqual(['e2', 'e0.r1']);
    for (let writes = 0; writes <= changes.length; writes += 1) expect(goneAfter(changes, writes)).toEqual([]);
  });

  it('is not said to be gone where 5.0.0, which keeps no names, has run since', () => {
    const bench = setUpBench(() => ({ answer: 422 }));
    for (const id of ['e0', 'e1']) bench.enqueue(id);
    bench.clock.advance(3_000);
    takeDeadLetter(bench, 'e1');
    bench.store.values.set('n', '5000');
    bench.restart({ kill: true });
    expect(bench.forwarder.deadLetters().map(({ id }) => id)).toEqual(['e0']);
    expect([...bench.store.values.keys()].filter((key) => key.startsWith('b/'))).toHaveLength(1);
  });

  it('is named when an earlier version has stored it', () => {
    const bench = setUpBench(() => ({ answer: 422 }));
    bench.enqueue('e0');
    bench.clock.advance(3_000);
    for (const key of bench.store.values.keys()) if (key.startsWith('b/')) bench.store.values.delete(key);
    bench.restart({ kill: true });
    bench.clock.advance(3_000);
    takeDeadLetter(bench, 'e0');
    bench.restart({ kill: true });
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id: 'e0', reason: GONE }]);
  });
});

describe('an event whose record was removed', () => {
  it('is not said to be gone when the process dies while memory is written to a database that works again', () => {
    const bench = setUpBench(() => DOWN, { targets: [createTarget({ name: 'c' })] });
    for (let n = 0; n < 5; n += 1) bench.enqueue(`e${n}`);
    bench.clock.advance(3_000);
    bench.store.broken = true;
    bench.forwarder.drop('e2');
    bench.behave = () => ({ answer: 200 });
    bench.clock.advance(40_000);
    const before = bench.store.changes.length;
    bench.store.broken = false;
    bench.clock.advance(10_000);
    const { changes } = bench.store;
    expect(changes.length).toBeGreaterThan(before + 5);
    for (let writes = before; writes <= changes.length; writes += 1) expect(goneAfter(changes, writes)).toEqual([]);
  });

  it('is not said to be gone when the process dies after any write about one that was set aside and taken later', () => {
    let fails = true;
    const bench = setUpBench(({ event }) => ({ answer: event.id === 'e0' && fails ? 500 : 200 }), {
      targets: [createTarget({ name: 'c' })],
    });
    for (const id of ['e0', 'e1', 'e2']) bench.enqueue(id);
    bench.clock.advance(5_000);
    fails = false;
    bench.clock.advance(60_000);
    const { changes } = bench.store;
    expect(bench.wire.taken().at(-1)).toBe('e0');
    for (let writes = 0; writes <= changes.length; writes += 1) expect(goneAfter(changes, writes)).toEqual([]);
  });

  it('is not said to be gone where an earlier version was done with it and has not said so', () => {
    const bench = setUpBench(() => DOWN);
    for (let n = 0; n < 4; n += 1) bench.enqueue(`e${n}`);
    bench.forwarder.drop('e1');
    bench.clock.advance(3_000);
    const { seq, answered, silent, address } = JSON.parse(bench.store.values.get('c/bot/0') ?? '{}');
    bench.store.values.set('c/bot/0', JSON.stringify({ v: 1, seq, answered, silent, address }));
    for (let starts = 0; starts < 3; starts += 1) {
      bench.restart({ kill: true });
      bench.clock.advance(3_000);
    }
    expect(bench.forwarder.deadLetters()).toEqual([]);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 3 });
  });

  it('is never said to be gone, after whichever write the process dies', () => {
    fc.assert(
      fc.property(moreSteps(30), fc.array(fc.nat(), { minLength: 5, maxLength: 5 }), (script, deaths) => {
        expect(saidToBeGone(script, deaths)).toEqual([]);
      }),
      { numRuns: 30 },
    );
  });
});
