import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { KEY, setUpBench } from '../forwarding-bench.ts';
import { DOWN } from '../scripted-target.ts';
import { afterFault, type Fault, flipped, leaveStore } from './damage.ts';

const NOTHING_WRONG = { missing: [], altered: [], disordered: [], faults: [] };

describe.each([
  ['stopped', false],
  ['killed', true],
])('the store of a process that was %s', (_how, kill) => {
  const left = leaveStore(kill);
  const keys = [...left.values.keys()];
  const isOf = (key: string, id: string) => key.endsWith(`/${id}`);
  const storedUnder = (key: string) => left.values.get(key) ?? '';
  const sealed = keys.filter((key) => key !== '1/canary');

  /** Fails with the fault in the message. @param owned the event of the record counts as missing for nobody */
  function expectNoHarm(fault: Fault, isReported: boolean, owned = ''): void {
    const found = afterFault(left, fault);
    const missing = found.missing.filter(({ id }) => owned === '' || !isOf(owned, id));
    expect({ fault, ...found, missing }).toEqual({ fault, ...NOTHING_WRONG, isReported });
  }

  it('has records of every kind', () => {
    const kinds = new Set(keys.map((key) => key.split('/')[1]));
    expect([...kinds].sort()).toEqual(['canary', 'counter', 'dead-letter', 'event', 'queue']);
    expect(left.waiting.length).toBeGreaterThan(10);
    expect(left.deadLetters).toEqual([{ id: 'e2', target: 'picky' }]);
    expect(storedUnder('1/queue/picky')).toMatch(/"deferred":\[\[\d+,\d+\]/);
  });

  it('is read in full when any one record is gone, except for the event of that record', () => {
    for (const key of keys) expectNoHarm({ key, value: null }, false, key);
  });

  it('delivers all events in order, or has a dead letter and a report, whichever bit of a value turned', () => {
    fc.assert(
      fc.property(fc.constantFrom(...sealed), fc.nat(1_000_000), (key, bit) => {
        expectNoHarm({ key, value: flipped(storedUnder(key), bit) }, true);
      }),
      { numRuns: 100 },
    );
  });

  it('delivers all other events in order, and has a report, whichever bit of a key turned', () => {
    for (const key of sealed) {
      // One bit of each character, another one from each to the next.
      for (let bit = 0; bit < key.length * 8; bit += 7) {
        const movedTo = flipped(key, bit);
        if (!/^[ -~]+$/.test(movedTo) || left.values.has(movedTo)) continue;
        expectNoHarm({ key, value: storedUnder(key), movedTo }, true, key);
      }
    }
  });

  it('delivers all events in order, or has a dead letter and a report, whatever a value was changed to', () => {
    const values = [...left.values.values(), '', '0', '999999999999999', '{}', 'null', '[]'];
    fc.assert(
      fc.property(fc.constantFrom(...sealed), fc.oneof(fc.constantFrom(...values), fc.string()), (key, value) => {
        expectNoHarm({ key, value }, value !== storedUnder(key));
      }),
      { numRuns: 100 },
    );
  });
});

describe('a damaged event', () => {
  it('is a dead letter that holds what is left of it, cannot be replayed, and can be dropped', () => {
    const bench = setUpBench(() => DOWN);
    bench.enqueue('e0', { body: Buffer.from(JSON.stringify({ key: KEY, type: 'EVENT_911', data: KEY })) });
    bench.enqueue('e1');
    bench.clock.advance(10);
    const key = [...bench.store.values.keys()].find((each) => each.endsWith('/e0')) ?? '';
    const remains = bench.store.values.get(key)?.slice(0, -3) ?? '';
    bench.store.values.set(key, remains);
    bench.restart({ kill: true });
    bench.behave = () => ({ answer: 200 });
    bench.clock.advance(60_000);
    expect(bench.wire.taken()).toEqual(['e1']);
    const reason = 'its record in the database is damaged';
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id: 'e0', target: 'bot', type: null, reason }]);
    expect(bench.log.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { id: 'e0', target: 'bot', key } },
    ]);
    expect(JSON.stringify(bench.log.lines)).not.toContain(KEY);
    expect([...bench.store.values.values()].filter((value) => value.endsWith(remains))).toHaveLength(1);
    bench.forwarder.replay('all');
    bench.clock.advance(1_000);
    expect(bench.wire.taken()).toEqual(['e1']);
    expect(bench.forwarder.drop('e0')).toBe(1);
  });

  /** Stores three events for a target that is down, and moves one of them to another sequence number. */
  function moveEvent(id: string, seq: number) {
    const bench = setUpBench(() => DOWN);
    for (const each of ['e0', 'e1', 'e2']) bench.enqueue(each);
    bench.clock.advance(10);
    const key = [...bench.store.values.keys()].find((each) => each.endsWith(`/${id}`)) ?? '';
    bench.store.values.set(key.replace(/\d{15}/, String(seq).padStart(15, '0')), bench.store.values.get(key) ?? '');
    bench.store.values.delete(key);
    bench.restart({ kill: true });
    bench.clock.advance(1_000);
    return bench;
  }

  function deliverAll(bench: ReturnType<typeof setUpBench>): string[] {
    bench.behave = () => ({ answer: 200 });
    bench.clock.advance(60_000);
    return bench.wire.requests.filter(({ behaviour }) => behaviour !== DOWN).map(({ attempt }) => attempt.event.id);
  }

  it('before another of the same sequence number does not count that as done', () => {
    const bench = moveEvent('e0', 2);
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id: 'e0' }]);
    bench.restart({ kill: true });
    expect(deliverAll(bench)).toEqual(['e1', 'e2']);
  });

  it('behind another of the same sequence number leaves that in the queue when it is dropped', () => {
    const bench = moveEvent('e1', 1);
    expect(bench.forwarder.drop('e1')).toBe(1);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 2 });
    expect(deliverAll(bench)).toEqual(['e0', 'e2']);
  });

  it('with a sequence number that counts as done is a dead letter all the same', () => {
    const bench = moveEvent('e1', 0);
    expect(bench.forwarder.deadLetters()).toMatchObject([{ id: 'e1', target: 'bot' }]);
    expect(bench.said('error')).toEqual([expect.stringContaining('damaged')]);
    expect(deliverAll(bench)).toEqual(['e0', 'e2']);
  });
});

