import { describe, expect, it } from '@jest/globals';
import type { ApiResult } from '../../../src/cad/api/results.ts';
import { UnitCommands } from '../../../src/commands/players/unit-commands.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { en } from '../../../src/notify/locales/en.ts';
import { fakeSource } from '../../config/fake-source.ts';
import { runState } from '../../game/state/run-state.ts';
import { createManualClock } from '../../manual-clock.ts';
import { createRecordingLog } from '../../recording-log.ts';

const done = { ok: true, data: {} } as const;
const settings = { name: 'dn', respond: 'respond', note: 'note', respondWhileDispatcherOnline: true };

function setUp() {
  const run = runState({ 7: ['license:abc'] });
  run.push('EVENT_UNIT_LOGIN', { unit: { id: 1, data: { unitNum: 'A-10', communityUserId: 'license:abc' } } });
  run.push('EVENT_DISPATCH_NEW', { dispatch: { callId: 5, title: 'Robbery', idents: [] } });
  run.push('EVENT_911', { call: { callId: 9, description: 'Fire' } });
  const asked: unknown[][] = [];
  const told: string[] = [];
  const log = createRecordingLog();
  const world = {
    onDuty: true,
    settings: { ...settings },
    result: done as ApiResult<object>,
    hold: null as Promise<void> | null,
  };
  async function answer<Data>(what: string, args: readonly unknown[], data: Data): Promise<ApiResult<Data>> {
    asked.push([what, ...args]);
    await world.hold;
    return world.result.ok ? { ok: true, data } : world.result;
  }
  const commands = new UnitCommands({
    desk: {
      attach: (...args) => answer('attach', args, {}),
      answer: (...args) => answer('answer', args, { callId: 77 }),
      note: (...args) => answer('note', args, {}),
    },
    state: run.state,
    audience: { onDuty: () => (world.onDuty ? [7] : []) },
    config: () => ({ ...loadConfig(fakeSource({})).config, unitCommands: world.settings }),
    texts: () => en.requests,
    tell: (_source, text) => void told.push(text),
    emit: (...args) => void asked.push(args),
    clock: createManualClock(),
    log,
  });
  /** Runs a command. @returns the answer that the player was shown */
  async function type(line: string, source = 7): Promise<string | undefined> {
    commands.run(source, line.split(' '));
    await new Promise(setImmediate);
    return told.pop();
  }
  return { run, world, asked, told, commands, log, type };
}

describe('/dn respond', () => {
  it('attaches the unit to an open dispatch call', async () => {
    const { type, asked } = setUp();
    expect(await type('respond 5')).toBe('You are responding to call 5.');
    expect(asked).toEqual([['attach', 5, 1]]);
  });

  it('creates one dispatch call from a 911 call, even if two units respond at the same time', async () => {
    const { commands, type, asked, world, told } = setUp();
    let release = () => {};
    world.hold = new Promise((resolve) => {
      release = resolve;
    });
    commands.run(7, ['RESPOND', '9']);
    expect(await type('respond 9')).toBe('Another unit is already answering call 9.');
    release();
    await new Promise(setImmediate);
    expect(told).toEqual(['You are responding to call 77.']);
    expect(asked).toEqual([
      ['answer', 9, 1],
      ['SonoranCAD::dispatchnotify:UnitRespond', 7, 77],
    ]);
  });

  it('tells the unit the number of the dispatch call that a 911 call became', async () => {
    const { type } = setUp();
    expect(await type('respond 9')).toBe('You are responding to call 77.');
  });

  it.each([
    ['there is no number', 'respond', 'Use /dn respond with the number of a call.'],
    ['there are two numbers', 'respond 5 6', 'Use /dn respond with the number of a call.'],
    ['the number is not decimal', 'respond 0x5', 'Use /dn respond with the number of a call.'],
    ['there is no such call', 'respond 404', 'There is no open call 404.'],
  ])('is refused without a request to the CAD if %s', async (_condition, line, answer) => {
    const { type, asked } = setUp();
    expect(await type(line)).toBe(answer);
    expect(asked).toEqual([]);
  });

  it('is refused while a dispatcher is online if respondWhileDispatcherOnline is false', async () => {
    const { type, run, world, asked } = setUp();
    run.push('EVENT_UNIT_LOGIN', { unit: { id: 2, isDispatch: true } });
    world.settings.respondWhileDispatcherOnline = false;
    expect(await type('respond 5')).toBe(en.requests.dispatcherDecides);
    run.push('EVENT_UNIT_LOGOUT', { identId: 2 });
    await type('respond 5');
    expect(asked).toHaveLength(1);
  });

  it('is refused to players without a unit and to units off duty', async () => {
    const { type, world, asked } = setUp();
    expect(await type('respond 5', 8)).toBe(en.requests.notOnDuty);
    world.onDuty = false;
    expect(await type('respond 5')).toBe(en.requests.notOnDuty);
    expect(asked).toEqual([]);
  });

  it('is limited to 6 a minute, with one notice for further ones', async () => {
    const { type, asked } = setUp();
    for (let time = 0; time < 6; time += 1) await type('respond 5');
    expect(await type('respond 5')).toBe(en.requests.tooMany);
    expect(await type('respond 5')).toBeUndefined();
    expect(asked).toHaveLength(6);
  });

  it('tells the unit that the CAD refused the request, without the reason', async () => {
    const { type, world } = setUp();
    world.result = { ok: false, error: { kind: 'plan', status: 402, message: 'secret', traceId: null } };
    expect(await type('respond 5')).toBe(en.requests.refused);
  });

  it('is refused and logged if the request throws, and leaves the 911 call to other units', async () => {
    const { type, world, log } = setUp();
    world.hold = Promise.reject(new Error('broken'));
    expect(await type('respond 9')).toBe(en.requests.refused);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { source: 7, reason: 'broken' } }]);
    world.hold = null;
    expect(await type('respond 9')).toBe('You are responding to call 77.');
  });
});

describe('/dn note', () => {
  it("adds the note to the unit's open call with the unit's number as author", async () => {
    const { type, run, asked } = setUp();
    expect(await type('note armed and dangerous')).toBe('You are not attached to any call.');
    run.push('EVENT_DISPATCH_UNIT_ATTACH', { callId: 5, idents: [1] });
    expect(await type('note armed and dangerous')).toBe('Note added to call 5.');
    expect(asked).toEqual([['note', 5, 'armed and dangerous', 'A-10']]);
    run.push('EVENT_DISPATCH_CLOSED', { callIds: [5] });
    expect(await type('note armed')).toBe('You are not attached to any call.');
  });

  it('answers an empty note with the usage', async () => {
    expect(await setUp().type('note')).toBe('Use /dn note with a text.');
  });
});

describe('UnitCommands', () => {
  it('uses the configured names of its commands', async () => {
    const { commands, world, asked } = setUp();
    world.settings.respond = 'take';
    expect(commands.run(7, ['respond', '5'])).toBe(false);
    expect(commands.run(7, ['take', '5'])).toBe(true);
    await new Promise(setImmediate);
    expect(asked).toHaveLength(1);
  });
});
