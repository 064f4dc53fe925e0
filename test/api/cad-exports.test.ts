import { describe, expect, it } from '@jest/globals';
import type { Performed } from '../../src/api/perform-api-request.ts';
import { setUpApiExports } from './set-up-api-exports.ts';

describe('exports about calls', () => {
  it('call911 takes its arguments by place, a Lua vector among them, and answers in the old text', async () => {
    const { exported, asked, answers } = setUpApiExports();
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
    const { call, asked, answers } = setUpApiExports();
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
    const { call, asked } = setUpApiExports();
    expect(await call(name, ...args)).toEqual([7, true]);
    expect(asked).toEqual([request]);
  });

  it.each(['remove911', 'addCallNote', 'setCallPostal', 'createDispatchCall', 'addBlip', 'addBlips', 'removeBlip'])(
    '%s says so when its arguments are shifted, and asks for nothing',
    async (name) => {
      const { call, asked, log } = setUpApiExports();
      await call(name);
      expect(asked).toEqual([]);
      expect(log.lines).toMatchObject([{ level: 'warn', fields: { resource: 'robbery', export: name } }]);
    },
  );
});

describe('performApiRequest', () => {
  it('answers names of version 4 with what the CAD answered', async () => {
    const { exported, answers, call } = setUpApiExports();
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
    const { asked, answers, call } = setUpApiExports();
    for (const name of ['createDispatch', 'create911', 'setUnitStatus', 'createBlip']) answers[name] = answer;
    const [result, ok, response] = await call('performApiRequest', [data], type);
    expect([result, ok]).toEqual([text, true]);
    expect(response).toEqual(type === 'REMOVE_911' ? {} : answer);
    expect(asked).toHaveLength(1);
  });

  it('gives the reason as text when it failed, and names the resource to the operator', async () => {
    const { exported, world, call, log } = setUpApiExports();
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
    const { exported, call, asked } = setUpApiExports();
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
    const { exported, log, answers } = setUpApiExports();
    answers.getBlips = [];
    const failing = () => {
      throw new Error('the resource has stopped');
    };
    exported.remove911?.(7, failing);
    exported.removeWithSubtype?.('tow', failing);
    exported.CadIsPlayerLinked?.('license:abc', failing);
    exported.remove911?.(8, async () => failing());
    expect(await exported.performApiRequest?.({}, 'GET_SERVERS', failing)).toMatchObject({ success: true });
    await new Promise(setImmediate);
    expect(log.lines).toHaveLength(5);
    for (const line of log.lines) {
      expect(line).toMatchObject({
        level: 'warn',
        fields: { resource: 'robbery', reason: 'the resource has stopped' },
      });
    }
  });
});

describe('exports that look something up', () => {
  it('find by plate, and all who are wanted', async () => {
    const { call, asked, exported } = setUpApiExports();
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
    const { call, asked, world, exported } = setUpApiExports();
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
