import { describe, expect, it } from '@jest/globals';
import type { CadRequest } from '../../src/cad/api/cad-api.ts';
import { withoutRepeatedCalls } from '../../src/cad/repeated-calls.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';

const FIRE = { isEmergency: true, caller: 'Ann', location: 'Pier', description: 'Fire' };

function setUp() {
  const clock = createManualClock();
  const asked: unknown[] = [];
  const world = { fails: false, hold: null as Promise<void> | null };
  const answer = async (name: string, input: unknown) => {
    asked.push([name, input]);
    await world.hold;
    return world.fails ? { ok: false, error: {} } : { ok: true, data: { callId: asked.length } };
  };
  const log = createRecordingLog();
  const request = withoutRepeatedCalls(answer as unknown as CadRequest, () => 1, { clock, log });
  return { clock, asked, world, request };
}

describe('withoutRepeatedCalls, for 911 calls with the same caller, location and description', () => {
  it('sends one within 10 s even if other fields differ, and answers both with its result', async () => {
    const { clock, asked, request } = setUp();
    const first = request('create911', FIRE);
    clock.advance(9_000);
    expect(await request('create911', { ...FIRE, caller: ' Ann ', serverId: 1, metaData: { plate: 'X' } })).toEqual(
      await first,
    );
    expect(asked).toHaveLength(1);
    clock.advance(1_000);
    await request('create911', FIRE);
    expect(asked).toHaveLength(2);
  });

  it('sends one while the first is waiting for the rate limit', async () => {
    const { clock, asked, world, request } = setUp();
    let release = () => {};
    world.hold = new Promise((resolve) => {
      release = resolve;
    });
    const answers = [request('create911', FIRE)];
    clock.advance(25_000);
    answers.push(request('create911', FIRE));
    release();
    expect(await answers[1]).toEqual(await answers[0]);
    expect(asked).toHaveLength(1);
  });

  it('sends both when the first failed, when a text differs, and when the servers differ', async () => {
    const { asked, world, request } = setUp();
    world.fails = true;
    await request('create911', FIRE);
    world.fails = false;
    await request('create911', FIRE);
    for (const other of [{ caller: 'Bob' }, { location: 'Alta St' }, { description: 'Smoke' }, { serverId: 2 }])
      await request('create911', { ...FIRE, ...other });
    expect(asked).toHaveLength(6);
  });

  it('sends both when the first was removed in between', async () => {
    const { asked, request } = setUp();
    await request('create911', FIRE);
    await request('remove911', { callId: 9 });
    await request('create911', FIRE);
    expect(asked).toHaveLength(2);
    await request('remove911', { callId: 1 });
    await request('create911', FIRE);
    expect(asked).toHaveLength(4);
  });

  it('remembers at most 200 calls, and never joins other requests', async () => {
    const { asked, request } = setUp();
    for (let call = 0; call < 300; call += 1) await request('create911', { ...FIRE, caller: String(call) });
    await request('create911', { ...FIRE, caller: '0' });
    for (let time = 0; time < 2; time += 1) await request('remove911', { callId: 7 });
    expect(asked).toHaveLength(303);
  });
});
