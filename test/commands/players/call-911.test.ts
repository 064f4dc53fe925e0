import { describe, expect, it } from '@jest/globals';
import type { CadRequest } from '../../../src/cad/api/cad-api.ts';
import type { ApiInput } from '../../../src/cad/api/endpoints.ts';
import type { ApiResult } from '../../../src/cad/api/results.ts';
import { createCall911Handler, EmergencyCalls } from '../../../src/commands/players/call-911.ts';
import { loadConfig } from '../../../src/config/load.ts';
import { en } from '../../../src/notify/locales/en.ts';
import { fakeSource } from '../../config/fake-source.ts';
import { createManualClock } from '../../manual-clock.ts';
import { createRecordingLog } from '../../recording-log.ts';

const positional = ['Ann', 'Pier', 'Fire!', '9001', 'ABC 123', null, true, 'false', 10];

function setUp(allowed: 'limited' | 'ace' | 'off' = 'limited') {
  const made: ApiInput<'create911'>[] = [];
  const told: [number, string][] = [];
  const clock = createManualClock();
  const answer: { result: ApiResult<{ callId: number }>; hold?: Promise<void> } = {
    result: { ok: true, data: { callId: 7 } },
  };
  const log = createRecordingLog();
  const calls = new EmergencyCalls({
    config: () => ({ ...loadConfig(fakeSource({})).config, call911FromClients: allowed }),
    hasAce: (source, permission) => source === 3 && permission === 'sonorancad.call911',
    players: {
      identifiersOf: () => [],
      sessionOf: () => null,
      watch: () => {},
      linkedIdentityOf: () => null,
      coordinatesOf: (source) => (source === 1 ? { x: 1.5, y: 2, z: 3 } : null),
    },
    identityOf: (source) => (source === 1 ? 'license:abc' : null),
    links: { formToWrite: (identity) => identity.replace('license:', '') },
    request: (async (_name: 'create911', call: ApiInput<'create911'>) => {
      made.push(call);
      await answer.hold;
      return answer.result;
    }) as CadRequest,
    tell: (source, text) => void told.push([source, text]),
    texts: () => en.requests,
    clock,
    log,
  });
  const receive = createCall911Handler(calls, { log, caller: () => 'robbery' });
  return { receive, made, told, clock, answer, log };
}

