import { setImmediate as pass } from 'node:timers/promises';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { UnitLocations } from '../../../src/cad/session/unit-locations.ts';
import { createManualClock, type ManualClock } from '../../manual-clock.ts';
import { createRecordingLog } from '../../recording-log.ts';

let clock: ManualClock;
let batches: { at: number; batch: readonly Readonly<Record<string, unknown>>[] }[];
let answer: () => Promise<unknown> | null;
let locations: UnitLocations;
beforeEach(() => {
  clock = createManualClock();
  batches = [];
  answer = () => Promise.resolve({ success: true });
  locations = new UnitLocations({
    send(batch) {
      batches.push({ at: clock.monotonic(), batch });
      return answer();
    },
    clock,
    log: createRecordingLog(),
  });
});

const at = (identId: number, location = 'Alta Street') => ({ identId, location });
const many = (count: number) => Array.from({ length: count }, (_, index) => at(index));

/** Advances the clock, and returns the result of the updates. */
async function outcomeOf(sent: Promise<boolean>, milliseconds = 10_000): Promise<boolean> {
  for (let waited = 0; waited < milliseconds; waited += 10) {
    clock.advance(10);
    await pass();
  }
  return sent;
}

describe('UnitLocations, for many updates', () => {
  it('sends all of them in calls of at most 25, at least 200 ms apart', async () => {
    expect(await outcomeOf(locations.add(many(60)))).toBe(true);
    expect(batches.map(({ batch }) => batch.length)).toEqual([25, 25, 10]);
    expect(batches.flatMap(({ batch }) => batch)).toEqual(many(60));
    for (let index = 1; index < batches.length; index += 1)
      expect((batches[index]?.at ?? 0) - (batches[index - 1]?.at ?? 0)).toBeGreaterThanOrEqual(200);
  });

  it('keeps 200 ms between the updates of different callers', async () => {
    const first = locations.add([at(1)]);
    clock.advance(10);
    const second = locations.add([at(2)]);
    expect(await outcomeOf(Promise.all([first, second]).then((sent) => sent.every(Boolean)))).toBe(true);
    expect(batches).toHaveLength(2);
    expect((batches[1]?.at ?? 0) - (batches[0]?.at ?? 0)).toBeGreaterThanOrEqual(200);
  });

  it('sends only the latest location of a unit, and resolves the promises of all callers', async () => {
    const all = Promise.all([locations.add([at(1, 'old')]), locations.add([at(1, 'new'), at(2)])]);
    expect(await outcomeOf(all.then((sent) => sent.every(Boolean)))).toBe(true);
    expect(batches.map(({ batch }) => batch)).toEqual([[at(1, 'new'), at(2)]]);
  });

  it('refuses updates when 1,000 units are waiting', async () => {
    const first = locations.add(many(1_000));
    expect(await locations.add([at(1_001)])).toBe(false);
    expect(await outcomeOf(first, 12_000)).toBe(true);
    expect(batches).toHaveLength(40);
  });

  it('refuses updates beyond 1,000 in one call', async () => {
    expect(await outcomeOf(locations.add([...many(1_000), at(1)]), 12_000)).toBe(false);
    expect(batches).toHaveLength(40);
  });
});

describe('UnitLocations, for one update', () => {
  it.each([
    [
      { identId: 1, location: 'A' },
      { identId: 1, location: 'A' },
    ],
    [
      { apiId: 'x', location: 'A' },
      { apiId: 'x', location: 'A' },
    ],
    [
      { roblox: 12, location: 'A' },
      { roblox: 12, location: 'A' },
    ],
    [
      { communityUserId: 'license:x', location: 'A', coordinates: [1, 2, 3] },
      { communityUserId: 'license:x', location: 'A', coordinates: { x: 1, y: 2, z: 3 } },
    ],
    [
      { identId: 1, location: 'A', coordinates: { x: 1, y: 2, z: 3, w: 90, more: 1 } },
      { identId: 1, location: 'A', coordinates: { x: 1, y: 2, z: 3, w: 90 } },
    ],
    [
      { identId: 1, location: 'A', position: [1, 2, 3, 90] },
      { identId: 1, location: 'A', coordinates: { x: 1, y: 2, z: 3, w: 90 } },
    ],
    [
      { identId: 1, apiId: null, location: 'A', peerId: 'p', siren: true, list: [1] },
      { identId: 1, location: 'A', peerId: 'p', siren: true },
    ],
  ])('sends %j as %j', async (given, sent) => {
    expect(await outcomeOf(locations.add([given]), 50)).toBe(true);
    expect(batches[0]?.batch).toEqual([sent]);
  });

  it.each([
    [null],
    ['text'],
    [{ location: 'nobody' }],
    [{ identId: 1 }],
    [{ identId: 1, location: '' }],
    [{ identId: 1, location: 'x'.repeat(501) }],
    [{ identId: '1', location: 'A' }],
    [{ identId: 1, location: 'A', coordinates: [1, 2] }],
    [{ identId: 1, location: 'A', coordinates: { x: Number.NaN, y: 1, z: 1 } }],
  ])('does not send %j, and reports that to the caller', async (given) => {
    expect(await outcomeOf(locations.add([given, at(2)]), 50)).toBe(false);
    expect(batches.map(({ batch }) => batch)).toEqual([[at(2)]]);
  });
});

describe('UnitLocations, for a batch that is not accepted', () => {
  it.each([
    ['there is no session', () => null],
    ['the CAD refuses', () => Promise.resolve({ success: false, error: 'Unauthenticated.' })],
    ['the connection is lost', () => Promise.reject(new Error('lost'))],
    ['the CAD does not answer', () => new Promise(() => {})],
  ])('resolves to false when %s', async (_what, given) => {
    answer = given;
    expect(await outcomeOf(locations.add([at(1)]))).toBe(false);
    expect(clock.waiting).toBe(0);
  });

  it('resolves to false for cleared updates, and does not send them', async () => {
    const sent = locations.add([at(1)]);
    locations.clear();
    expect(await outcomeOf(sent, 50)).toBe(false);
    expect(batches).toEqual([]);
  });
});
