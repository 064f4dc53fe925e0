import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { KeyValueStore } from '../../../src/platform/kvp-store.ts';

/** A store and a way to come back to what it holds, as after a killed process. */
export interface StoreUnderTest {
  readonly store: KeyValueStore;
  reopen(): KeyValueStore;
}

/** What every store has to do. */
export function describeStore(name: string, open: () => StoreUnderTest): void {
  describe(`${name} as a store`, () => {
    it('gives null for a key that is not there', () => {
      expect(open().store.get('o/1')).toBeNull();
    });

    it('gives what was set last, and nothing after it was deleted', () => {
      const { store } = open();
      store.set('a', 'one');
      store.set('a', 'two');
      expect(store.get('a')).toBe('two');
      store.delete('a');
      store.delete('a');
      expect(store.get('a')).toBeNull();
    });

    it.each([
      ['an empty value', ''],
      ['line breaks and quotes', 'a\n"b"\r\n\\'],
      ['text of all the world', 'Grüße, 警察 🚓 \u2028'],
      ['a value of a megabyte', 'x'.repeat(1024 * 1024)],
    ])('keeps %s over a killed process', (_what, value) => {
      const { store, reopen } = open();
      store.set('k', value);
      expect(reopen().get('k')).toBe(value);
    });

    it('gives the keys of a prefix in bytewise order', () => {
      const { store } = open();
      for (const key of ['o/2', 'o/10', 'p/1', 'o', 'o/1', 'O/1']) store.set(key, key);
      store.delete('o/10');
      expect([...store.keys('o/')]).toEqual(['o/1', 'o/2']);
      expect([...store.keys('z')]).toEqual([]);
    });

    it('can be searched a hundred times over, whether or not the search goes to its end', () => {
      const { store } = open();
      for (const key of ['o/1', 'o/2']) store.set(key, '');
      for (let n = 0; n < 100; n += 1) {
        for (const key of store.keys('o/')) {
          expect(key).toBe('o/1');
          break;
        }
      }
      const walk = store.keys('o/');
      walk.next();
      walk.return?.();
      expect([...store.keys('o/')]).toHaveLength(2);
    });

    it('is a map that outlives its process', () => {
      const change = fc.tuple(
        fc.constantFrom('a/1', 'a/2', 'b'),
        fc.option(fc.string({ unit: 'grapheme', maxLength: 5 })),
      );
      fc.assert(
        fc.property(fc.array(change), (changes) => {
          const { store, reopen } = open();
          const model = new Map<string, string>();
          for (const [key, value] of changes) {
            if (value === null) store.delete(key);
            else store.set(key, value.replaceAll('\0', ''));
            if (value === null) model.delete(key);
            else model.set(key, value.replaceAll('\0', ''));
          }
          store.flush();
          const again = reopen();
          expect([...again.keys('')].map((key) => [key, again.get(key)])).toEqual(
            [...model].sort(([a], [b]) => (a < b ? -1 : 1)),
          );
        }),
        { numRuns: 30 },
      );
    });
  });
}
