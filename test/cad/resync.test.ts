import { describe, expect, it } from '@jest/globals';
import type { CadRequest } from '../../src/cad/api/cad-api.ts';
import type { ApiResult } from '../../src/cad/api/results.ts';
import { Resync } from '../../src/cad/resync.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';

const settled = () => new Promise((resolve) => setImmediate(resolve));
const failed = {
  ok: false,
  error: { kind: 'unreachable', status: null, message: 'no answer', traceId: null },
} as const;

function setUp() {
  const clock = createManualClock();
  const asked: string[] = [];
  const taken: unknown[] = [];
  const world = {
    players: true,
    servers: 1,
    enabled: true,
    units: [] as unknown[],
    calls: { activeCalls: [] as unknown[], closedCalls: [] as unknown[], emergencyCalls: [] as unknown[] },
    isDown: false,
    /** Whether the answers have less than half of the known entries. */
    isShort: false,
    refusal: 'unreachable' as 'unreachable' | 'key',
    /** Offsets of pages that the rate limit refuses, once for each occurrence. */
    overBudget: [] as number[],
    /** The API's answers by page. Without them, pages are cut from `units`. */
    pages: null as unknown[][] | null,
  };
  const answer = <T>(data: T): ApiResult<T> => {
    if (world.refusal === 'key') return { ok: false, error: { ...failed.error, kind: 'key' } };
    return world.isDown ? failed : { ok: true, data };
  };
  const question = (name: string) => ({
    isShort: () => world.isShort,
    finish: (report: unknown) => void taken.push([name, report]),
    abandon: () => void taken.push([name, 'abandoned']),
  });
  const asks = {
    async getUnits({ limit, offset }: { limit: number; offset: number }): Promise<ApiResult<unknown[]>> {
      asked.push(`units ${offset}`);
      const over = world.overBudget.indexOf(offset);
      if (over >= 0) {
        world.overBudget.splice(over, 1);
        return { ok: false, error: { kind: 'limit', status: null, message: 'too many', traceId: null } };
      }
      return answer(world.pages?.shift() ?? world.units.slice(offset, offset + limit));
    },
    async getCalls() {
      asked.push('calls');
      return answer(world.calls);
    },
  };
  const request = ((name: keyof typeof asks, input: never) => asks[name](input)) as unknown as CadRequest;
  const resync = new Resync({
    api: { isEnabled: () => world.enabled, request },
    serverCount: () => world.servers,
    hasPlayers: () => world.players,
    beginUnitResync: () => question('units'),
    beginCallResync: () => question('calls'),
    clock,
    log: createRecordingLog(),
  });
  /** Advances the clock second by second, so that answers arrive in between. */
  async function pass(seconds: number): Promise<string[]> {
    const before = asked.length;
    for (let second = 0; second < seconds; second += 1) {
      clock.advance(1_000);
      await settled();
      await settled();
    }
    return asked.slice(before);
  }
  return { clock, resync, world, taken, pass };
}

const ids = (count: number, from = 0) => Array.from({ length: count }, (_each, index) => ({ id: from + index }));

