import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { createFileStore } from '../../src/forward/stores/file-store.ts';
import { moreSteps } from '../forward/interleavings.ts';
import { loseRecord, saidToBeGone } from '../forward/lost-records.ts';
import { afterFault, flipped, leaveStore } from '../forward/outbox/damage.ts';

/** Of records that are large, every third bit: it meets each place of a byte. */
const stepOf = (key: string) => (/^[od]\//.test(key) ? 3 : 1);

it.each([false, true])(
  'whichever bit of the store turned, every event is sent again or is a dead letter (killed: %s)',
  (kill) => {
    const left = leaveStore(kill);
    for (const [key, stored] of left.values) {
      for (let bit = 0; bit < Buffer.byteLength(stored) * 8; bit += stepOf(key)) {
        const value = flipped(stored, bit);
        const { missing, altered, invented } = afterFault(left, { key, value });
        if (missing.length + altered.length + invented.length > 0)
          expect([key, value, missing, altered, invented]).toEqual([key, value, [], [], []]);
      }
    }
  },
  900_000,
);

it('however many bits of the store turned, nothing is sent that was not received, and nothing breaks', () => {
  const left = leaveStore(true);
  const keys = [...left.values.keys()];
  const turned = fc.tuple(fc.constantFrom(...keys), fc.nat(1_000_000));
  const faults = fc.tuple(turned, fc.array(turned, { minLength: 1, maxLength: 40 }));
  fc.assert(
    fc.property(faults, ([[first, bit], others]) => {
      const values = new Map(left.values);
      for (const [key, other] of others) values.set(key, flipped(values.get(key) ?? '', other));
      const { bench, altered } = afterFault(
        { ...left, values },
        { key: first, value: flipped(values.get(first) ?? '', bit) },
      );
      expect(altered).toEqual([]);
      expect(bench.said('error').filter((message) => message.includes('please report'))).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
}, 600_000);

it('whichever event loses its record, after any interleaving, it is a dead letter then and no other is', () => {
  fc.assert(
    fc.property(moreSteps(60), fc.boolean(), fc.nat(), (script, kill, chosen) => {
      const run = loseRecord(script, kill, chosen);
      expect(run?.outcomes).toEqual(run?.expected);
    }),
    { numRuns: 1_000 },
  );
}, 1_800_000);

it('no event is said to be gone, after whichever write the process died', () => {
  fc.assert(
    fc.property(moreSteps(60), fc.array(fc.nat(), { minLength: 10, maxLength: 10 }), (script, deaths) => {
      expect(saidToBeGone(script, deaths)).toEqual([]);
    }),
    { numRuns: 1_000 },
  );
}, 1_800_000);

it('a file store is read that is larger than a text can be, what a power cut left in it among it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-'));
  const file = join(folder, 'outbox.log');
  try {
    writeFileSync(file, '["before","1"]\n');
    truncateSync(file, 600 * 1024 * 1024);
    appendFileSync(file, '\n["after","2"]\n');
    const store = createFileStore(file);
    expect([store.get('before'), store.get('after'), store.unreadable]).toEqual(['1', '2', 1]);
    store.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
