import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { closeCads } from '../fakecad/started-cads.ts';
import { type CadSystem, PLAYER, startCadSystem } from './cad-system.ts';

let system: CadSystem;
beforeEach(async () => {
  system = await startCadSystem();
  const { world } = system.cad;
  const record = (id: number, type: number, fields: Readonly<Record<string, string>>) => {
    const list = Object.entries(fields).map(([uid, value]) => ({ uid, label: uid, value }));
    world.records.push({
      id,
      recordTypeId: type,
      type,
      name: 'R',
      sections: [{ category: 0, label: '', fields: list }],
    });
  };
  record(1, 5, { plate: 'ABC 123', status: 'VALID' });
  record(2, 7, { plate: 'ABC 123' });
  record(3, 2, { status: '0' });
  record(4, 3, { status: '1' });
  record(5, 2, { status: '0' });
});
afterEach(async () => {
  await system.close();
  await closeCads();
});

const META = { ok: true, limit: 100, offset: 0, statuses: [0, 1] };
const USUAL = { plate: '', postal: '', silentAlert: 'false' };

describe('a script made for the official resource finds its requests taken, and answered in the forms that it knows', () => {
  it('in Lua', async () => {
    const told = await system.consume('lua', 'requests.lua');
    const found = { id: 1, recordTypeId: 5, type: 5 };
    expect(told).toEqual([
      ['string', true, 'repeater', 'integer'],
      [12, true],
      [13, 'Radio Tower'],
      ['OK', true],
      ['OK', true],
      ['[]'],
      [expect.stringContaining('"plate"'), true],
      [3, { ...META, pages: 2 }],
      [1, { ...META, limit: 1, statuses: [0], pages: 1, truncated: true }],
      [true, 'integer', { ...USUAL, useCallLocation: 'true' }],
      ['table', true, true, true, 'Ann'],
      [true, true],
      [expect.stringContaining('no such call'), false, { success: false, reason: expect.any(String) }],
      [true],
      [true],
      ['4', true, { success: true, data: '4' }],
      [true],
      [true, false],
    ]);
    expect(JSON.parse((told[6] as [string])[0])).toEqual([expect.objectContaining(found)]);
    const { world } = system.cad;
    expect(world.at(1)).toMatchObject({
      blips: [],
      emergencyCalls: [],
      configured: { stations: { tones: ['open.mp3'] } },
    });
    expect(world.postals).toEqual([{ code: '100', x: 425.1, y: -979.2 }]);
    const asked = system.asked();
    expect(asked).toContainEqual([
      'PATCH /v2/emergency/servers/1/blips/6',
      { data: [{ title: 'Status', text: 'OFFLINE' }] },
    ]);
    expect(asked).toContainEqual([
      'POST /v2/general/lookups',
      { partial: false, types: [2, 3, 4, 5], plate: 'ABC 123' },
    ]);
    expect(asked.filter(([request]) => request.endsWith('/blips/delete'))).toHaveLength(2);
    expect(asked).toContainEqual([
      'POST /v2/emergency/servers/1/calls/911',
      {
        ...{ isEmergency: true, caller: 'Ann', location: 'Pier', description: 'Fire' },
        metaData: { ...USUAL, useCallLocation: 'false' },
      },
    ]);
  });

  it('in JavaScript', async () => {
    expect(await system.consume('js', 'requests.js')).toEqual([
      ['string', true, 'repeater', 'number'],
      ['OK', true],
      [[5]],
      [3, { ...META, pages: 2 }],
      [true, true, true, 'Ann'],
      [true],
      ['4'],
      [expect.objectContaining({ ActiveCalls: [], EmergencyCalls: [], ClosedCallCount: 0 })],
      [true],
    ]);
  });

  it('also when the CAD refuses them all', async () => {
    system.cad.faults.refuseAuth = true;
    const told = await system.consume(
      'lua',
      `tell(awaited(function(done) cad:getBlips(done) end))
local records, meta = awaited(function(done) cad:getAllWarrantsAndBolos(done) end)
tell(records == nil, meta)
tell(cad:CadIsPlayerLinked('${PLAYER}', function() end))`,
    );
    const reason = expect.stringContaining('401');
    expect(told).toEqual([[reason, false], [true, { ok: false, error: reason }], [false]]);
  });
});
