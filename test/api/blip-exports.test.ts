import { describe, expect, it } from '@jest/globals';
import { setUpApiExports } from './set-up-api-exports.ts';

describe('exports about marks on the map', () => {
  it('add one or several', async () => {
    const { call, asked, answers } = setUpApiExports();
    answers.createBlip = { id: 4 };
    const added = await call('addBlip', { x: 1, y: 2 }, '#ff0000', 'tow', 'Tow truck', 'icon', []);
    expect(added).toEqual(['[{"id":4}]', true]);
    const two = [{ subType: 'a' }, { blip: { id: -1, subType: 'b' } }];
    expect(await call('addBlips', two)).toEqual(['[{"id":4},{"id":4}]', true]);
    expect(asked.slice(1)).toEqual([
      ['createBlip', { subType: 'a' }],
      ['createBlip', { subType: 'b' }],
    ]);
    expect(asked[0]).toEqual([
      'createBlip',
      { coordinates: { x: 1, y: 2 }, color: '#ff0000', subType: 'tow', tooltip: 'Tow truck', icon: 'icon', data: [] },
    ]);
  });

  it('are added as far as the CAD takes them: the first that fails ends it, and the ids of those before are told', async () => {
    const { call, asked, answers, world } = setUpApiExports();
    let id = 0;
    answers.createBlip = () => {
      id += 1;
      return { id };
    };
    world.failsAfter = 3;
    const five = Array.from({ length: 5 }, () => ({ subType: 'tow' }));
    expect(await call('addBlips', five)).toEqual(['needs a plan', false, [1, 2, 3]]);
    expect(asked).toHaveLength(4);
  });

  it('are added 100 a call at most: more are refused with a reason', async () => {
    const { call, asked, log } = setUpApiExports();
    const many = (length: number) => Array.from({ length }, () => ({ subType: 'tow' }));
    const reason = 'At most 100 can be sent by one call; nothing was sent.';
    expect(await call('addBlips', many(101))).toEqual([reason, false, []]);
    expect(asked).toEqual([]);
    expect(log.lines).toMatchObject([{ level: 'warn', fields: { resource: 'robbery', export: 'addBlips', reason } }]);
    await call('addBlips', many(12));
    expect(asked).toHaveLength(12);
  });

  it('wait for room in the minute of the CAD, not for ever', async () => {
    const { call, asked, answers, world } = setUpApiExports();
    answers.createBlip = { id: 4 };
    world.kind = 'limit';
    world.failing = new Set([2, 3]);
    expect(await call('addBlips', [{ subType: 'a' }, { subType: 'b' }])).toEqual(['[{"id":4},{"id":4}]', true]);
    expect(asked).toHaveLength(4);
    world.fails = true;
    expect((await call('addBlips', [{ subType: 'a' }]))[1]).toBe(false);
    expect(asked).toHaveLength(8);
  });

  it('are none of them added when one is no table', async () => {
    const { call, asked } = setUpApiExports();
    expect(await call('addBlips', [{ subType: 'tow' }, 7])).toEqual([expect.stringContaining('table'), false]);
    expect(asked).toEqual([]);
    expect(await call('addBlips', [])).toEqual(['[]', true]);
  });

  it('remove by number or by kind', async () => {
    const { call, asked, answers } = setUpApiExports();
    answers.getBlips = [
      { id: 1, subType: 'tow' },
      { id: 2, subType: 'taxi' },
      { id: '3', subType: 'tow' },
    ];
    expect(await call('getBlips')).toEqual([JSON.stringify(answers.getBlips), true]);
    expect(await call('removeBlip', [1, '2'])).toEqual(['OK', true]);
    expect(await call('removeWithSubtype', 'tow')).toEqual(['OK', true]);
    expect(await call('removeWithSubtype', 'bus')).toEqual(['OK', true]);
    expect(asked.filter(([name]) => name === 'deleteBlips')).toEqual([
      ['deleteBlips', { ids: [1, 2] }],
      ['deleteBlips', { ids: [1, 3] }],
    ]);
  });

  it('change by field, or by what takes the place of their data', async () => {
    const { call, asked } = setUpApiExports();
    const lines = [{ title: 'Status', text: 'on fire' }];
    expect(await call('modifyBlipd', '4', lines)).toEqual([4, true]);
    await call('modifyBlipd', 4, { info: 'a' });
    await call('modifyBlipd', 4, { color: '#ff0000', tooltip: 'b' });
    expect(asked).toEqual([
      ['updateBlip', { data: lines, blipId: 4 }],
      ['updateBlip', { data: { info: 'a' }, blipId: 4 }],
      ['updateBlip', { color: '#ff0000', tooltip: 'b', blipId: 4 }],
    ]);
  });

  it('change for a while, and back', async () => {
    const { exported, asked, clock } = setUpApiExports();
    exported.addTempBlipColor?.(4, '#ff0000', 5, '#00ff00');
    clock.advance(5_000);
    expect(asked).toEqual([
      ['updateBlip', { color: '#ff0000', blipId: 4 }],
      ['updateBlip', { color: '#00ff00', blipId: 4 }],
    ]);
  });
});