describe('Resync', () => {
  it('fetches at the start even without players, and then once a minute while there are players', async () => {
    const { resync, pass, world } = setUp();
    world.players = false;
    resync.soon();
    expect(await pass(1)).toEqual(['units 0', 'calls']);
    expect(await pass(300)).toEqual([]);
    world.players = true;
    expect(await pass(120)).toHaveLength(4);
  });

  it('fetches less often when several servers share the key', async () => {
    const { resync, pass, world } = setUp();
    world.servers = 8;
    resync.soon();
    await pass(1);
    const asked = await pass(400);
    expect(asked.filter((what) => what === 'calls')).toHaveLength(3);
    expect(asked.filter((what) => what === 'units 0')).toHaveLength(2);
  });

  it('fetches once for many requested rounds, within the rate limit of the key', async () => {
    const { resync, pass, world } = setUp();
    world.players = false;
    resync.soon();
    await pass(30);
    for (let event = 0; event < 50; event += 1) resync.soon('units');
    expect(await pass(1)).toEqual(['units 0']);
    for (let event = 0; event < 50; event += 1) resync.soon('units');
    expect(await pass(10)).toEqual([]);
    expect(await pass(20)).toEqual(['units 0']);
  });

  it('never sends a request before soon() returns', () => {
    const { resync, clock, taken } = setUp();
    resync.soon();
    expect(taken).toEqual([]);
    expect(clock.waiting).toBe(2);
  });

  it('changes nothing when the CAD is unreachable, and fetches again even without players', async () => {
    const { resync, pass, world, taken } = setUp();
    world.players = false;
    world.isDown = true;
    resync.soon();
    await pass(1);
    expect(taken).toHaveLength(2);
    expect(taken).toEqual(
      expect.arrayContaining([
        ['units', 'abandoned'],
        ['calls', 'abandoned'],
      ]),
    );
    expect(resync.status().units).toEqual({ lastMs: null, failure: 'no answer' });
    world.isDown = false;
    expect((await pass(61)).sort()).toEqual(['calls', 'units 0']);
    expect(resync.status().units.failure).toBeNull();
  });

  it('does not repeat a fetch that the key or the plan does not allow while there are no players', async () => {
    const { resync, pass, world } = setUp();
    world.players = false;
    world.refusal = 'key';
    resync.soon();
    expect(await pass(1)).toHaveLength(2);
    expect(await pass(300)).toEqual([]);
    expect(resync.status().calls.failure).toBe('no answer');
  });

  it('applies the units of all pages', async () => {
    const { resync, pass, world, taken } = setUp();
    world.units = ids(250);
    resync.soon();
    expect(await pass(1)).toEqual(['units 0', 'calls', 'units 99', 'units 198']);
    expect((taken.find((each) => Array.isArray(each) && each[0] === 'units') as [string, unknown[]])[1]).toHaveLength(
      250,
    );
  });

  it('requests a page twice when earlier pages used up the rate limit', async () => {
    const { resync, pass, world, taken } = setUp();
    world.units = ids(350);
    world.overBudget = [297];
    resync.soon();
    expect(await pass(1)).toEqual(['units 0', 'calls', 'units 99', 'units 198', 'units 297', 'units 297']);
    expect((taken.find((each) => Array.isArray(each) && each[0] === 'units') as [string, unknown[]])[1]).toHaveLength(
      350,
    );
  });

  it.each([[[0]], [[297, 297]]])(
    'changes nothing when the rate limit refuses the pages with offsets %j',
    async (overBudget) => {
      const { resync, pass, world, taken } = setUp();
      world.units = ids(350);
      world.overBudget = overBudget;
      resync.soon();
      await pass(1);
      expect(taken).toContainEqual(['units', 'abandoned']);
    },
  );

  it('applies a list that is much shorter than the known one only when the CAD sends it twice', async () => {
    const { resync, pass, world, taken } = setUp();
    world.players = false;
    world.isShort = true;
    world.units = ids(1);
    resync.soon('units');
    await pass(1);
    expect(taken).toEqual([['units', 'abandoned']]);
    // The second fetch starts as soon as the rate limit allows, even without players.
    expect(await pass(20)).toEqual(['units 0']);
    expect(taken[1]).toEqual(['units', [expect.objectContaining({ id: 0 })]]);
    expect(await pass(120)).toEqual([]);
    resync.soon('units');
    await pass(1);
    expect(taken[2]).toEqual(['units', 'abandoned']);
  });

  it('applies a complete second answer, and fetches a later short one twice again', async () => {
    const { resync, pass, world, taken } = setUp();
    world.isShort = true;
    resync.soon('calls');
    await pass(1);
    world.isShort = false;
    await pass(12);
    world.isShort = true;
    await pass(60);
    expect(taken.map((each) => (each as unknown[])[1] === 'abandoned')).toEqual([true, false, true]);
  });

  it('keeps suspecting a short list when a failure comes in between', async () => {
    const { resync, pass, world, taken } = setUp();
    world.isShort = true;
    resync.soon('calls');
    await pass(1);
    world.isDown = true;
    await pass(12);
    expect(taken.map((each) => (each as unknown[])[1])).toEqual(['abandoned', 'abandoned']);
  });

  it('refuses a list that changed while it was read', async () => {
    const { resync, pass, world, taken } = setUp();
    // Unit 3 signed out between the two requests.
    world.pages = [ids(100), ids(60, 100)];
    resync.soon();
    await pass(1);
    expect(taken).toContainEqual(['units', 'abandoned']);
  });

  it.each([
    ['entries that are not units', () => ({ units: [{ id: 1 }, { name: 'nobody' }] })],
    [
      'entries that are not calls',
      () => ({ calls: { activeCalls: [{ title: 'x' }], closedCalls: [], emergencyCalls: [] } }),
    ],
  ])('refuses a list that contains %s', async (_what, change) => {
    const { resync, pass, world, taken } = setUp();
    Object.assign(world, change());
    resync.soon();
    await pass(1);
    expect(taken.filter((each) => JSON.stringify(each).includes('abandoned'))).toHaveLength(1);
  });

  it('fetches nothing while requests are switched off, and nothing after stop()', async () => {
    const { resync, pass, world } = setUp();
    world.enabled = false;
    resync.soon();
    expect(await pass(100)).toEqual([]);
    world.enabled = true;
    resync.stop();
    resync.soon();
    expect(await pass(100)).toEqual([]);
  });
});
