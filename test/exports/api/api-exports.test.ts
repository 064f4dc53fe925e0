import { describe, expect, it } from '@jest/globals';
import type { ApiResult } from '../../../src/cad/api/api-result.ts';
import type { CadRequest } from '../../../src/cad/api/cad-request.ts';
import { provideBlipExports } from '../../../src/exports/api/blip-exports.ts';
import { provideCallExports } from '../../../src/exports/api/call-exports.ts';
import { provideLinkExports } from '../../../src/exports/api/link-exports.ts';
import { provideLookupExports } from '../../../src/exports/api/lookup-exports.ts';
import { type Performed, providePerformApiRequest } from '../../../src/exports/api/perform-api-request.ts';
import { createCallerWarnings } from '../../../src/exports/caller-warnings.ts';
import { createManualClock } from '../../manual-clock.ts';
import { createRecordingLog } from '../../recording-log.ts';

type Export = (...args: unknown[]) => unknown;
const refused = { ok: false, error: { kind: 'plan', status: 402, message: 'needs a plan', traceId: 't' } } as const;

function setUp() {
  const exported: Record<string, Export> = {};
  const asked: unknown[][] = [];
  const answers: { [name: string]: unknown } = {};
  const log = createRecordingLog();
  const clock = createManualClock();
  const world = { fails: false, linked: true };
  const context = {
    events: {
      provide(name: string, callback: Export) {
        exported[name] = callback;
      },
      caller: () => 'robbery',
    },
    request: (async (name: string, input: unknown) => {
      asked.push([name, input]);
      return world.fails ? refused : { ok: true, data: answers[name] ?? {} };
    }) as unknown as CadRequest,
    warnings: createCallerWarnings(log, 'sonorancad'),
    log,
    clock,
    isLinked: async (identity: string): Promise<ApiResult<boolean>> => {
      asked.push(['isLinked', identity]);
      return world.fails ? refused : { ok: true, data: world.linked };
    },
  };
  for (const provide of [provideCallExports, provideBlipExports, provideLookupExports, provideLinkExports]) {
    provide(context);
  }
  providePerformApiRequest(context);
  /** Calls an export with a callback at its end. @returns what the callback got */
  async function call(name: string, ...args: unknown[]): Promise<unknown[]> {
    let told: unknown[] = [];
    exported[name]?.(...args, (...given: unknown[]) => {
      told = given;
    });
    for (let turn = 0; turn < 4; turn += 1) await new Promise(setImmediate);
    return told;
  }
  return { exported, asked, answers, world, log, clock, call };
}

describe('exports about calls', () => {
  it('call911 takes its arguments by place, a Lua vector among them, and answers in the old text', async () => {
    const { exported, asked, answers } = setUp();
    answers.create911 = { callId: 7 };
    const told = await new Promise<unknown[]>((resolve) => {
      const callback = (...args: unknown[]) => resolve(args);
      exported.call911?.('Ann', 'Pier', 'Fire', '9001', 'ABC', callback, [1.5, 2, 3], { silentAlert: true, floor: 3 });
    });
    expect(told).toEqual(['EMERGENCY CALL ADDED ID: 7', true]);
    const metaData = { postal: '9001', plate: 'ABC', x: '1.5', y: '2', z: '3', silentAlert: 'true', floor: '3' };
    expect(asked).toEqual([
      ['create911', { isEmergency: true, caller: 'Ann', location: 'Pier', description: 'Fire', metaData }],
    ]);
  });

  it('createDispatchCall takes what performApiRequest takes', async () => {
    const { call, asked, answers } = setUp();
    answers.createDispatch = { callId: 8 };
    expect(
      await call('createDispatchCall', [{ title: 'Robbery', units: ['license:abc'], metaData: { x: 1 } }]),
    ).toEqual(['NEW DISPATCH CREATED - ID: 8', true]);
    expect(asked).toMatchObject([['createDispatch', { title: 'Robbery', metaData: { x: '1' } }]]);
  });

  it.each([
    ['remove911', ['7'], ['remove911', { callId: 7 }]],
    ['addCallNote', [7, 'armed'], ['addNote', { callId: 7, note: 'armed' }]],
    ['setCallPostal', [7, 9001], ['setPostal', { callId: 7, postal: '9001' }]],
  ])('%s asks for it', async (name, args, request) => {
    const { call, asked } = setUp();
    expect(await call(name, ...args)).toEqual([7, true]);
    expect(asked).toEqual([request]);
  });

  it.each(['remove911', 'addCallNote', 'setCallPostal', 'createDispatchCall', 'addBlip', 'addBlips', 'removeBlip'])(
    '%s says so when its arguments are shifted, and asks for nothing',
    async (name) => {
      const { call, asked, log } = setUp();
      await call(name);
      expect(asked).toEqual([]);
      expect(log.lines).toMatchObject([{ level: 'warn', fields: { resource: 'robbery', export: name } }]);
    },
  );
});

