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
    const place = { x: '1.5', y: '2', z: '3' };
    const metaData = {
      postal: '9001',
      plate: 'ABC',
      ...place,
      silentAlert: 'true',
      useCallLocation: 'false',
      floor: '3',
    };
    expect(asked).toEqual([
      ['create911', { isEmergency: true, caller: 'Ann', location: 'Pier', description: 'Fire', metaData }],
    ]);
  });

  it.each([
    ['a vector', [[1.5, 2, 3], 'Fire', '9001'], '1.5, 2.0, 3.0'],
    ['a callback', ['Pier', 'Fire', '9001', 'ABC', () => {}], 'Pier'],
  ])('call911 sees by %s that a dot in Lua has lost the caller', (_what, args, location) => {
    const { exported, asked, log } = setUpApiExports();
    exported.call911?.(...args);
    expect(asked).toMatchObject([['create911', { caller: '', location, description: 'Fire' }]]);
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { export: 'call911' } }]);
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

  it.each(
    `remove911 addCallNote setCallPostal createDispatchCall addBlip addBlips removeBlip removeWithSubtype modifyBlipd
      addTempBlipData performLookup`.split(/\s+/),
  )('%s says so when its arguments are shifted, also to the callback, and asks for nothing', async (name) => {
    const { call, asked, log } = setUpApiExports();
    expect(await call(name)).toEqual([expect.stringContaining('do not fit'), false]);
    expect(asked).toEqual([]);
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { resource: 'robbery', export: name } }]);
  });
});