describe('blips that are changed for a while', () => {
  it('get Lua vectors in their data as tables, before and afterwards', async () => {
    const { exported, asked, clock } = setUpApiExports();
    const vector = (x: number) => ({ type: 20, buffer: Buffer.from(new Float32Array([x, 2]).buffer) });
    exported.addTempBlipData?.(4, [{ at: vector(1) }], 5, [{ at: vector(3) }]);
    clock.advance(5_000);
    expect(asked.map(([, input]) => input)).toEqual([
      { data: [{ at: { x: 1, y: 2 } }], blipId: 4 },
      { data: [{ at: { x: 3, y: 2 } }], blipId: 4 },
    ]);
  });

  it('tell the callback that they were changed', async () => {
    const { call } = setUpApiExports();
    expect(await call('addTempBlipData', '4', 'on fire', '5', 'put out')).toEqual([4, true]);
  });

  it.each([[undefined], [0], [-1], ['soon'], [Number.NaN]])(
    'are not changed for %p seconds: a reason is given',
    async (seconds) => {
      const { call, asked, log } = setUpApiExports();
      for (let time = 0; time < 2; time += 1) {
        expect(await call('addTempBlipColor', 4, '#ff0000', seconds, '#00ff00')).toEqual([
          expect.stringContaining('number of seconds'),
          false,
        ]);
      }
      expect(asked).toEqual([]);
      expect(log.lines).toMatchObject([{ level: 'warn', fields: { resource: 'robbery', export: 'addTempBlipColor' } }]);
    },
  );

  it('are 500 at a time: one more is refused with a reason until one is changed back', async () => {
    const { exported, call, asked, clock, log } = setUpApiExports();
    for (let blip = 0; blip < 500; blip += 1) exported.addTempBlipColor?.(blip, '#ff0000', 60, '#00ff00');
    for (let time = 0; time < 2; time += 1) {
      expect(await call('addTempBlipData', 4, 'a', 60, 'b')).toEqual([expect.stringContaining('At most 500'), false]);
    }
    expect(asked).toHaveLength(500);
    expect(log.lines).toHaveLength(1);
    clock.advance(60_000);
    expect(await call('addTempBlipData', 4, 'a', 60, 'b')).toEqual([4, true]);
  });

  it('are changed back after 24 h at the latest', () => {
    const { exported, asked, clock } = setUpApiExports();
    exported.addTempBlipColor?.(4, '#ff0000', 1e9, '#00ff00');
    clock.advance(24 * 3_600_000);
    expect(asked).toHaveLength(2);
  });

  it('take no place among those that wait when there is no such number', () => {
    const { exported, asked, clock } = setUpApiExports();
    exported.addTempBlipColor?.('blip', '#ff0000', 5, '#00ff00');
    clock.advance(5_000);
    for (let time = 0; time < 500; time += 1) exported.addTempBlipColor?.(null, '#ff0000', 60, '#00ff00');
    exported.addTempBlipColor?.(4, '#ff0000', 60, '#00ff00');
    expect(asked).toHaveLength(1);
  });
});