describe('performApiRequest', () => {
  it('answers names of version 4 with what the CAD answered', async () => {
    const { exported, answers, call } = setUp();
    answers.createDispatch = { callId: 8, title: 'Robbery' };
    expect(await call('performApiRequest', { title: 'Robbery' }, 'CREATE_DISPATCH_CALL')).toEqual([
      answers.createDispatch,
      true,
      answers.createDispatch,
    ]);
    const performed = (await exported.performApiRequest?.({ title: 'Robbery' }, 'create_call')) as Performed;
    expect(performed).toEqual({ success: true, data: answers.createDispatch, callId: 8 });
  });

  it.each([
    ['NEW_DISPATCH', { title: 'Robbery' }, { callId: 7 }, 'NEW DISPATCH CREATED - ID: 7'],
    ['CALL_911', { caller: 'Ann', description: 'Fire' }, { callId: 7 }, 'EMERGENCY CALL ADDED ID: 7'],
    ['UNIT_STATUS', { apiId: 'license:abc', status: 3 }, { updated: 1, status: 'ENROUTE' }, expect.any(String)],
    ['REMOVE_911', { callId: 7 }, {}, expect.any(String)],
    ['ADD_BLIP', { blip: { subType: 'x' } }, { id: 4 }, expect.any(String)],
  ])('answers %s, a name of version 1, with text', async (type, data, answer, text) => {
    const { asked, answers, call } = setUp();
    for (const name of ['createDispatch', 'create911', 'setUnitStatus', 'createBlip']) answers[name] = answer;
    const [result, ok, response] = await call('performApiRequest', [data], type);
    expect([result, ok]).toEqual([text, true]);
    expect(response).toEqual(type === 'REMOVE_911' ? {} : answer);
    expect(asked).toHaveLength(1);
  });

  it('gives the reason as text when it failed, and names the resource to the operator', async () => {
    const { exported, world, call, log } = setUp();
    world.fails = true;
    expect(await call('performApiRequest', { title: 'x' }, 'NEW_DISPATCH')).toEqual([
      'needs a plan',
      false,
      'needs a plan',
    ]);
    expect(await exported.performApiRequest?.({ title: 'x' }, 'NEW_DISPATCH')).toEqual({
      success: false,
      reason: 'needs a plan',
    });
    expect(log.lines[0]).toMatchObject({
      level: 'warn',
      fields: { resource: 'robbery', export: 'performApiRequest NEW_DISPATCH', reason: 'needs a plan' },
    });
  });

  it('says what it does not know, and takes arguments of any kind', async () => {
    const { exported, call, asked } = setUp();
    expect(await call('performApiRequest', {}, 'MAKE_COFFEE')).toEqual([
      'There is no request of the type MAKE_COFFEE.',
      false,
    ]);
    for (const args of [[], [null], ['CALL_911'], [() => {}], [{}, 5]]) {
      expect(await exported.performApiRequest?.(...args)).toMatchObject({ success: false });
    }
    expect(asked).toEqual([]);
    expect(exported.registerApiType?.('X', 'general')).toBe('general');
  });
});