describe('a damaged queue record', () => {
  it('is set aside, and what is stored for its target is sent once more', () => {
    const bench = setUpBench(() => 'black hole');
    for (const id of ['e0', 'e1']) bench.enqueue(id);
    bench.store.values.set('1/queue/bot', 'nonsense');
    bench.restart({ kill: true });
    bench.clock.advance(10);
    expect(bench.forwarder.status().targets[0]).toMatchObject({ queued: 2 });
    expect(bench.store.values.get('1/set-aside/1/queue/bot')).toBe('nonsense');
    expect(bench.said('error')).toEqual([expect.stringContaining('is sent once more')]);
  });
});

describe('a damaged dead letter', () => {
  it('is listed with the reason, reported once, and stays until it is dropped', () => {
    const bench = setUpBench(() => ({ answer: 422 }));
    for (const id of ['e0', 'e1']) bench.enqueue(id);
    bench.clock.advance(1_000);
    const key = [...bench.store.values.keys()].find((each) => /dead-letter.*\/e0$/.test(each)) ?? '';
    bench.store.values.set(key, 'nonsense');
    bench.restart({ kill: true });
    for (let times = 0; times < 2; times += 1) {
      expect(bench.forwarder.deadLetters()).toMatchObject([
        { id: 'e0', type: null, reason: 'its record in the database is damaged' },
        { id: 'e1', type: 'EVENT_911', reason: 'answered 422' },
      ]);
    }
    expect(bench.log.lines.filter(({ level }) => level === 'error')).toMatchObject([
      { fields: { id: 'e0', target: 'bot', key } },
    ]);
    bench.behave = () => ({ answer: 200 });
    bench.forwarder.replay('all');
    bench.clock.advance(1_000);
    expect(bench.wire.taken()).toEqual(['e1.r1']);
    expect(bench.store.values.get(key)).toBe('nonsense');
    expect(bench.forwarder.drop('e0')).toBe(1);
    expect(bench.store.values.has(key)).toBe(false);
  });
});

describe('a store whose counter is unreadable', () => {
  it.each([
    ['gone', null],
    ['damaged', '000000001'],
  ])('because it is %s gives no number a second time', (_what, counter) => {
    const takes = new Set<string>();
    const bench = setUpBench(({ event }) => (takes.has(event.id) ? { answer: 200 } : DOWN));
    const restartWithoutCounter = () => {
      bench.store.values.delete('1/counter');
      if (counter !== null) bench.store.values.set('1/counter', counter);
      bench.restart({ kill: true });
      bench.clock.advance(1_000);
    };
    bench.enqueue('e0');
    restartWithoutCounter();
    bench.enqueue('e1');
    takes.add('e0');
    bench.clock.advance(60_000);
    restartWithoutCounter();
    bench.enqueue('e2');
    takes.add('e1').add('e2');
    bench.clock.advance(60_000);
    bench.restart({ kill: true });
    bench.clock.advance(60_000);
    expect(bench.wire.taken()).toEqual(['e0', 'e1', 'e2']);
    expect(bench.said('error').filter((message) => message.includes('counter'))).toHaveLength(counter === null ? 0 : 2);
  });
});
