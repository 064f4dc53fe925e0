import { appendFileSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { FileStore } from '../../src/forward/stores/file-store.ts';
import { afterFault, flipped, leaveStore } from '../forward/outbox/damage.ts';

const NOTHING_WRONG = { missing: [], altered: [], disordered: [], faults: [] };

it.each([false, true])(
  'whichever bit of a value turned, every event is delivered in order or a dead letter, and the damage is reported (killed: %s)',
  (kill) => {
    const left = leaveStore(kill);
    for (const [key, stored] of left.values) {
      if (key === '1/canary') continue;
      // Of records that are large, every third bit: it meets each place of a byte.
      const step = stored.length > 200 ? 3 : 1;
      for (let bit = 0; bit < Buffer.byteLength(stored) * 8; bit += step) {
        const fault = { key, value: flipped(stored, bit) };
        expect({ fault, ...afterFault(left, fault) }).toEqual({ fault, ...NOTHING_WRONG, isReported: true });
      }
    }
  },
  900_000,
);

it('however many bits of the store turned, nothing is sent that was not received, and nothing breaks', () => {
  const left = leaveStore(true);
  const keys = [...left.values.keys()];
  const turned = fc.tuple(fc.constantFrom(...keys), fc.nat(1_000_000));
  const turns = fc.tuple(turned, fc.array(turned, { minLength: 1, maxLength: 40 }));
  fc.assert(
    fc.property(turns, ([[first, bit], others]) => {
      const values = new Map(left.values);
      for (const [key, other] of others) values.set(key, flipped(values.get(key) ?? '', other));
      const value = flipped(values.get(first) ?? '', bit);
      const { altered, faults } = afterFault({ ...left, values }, { key: first, value });
      expect({ altered, faults }).toEqual({ altered: [], faults: [] });
    }),
    { numRuns: 1_000 },
  );
}, 600_000);

it('a file store is read that is larger than a text can be, what a power cut left in it among it', () => {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-'));
  const file = join(folder, 'outbox.log');
  try {
    writeFileSync(file, '["before","1"]\n');
    truncateSync(file, 600 * 1024 * 1024);
    appendFileSync(file, '\n["after","2"]\n');
    const store = new FileStore(file);
    expect([store.get('before'), store.get('after'), store.unreadable]).toEqual(['1', '2', 1]);
    store.close();
  } finally {
    rmSync(folder, { recursive: true });
  }
});