describe('911 call by SonoranScripts::Call911', () => {
  it('is made from positional arguments and from one table with the same names', () => {
    const { receive, made } = setUp();
    receive(null, positional);
    const [caller, location, description, postal, plate, , silenceAlert, useCallLocation, deleteAfter] = positional;
    receive(null, [{ caller, location, description, postal, plate, silenceAlert, useCallLocation, deleteAfter }]);
    expect(made).toEqual([
      {
        isEmergency: true,
        caller: 'Ann',
        location: 'Pier',
        description: 'Fire!',
        deleteAfterMinutes: 10,
        metaData: { postal: '9001', plate: 'ABC 123', silentAlert: 'true', useCallLocation: 'false' },
      },
      made[0],
    ]);
  });

  it("has the server's data about the calling player, and ignores the same fields of the game", () => {
    const { receive, made } = setUp();
    receive(1, [{ description: 'Fire', metaData: { callerPlayerId: '99', x: '0' }, callerPlayerId: 99, x: 0 }]);
    receive(2, [{ description: 'Fire' }]);
    expect(made[0]?.metaData).toEqual({
      silentAlert: 'false',
      useCallLocation: 'false',
      callerPlayerId: '1',
      callerCommunityUserId: 'abc',
      x: '1.5',
      y: '2',
      z: '3',
    });
    expect(made[1]?.metaData).toEqual({ silentAlert: 'false', useCallLocation: 'false', callerPlayerId: '2' });
  });

  it('is limited to 2 a minute for one player and 8 for all players, with one notice for each refused player', () => {
    const { receive, made, told, clock } = setUp();
    for (let time = 0; time < 5; time += 1) receive(1, positional);
    expect(made).toHaveLength(2);
    expect(told).toEqual([[1, en.requests.tooMany]]);
    for (let source = 2; source < 40; source += 1) receive(source, positional);
    expect(made).toHaveLength(8);
    clock.advance(60_000);
    receive(1, positional);
    expect(made).toHaveLength(9);
  });

  it.each([
    [['Ann', 'Fire', '9001'], '', 'Fire', '9001'],
    [['Ann', 'Fire', 9001, null], '', 'Fire', '9001'],
    [['Ann', 'Fire'], '', 'Fire', undefined],
    [['Ann', 'Pier', 'Fire'], 'Pier', 'Fire', undefined],
    [['Ann', 'Pier', '10', '9001'], 'Pier', '10', '9001'],
  ])('is read correctly with and without the location: %j', (args, location, description, postal) => {
    const { receive, made } = setUp();
    receive(null, args);
    expect(made).toEqual([expect.objectContaining({ caller: 'Ann', location, description })]);
    expect(made[0]?.metaData?.postal).toBe(postal);
  });

  it.each<unknown>([{ valueOf: 1, toString: 1 }, [[null]], true, 'soon', 0, -5, 1.5])(
    'is made without deleteAfterMinutes if deleteAfter is %j',
    (deleteAfter) => {
      const { receive, made } = setUp();
      receive(1, [{ description: 'Fire', deleteAfter }]);
      expect(made[0]).not.toHaveProperty('deleteAfterMinutes');
    },
  );

  it('does not count towards the limit if it has no description', () => {
    const { receive, made } = setUp();
    for (let time = 0; time < 5; time += 1) receive(1, ['Ann', 'Pier', ' ']);
    receive(1, positional);
    expect(made).toHaveLength(1);
  });

  it('is neither limited nor disallowed for other resources', () => {
    const { receive, made } = setUp('off');
    for (let time = 0; time < 50; time += 1) receive(null, positional);
    expect(made).toHaveLength(50);
  });

  it('is refused to all games by call911FromClients off, and to games without the permission by ace', () => {
    const off = setUp('off');
    off.receive(3, positional);
    expect(off.made).toEqual([]);
    const ace = setUp('ace');
    ace.receive(2, positional);
    ace.receive(3, positional);
    expect(ace.made).toHaveLength(1);
  });

  it('has texts truncated to 500 characters, and is not made without a description', () => {
    const { receive, made } = setUp();
    receive(1, ['a'.repeat(10_000), {}, 'd'.repeat(10_000), [], Number.NaN, () => {}]);
    expect([made[0]?.caller.length, made[0]?.description.length, made[0]?.location]).toEqual([500, 500, '']);
    for (const nothing of [[], [null], [{}], [{ description: '  ' }], ['Ann', 'Pier', {}], [[1]]]) receive(2, nothing);
    expect(made).toHaveLength(1);
  });

  it('logs the resource whose callback throws', async () => {
    const { receive, log } = setUp();
    receive(null, [
      'Ann',
      'Pier',
      'Fire',
      () => {
        throw new Error('in the callback');
      },
    ]);
    await new Promise(setImmediate);
    const fields = { resource: 'robbery', export: 'SonoranScripts::Call911', reason: 'in the callback' };
    expect(log.lines).toMatchObject([{ level: 'warn', fields }]);
  });

  it('passes the result to the callback of a resource, but not to one of a game', async () => {
    const { receive, answer, told } = setUp();
    const called: unknown[][] = [];
    const callback = (...args: unknown[]) => void called.push(args);
    receive(null, ['Ann', 'Pier', 'Fire', '', '', callback]);
    await new Promise(setImmediate);
    answer.result = { ok: false, error: { kind: 'unreachable', status: null, message: 'no answer', traceId: null } };
    receive(null, ['Ann', 'Pier', 'Fire', '', '', callback]);
    receive(1, ['Ann', 'Pier', 'Fire', '', '', callback]);
    await new Promise(setImmediate);
    receive(null, ['Ann', 'Pier', '', '', '', callback]);
    expect(called).toEqual([
      ['EMERGENCY CALL ADDED ID: 7', true],
      ['no answer', false],
      [expect.stringContaining('no description'), false],
    ]);
    expect(told).toEqual([[1, en.requests.callFailed]]);
  });

  it('is answered as failed, and logged with the reason, if the request throws', async () => {
    const { receive, answer, told, log } = setUp();
    const called: unknown[][] = [];
    answer.hold = Promise.reject(new Error('broken'));
    receive(null, ['Ann', 'Pier', 'Fire', '', '', (...args: unknown[]) => void called.push(args)]);
    receive(1, positional);
    await new Promise(setImmediate);
    expect(called).toEqual([['broken', false]]);
    expect(told).toEqual([[1, en.requests.callFailed]]);
    expect(log.lines).toMatchObject([
      { level: 'warn', fields: { source: null, reason: 'broken' } },
      { level: 'warn', fields: { source: 1, reason: 'broken' } },
    ]);
  });
});
