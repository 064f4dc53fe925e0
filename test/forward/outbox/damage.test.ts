import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { setUpBench } from '../forwarding-bench.ts';
import { createMemoryStore } from '../memory-store.ts';
import { DOWN } from '../scripted-target.ts';
import { afterFault, flipped, type LeftStore, leaveStore } from './damage.ts';

describe.each([
  ['stopped', false],
  ['killed', true],
])('a store of a process that was %s', (_how, kill) => {
  const left = leaveStore(kill);
  const keys = [...left.values.keys()];

  it('has something of everything', () => {
    const prefixes = new Set(keys.map((key) => key.split('/')[0]));
    expect([...prefixes].sort()).toEqual(['a', 'b', 'c', 'd', 'k', 'l', 'n', 'o', 'q']);
    expect(left.waiting.length).toBeGreaterThan(10);
  });

  it('sends every event again, or makes it a dead letter, whichever record is gone', () => {
    for (const key of keys) {
      const { missing, altered, invented } = afterFault(left, { key, value: null });
      expect([key, missing, altered, invented]).toEqual([key, [], [], []]);
    }
  });

  it('sends every event again, or makes it a dead letter, whichever bit of it turned', () => {
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.nat(1_000_000), (key, bit) => {
        const value = flipped(left.values.get(key) ?? '', bit);
        const { missing, altered, invented } = afterFault(left, { key, value });
        expect([key, value, missing, altered, invented]).toEqual([key, value, [], [], []]);
      }),
      { numRuns: 100 },
    );
  });

  it('sends every event again whichever bit turned in the key of a queue, a mark or a name', () => {
    for (const key of keys.filter((each) => /^[abcl]/.test(each))) {
      // One bit of each character, another one from each to the next.
      for (let bit = 0; bit < key.length * 8; bit += 7) {
        const movedTo = flipped(key, bit);
        if (!/^[ -~]+$/.test(movedTo) || left.values.has(movedTo)) continue;
        const { missing, altered, invented } = afterFault(left, { key, value: left.values.get(key) ?? '', movedTo });
        expect([key, movedTo, missing, altered, invented]).toEqual([key, movedTo, [], [], []]);
      }
    }
  });

  it('sends every event again, or makes it a dead letter, whatever a record was changed to', () => {
    const values = [...left.values.values(), '', '0', '999999999999999', '{}', '{"v":1}', 'null', '[]'];
    fc.assert(
      fc.property(fc.constantFrom(...keys), fc.oneof(fc.constantFrom(...values), fc.string()), (key, value) => {
        const { missing, altered, invented } = afterFault(left, { key, value });
        expect([key, value, missing, altered, invented]).toEqual([key, value, [], [], []]);
      }),
      { numRuns: 100 },
    );
  });
});

/** @returns the same as 5.0.0 would have left it, which has neither checksums nor an index */
function asFirstVersion(left: LeftStore): LeftStore {
  const plain = [...left.values].map(([key, value]) => {
    const unsealed = value.replace(/,"crc":\d+\}/, '}');
    const sized = key.replace(/^([od]\/.*\/)\d+(?=\/[^/]+$)/, `$1${Buffer.byteLength(unsealed)}`);
    return [sized, unsealed] as const;
  });
  return { ...left, values: new Map(plain.filter(([key]) => key !== 'q')) };
}

describe('a store of 5.0.0, which has neither checksums nor an index', () => {
  it('loses nothing when the record of a target is gone', () => {
    const left = asFirstVersion(leaveStore(true));
    for (const key of [...left.values.keys()].filter((each) => each.startsWith('c/'))) {
      const { missing, altered, invented } = afterFault(left, { key, value: null });
      expect([key, missing, altered, invented]).toEqual([key, [], [], []]);
    }
  });

  it('is not believed that a target is done with events that there never were', () => {
    const left = asFirstVersion(leaveStore(true));
    const value = left.values.get('c/down/0')?.replace(/"seq":\d+/, '"seq":5000') ?? '';
    const { missing, bench } = afterFault(left, { key: 'c/down/0', value });
    expect(missing).toEqual([]);
    expect(bench.said('error')).toContainEqual(expect.stringContaining('is sent once more'));
  });
});

describe('a store that has lost its counter', () => {
  it.each([
    ['and later its index', ['n'], ['q']],
    ['and its index', [], ['n', 'q']],
  ])('%s gives no number that counts as done', (_what, first, second) => {
    const takes = new Set<string>();
    const bench = setUpBench(({ event }) => (takes.has(event.id) ? { answer: 200 } : DOWN));
    const restartWithout = (keys: readonly string[]) => {
      for (const key of keys) bench.store.values.delete(key);
      bench.restart({ kill: true });
      bench.clock.advance(1_000);
    };
    bench.enqueue('e0');
    restartWithout(first);
    restartWithout(second);
    bench.enqueue('e1');
    takes.add('e0');
    bench.clock.advance(60_000);
    restartWithout([]);
    takes.add('e1');
    bench.clock.advance(60_000);
    expect(bench.wire.taken()).toEqual(['e0', 'e1']);
  });
});

describe('a store in which a search finds nothing', () => {
  it.each(['n', 'c/'])('although a read finds %s is told, and not written to', (blindTo) => {
    const { values } = leaveStore(true);
    const store = createMemoryStore(new Map(values));
    const keys = store.keys.bind(store);
    store.keys = (prefix) => (blindTo === 'n' || prefix === blindTo ? [].values() : keys(prefix));
    const bench = setUpBench(() => ({ answer: 200 }), { store });
    bench.enqueue('new');
    bench.clock.advance(60_000);
    bench.forwarder.stop();
    expect(store.values).toEqual(values);
    expect(bench.wire.taken()).toEqual(['new']);
    const unusedBecause = expect.stringContaining('a search in it finds nothing');
    expect(bench.forwarder.status().store).toMatchObject({ broken: true, unusedBecause });
    expect(bench.said('error')).toHaveLength(1);
  });
});
