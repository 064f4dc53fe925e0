import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { closeCads } from '../../packages/fakecad/test/started-cads.ts';
import { clientMethods, refusedMethods } from '../../src/api/cad-client.ts';
import { KEY } from '../serve-resource.ts';
import { ACCOUNT, type CadSystem, PLAYER, startCadSystem } from './cad-system.ts';
import { clientCalls } from './client-calls.ts';

describe('a script made for the official resource finds its requests taken, and answered in the forms that it knows', () => {
  let system: CadSystem;
  async function start(): Promise<void> {
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
  }
  async function stop(): Promise<void> {
    await system.close();
    await closeCads();
  }
  beforeAll(start);
  afterAll(stop);

  const META = { ok: true, limit: 100, offset: 0, statuses: [0, 1] };
  const USUAL = { plate: '', postal: '', silentAlert: 'false' };

  it('also when the CAD refuses them all', async () => {
    system.cad.faults.refuseAuth = true;
    const told = await system.consume(
      'lua',
      `tell(awaited(function(done) cad:getBlips(done) end))
local records, meta = awaited(function(done) cad:getAllWarrantsAndBolos(done) end)
tell(records == nil, meta)
tell(cad:CadIsPlayerLinked('${PLAYER}', function() end))`,
    );
    system.cad.faults.refuseAuth = false;
    const reason = expect.stringContaining('401');
    expect(told).toEqual([[reason, false], [true, { ok: false, error: reason }], [false]]);
  });

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
    // What is made has numbers from the beginning.
    await stop();
    await start();
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
});

describe("the vendor's client", () => {
  let system: CadSystem;
  async function start(): Promise<void> {
    system = await startCadSystem();
    const { world } = system.cad;
    world.servers.push({ id: 2, name: 'Second Server' });
    world.at(2).blips = [{ id: 0 }];
    world.secrets.set('22222222-2222-4222-8222-222222222222', ACCOUNT);
    const calls = JSON.stringify(clientCalls.map(([name, args]) => ({ name, args })));
    for (const language of ['lua', 'js'])
      system.add(`${language}-calls`, {
        'fxmanifest.lua': "fx_version 'cerulean'\ngame 'gta5'\n",
        'calls.json': calls,
      });
  }
  async function stop(): Promise<void> {
    await system.close();
    await closeCads();
  }
  beforeAll(start);
  afterAll(stop);

  /** What the CAD does not do, or refuses, comes as its own error. */
  const refusal = {
    success: false,
    reason: expect.objectContaining({ status: 404, title: 'Not Found' }),
    traceId: expect.any(String),
  };
  const plan = expect.objectContaining({ reason: expect.objectContaining({ status: 403 }) });
  const expected = clientCalls.map(([name, , data]) => {
    if (data !== null) return [name, { success: true, data }];
    return [name, name === 'authorizeStreetSignsV2' ? plan : refusal];
  });
  const afterwards = [
    ['createClient', { success: true, data: [{ id: 0 }] }],
    ['getCharactersV2', { success: true, data: [expect.objectContaining({ type: 7 })] }],
  ];

  it('gives the documented error of the gateway, and a sentence where the CAD was not asked', async () => {
    system.cad.faults.refuseAuth = true;
    const told = await system.consume(
      'lua',
      `local client = cad:getCadClient()
tell(client:getBlipsV2(1))
tell(client:updateBlipV2(nil, {}))
tell(client:setPostalsV2({}))`,
    );
    system.cad.faults.refuseAuth = false;
    const problem = {
      title: 'Unauthorized',
      status: 401,
      detail: 'Invalid API key.',
      type: 'https://httpstatuses.com/401',
    };
    expect(told).toMatchObject([
      [{ success: false, reason: problem, traceId: expect.any(String) }],
      [{ success: false, reason: expect.stringContaining('does not say which blip') }],
      [{ success: false, reason: expect.stringContaining('no list of postals') }],
    ]);
  });

  it('is one object, of which a resource that asks again and again is told to keep it', async () => {
    await system.consume('lua', `for _ = 1, 52 do cad:getCadClient() end`);
    const lines = system.host.lines.filter((line) => line.includes('has to keep what it gets'));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/resource=lua-consumer-\d/);
  });

  it('is called from Lua with a colon and with a dot, as each page of the documentation shows', async () => {
    const told = await system.consume('lua', 'client.lua');
    const refused = Object.keys(refusedMethods).map((name) => [name, false]);
    const [first, ...others] = afterwards;
    expect(told).toEqual([...expected, ...refused, first, ['createClient', false], ...others]);
    expect(system.host.lines.join('\n')).not.toContain(KEY);
  });

  it('is called from JavaScript', async () => {
    // What is made has numbers from the beginning.
    await stop();
    await start();
    const refused = ['checkApiIdV2', 'uploadBodycamRecordingV2'].map((name) => [name, false]);
    expect(await system.consume('js', 'client.js')).toEqual([...expected, ...refused, ...afterwards]);
  });

  it('has a call of each method of the client in its table', () => {
    expect([...new Set(clientCalls.map(([name]) => name))].sort()).toEqual([...clientMethods].sort());
  });
});