describe('performApiRequest', () => {
  it('answers names of version 4 with what the CAD answered', async () => {
    const { exported, answers, call } = setUpApiExports();
    answers.createDispatch = { callId: 8, title: 'Robbery' };
    expect(await call('performApiRequest', { title: 'Robbery' }, 'CREATE_DISPATCH_CALL')).toEqual([
      answers.createDispatch,
      true,
      { success: true, data: answers.createDispatch, callId: 8 },
    ]);
    const performed = (await exported.performApiRequest?.({ title: 'Robbery' }, 'create_call')) as Performed;
    expect(performed).toEqual({ success: true, data: answers.createDispatch, callId: 8 });
  });

  it.each([
    ['NEW_DISPATCH', { title: 'Robbery' }, { callId: 7 }, 'NEW DISPATCH CREATED - ID: 7'],
    ['UNIT_STATUS', { apiId: 'license:abc', status: 3 }, { updated: 1, status: 'ENROUTE' }, expect.any(String)],
    ['REMOVE_911', { callId: 7 }, {}, expect.any(String)],
    ['ADD_BLIP', { blip: { subType: 'x' } }, { id: 4 }, expect.any(String)],
  ])('answers %s, a name of version 1, with text', async (type, data, answer, text) => {
    const { asked, answers, call } = setUpApiExports();
    for (const name of ['createDispatch', 'create911', 'setUnitStatus', 'createBlip']) answers[name] = answer;
    const [result, ok, performed] = await call('performApiRequest', [data], type);
    expect([result, ok]).toEqual([text, true]);
    const given = type === 'REMOVE_911' ? {} : type === 'ADD_BLIP' ? [answer] : answer;
    expect(performed).toMatchObject({ success: true, data: given });
    expect(asked).toHaveLength(1);
  });

  it('gives the reason as text when it failed, and names the resource to the operator', async () => {
    const { exported, world, call, log } = setUpApiExports();
    world.fails = true;
    expect(await call('performApiRequest', { title: 'x' }, 'NEW_DISPATCH')).toEqual([
      'needs a plan',
      false,
      { success: false, reason: 'needs a plan' },
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

  it('sends nothing of a list with several tables, but for requests of which each is one', async () => {
    const { exported, asked, call, log } = setUpApiExports();
    const several = [{ description: 'a' }, { description: 'b' }];
    const reason = expect.stringContaining('got a list with several');
    expect(await call('performApiRequest', several, 'CALL_911')).toEqual([reason, false, { success: false, reason }]);
    expect(asked).toEqual([]);
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { export: 'performApiRequest CALL_911', reason } }]);
    for (const type of ['CREATE_BLIPS', 'SET_POSTALS']) await exported.performApiRequest?.(several, type);
    expect(asked.map(([name]) => name)).toEqual(['createBlip', 'createBlip', 'setPostals']);
  });

  it('says what it does not know, and takes arguments of any kind', async () => {
    const { exported, call, asked } = setUpApiExports();
    const reason = 'There is no request of the type MAKE_COFFEE.';
    expect(await call('performApiRequest', {}, 'MAKE_COFFEE')).toEqual([reason, false, { success: false, reason }]);
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

describe('what scripts made for version 4 look into', () => {
  it.each([
    ['CALL_911', { caller: 'Ann' }, 'create911', { callId: 7, caller: 'Ann' }, { callId: 7, caller: 'Ann' }],
    ['GET_VERSION', {}, 'getVersion', { version: 4 }, '4'],
    ['KICK_UNIT', { communityUserId: 'a' }, 'kickUnit', { identId: 1 }, { ok: true }],
    [
      'CREATE_RECORD',
      { user: 'a' },
      'createRecord',
      { id: 5, recordTypeId: 7 },
      { id: 5, recordTypeId: 7, recordId: 5 },
    ],
    ['CREATE_BLIPS', { icon: 'a' }, 'createBlip', { id: 4 }, [{ id: 4 }]],
    ['UPDATE_BLIPS', [{ id: 4, icon: 'a' }], 'updateBlip', { id: 4 }, { ok: true }],
  ])('%s gives what the official resource gives', async (type, data, endpoint, answer, given) => {
    const { answers, call, exported } = setUpApiExports();
    answers[endpoint] = answer;
    expect(await call('performApiRequest', data, type)).toMatchObject([given, true, { success: true, data: given }]);
    expect(await exported.performApiRequest?.(data, type)).toMatchObject({ success: true, data: given });
  });

  it('several blips are as many requests, of which the CAD refuses none for its limit in the first minute', async () => {
    const { answers, asked, call, world } = setUpApiExports();
    answers.createBlip = { id: 4 };
    const blips = Array.from({ length: 12 }, () => ({ icon: 'a' }));
    expect((await call('performApiRequest', blips, 'CREATE_BLIPS'))[0]).toHaveLength(12);
    world.failsAfter = 13;
    expect((await call('performApiRequest', blips, 'CREATE_BLIPS'))[1]).toBe(false);
    expect(asked).toHaveLength(14);
    expect((await call('performApiRequest', [], 'CREATE_BLIPS'))[1]).toBe(false);
  });
});

describe('exports that look something up', () => {
  it('find by plate, what is usual unless it is said', async () => {
    const { call, asked, answers, exported } = setUpApiExports();
    answers.lookup = [{ id: 1 }];
    expect(await call('performLookup', 'ABC 123')).toEqual(['[{"id":1}]', true]);
    for (const options of [{ types: [5] }, [5, 7], { last: 'Doe', partial: true }])
      await new Promise((resolve) => exported.performLookup?.('ABC 123', resolve, options));
    expect(asked).toEqual([
      ['lookup', { partial: false, types: [2, 3, 4, 5], plate: 'ABC 123' }],
      ['lookup', { partial: false, types: [5], plate: 'ABC 123' }],
      ['lookup', { partial: false, types: [5, 7], plate: 'ABC 123' }],
      ['lookup', { partial: true, types: [2, 3, 4, 5], last: 'Doe', plate: 'ABC 123' }],
    ]);
  });

  it('find all who are wanted, of each status page by page', async () => {
    const { call, asked, answers } = setUpApiExports();
    const pages = [[{ id: 1 }, { id: 2 }], [{ id: 3 }], []];
    answers.lookupByValue = () => pages.shift() ?? [];
    const meta = { ok: true, pages: 3, limit: 2, offset: 0, statuses: [0, 1] };
    expect(await call('getAllWarrantsAndBolos', { pageSize: 2 })).toEqual([[{ id: 1 }, { id: 2 }, { id: 3 }], meta]);
    const by = { searchType: 2, types: [2, 3], limit: 2 };
    expect(asked).toEqual([
      ['lookupByValue', { ...by, value: 0, offset: 0 }],
      ['lookupByValue', { ...by, value: 0, offset: 2 }],
      ['lookupByValue', { ...by, value: 1, offset: 0 }],
    ]);
  });

  it('find the wanted as their options say, no further than they say, and tell why they cannot', async () => {
    const { call, asked, answers, world } = setUpApiExports();
    answers.lookupByValue = { records: [{ id: 1 }] };
    const options = { statuses: ['Open', 'pending', 'open'], types: [3], page: 3, limit: 1, maxPages: 2 };
    expect((await call('getAllWarrantsAndBolos', options))[1]).toEqual({
      ...{ ok: true, pages: 2, limit: 1, offset: 2, statuses: [0, 2], truncated: true },
    });
    expect(asked.map(([, input]) => (input as { offset: number }).offset)).toEqual([2, 3]);
    answers.lookupByValue = Array.from({ length: 100 }, () => ({ id: 1 }));
    expect((await call('getAllWarrantsAndBolos'))[1]).toMatchObject({ pages: 30, truncated: true });
    world.fails = true;
    expect(await call('getAllWarrantsAndBolos')).toEqual([null, { ok: false, error: 'needs a plan' }]);
  });

  it('keep what they found about a plate for 60 s, or for as long as a script says, at most 10 min', async () => {
    const { exported, asked, clock } = setUpApiExports();
    const lookUp = async (options?: unknown) => {
      const before = asked.length;
      exported.cadGetPlateInformation?.(' Abc123', () => {}, options);
      for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate);
      return asked.length > before;
    };
    const afterwards = (milliseconds: number) => {
      clock.advance(milliseconds);
      return lookUp();
    };
    expect([await lookUp(), await afterwards(59_999), await afterwards(1)]).toEqual([true, false, true]);
    expect([await lookUp({ bypassCache: true }), await lookUp({ forceRefresh: true })]).toEqual([true, true]);
    await lookUp({ forceRefresh: true, cacheTtlMs: 5_000 });
    expect([await afterwards(4_999), await afterwards(1)]).toEqual([false, true]);
    await lookUp({ forceRefresh: true, cacheTtlMs: 3_600_000 });
    expect([await afterwards(599_999), await afterwards(1)]).toEqual([false, true]);
    // What one script does not want kept is not kept for another.
    clock.advance(60_000);
    expect([await lookUp({ bypassCache: true }), await lookUp()]).toEqual([true, true]);
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
    expect(await call('CadIsPlayerLinked', '')).toEqual([false]);
    world.fails = false;
    let told: unknown;
    const given = exported.CadIsPlayerLinked?.('license:abc', (linked: unknown) => {
      told = linked;
    });
    expect([await given, told]).toEqual([true, true]);
  });
});