describe('a callback that fails, or whose resource has stopped', () => {
  it('is reported with the name of its resource, and nothing else happens', async () => {
    const { exported, log, answers } = setUp();
    answers.getBlips = [];
    const failing = () => {
      throw new Error('the resource has stopped');
    };
    exported.remove911?.(7, failing);
    exported.removeWithSubtype?.('tow', failing);
    expect(await exported.performApiRequest?.({}, 'GET_SERVERS', failing)).toMatchObject({ success: true });
    await new Promise(setImmediate);
    expect(log.lines).toHaveLength(3);
    for (const line of log.lines) {
      expect(line).toMatchObject({
        level: 'warn',
        fields: { resource: 'robbery', reason: 'the resource has stopped' },
      });
    }
  });
});

describe('exports about marks on the map', () => {
  it('add one or several', async () => {
    const { call, asked, answers } = setUp();
    answers.createBlip = { id: 4 };
    expect(await call('addBlip', { x: 1, y: 2 }, '#ff0000', 'tow', 'Tow truck', 'icon', [])).toEqual([{ id: 4 }, true]);
    expect(await call('addBlips', [{ subType: 'a' }, { subType: 'b' }])).toEqual([[{ id: 4 }, { id: 4 }], true]);
    expect(asked[0]).toEqual([
      'createBlip',
      { coordinates: { x: 1, y: 2 }, color: '#ff0000', subType: 'tow', tooltip: 'Tow truck', icon: 'icon', data: [] },
    ]);
  });

  it('remove by number or by kind', async () => {
    const { call, asked, answers } = setUp();
    answers.getBlips = [
      { id: 1, subType: 'tow' },
      { id: 2, subType: 'taxi' },
      { id: '3', subType: 'tow' },
    ];
    expect(await call('removeBlip', [1, '2'])).toEqual([[1, 2], true]);
    expect(await call('removeWithSubtype', 'tow')).toEqual([[1, 3], true]);
    expect(await call('removeWithSubtype', 'bus')).toEqual([[], true]);
    expect(asked.filter(([name]) => name === 'deleteBlips')).toHaveLength(2);
  });

  it('change for a while, and back', async () => {
    const { exported, asked, clock } = setUp();
    exported.addTempBlipColor?.(4, '#ff0000', 5, '#00ff00');
    clock.advance(5_000);
    expect(asked).toEqual([
      ['updateBlip', { color: '#ff0000', blipId: 4 }],
      ['updateBlip', { color: '#00ff00', blipId: 4 }],
    ]);
  });
});

describe('exports that look something up', () => {
  it('find by plate, and all who are wanted', async () => {
    const { call, asked, exported } = setUp();
    await new Promise((resolve) => exported.performLookup?.('ABC 123', resolve, { types: [5] }));
    await call('getAllWarrantsAndBolos');
    expect(asked).toEqual([
      ['lookup', { partial: false, types: [5], plate: 'ABC 123' }],
      ['lookup', { types: [2, 3], partial: true }],
    ]);
  });
});

describe('CadIsPlayerLinked', () => {
  it('tells the callback yes or no, with the kind of identifier beside it or in it', async () => {
    const { call, asked, world, exported } = setUp();
    expect(await call('CadIsPlayerLinked', 'license:abc')).toEqual([true]);
    expect(await call('CadIsPlayerLinked', 'abc', 'license')).toEqual([true]);
    expect(asked).toEqual([
      ['isLinked', 'license:abc'],
      ['isLinked', 'license:abc'],
    ]);
    world.fails = true;
    expect(await call('CadIsPlayerLinked', 'license:abc')).toEqual([false]);
    expect(await exported.CadIsPlayerLinked?.('license:abc')).toBe(false);
    expect(await exported.CadIsPlayerLinked?.()).toBe(false);
  });
});
