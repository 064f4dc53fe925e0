import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { clientMethods, refusedMethods } from '../../src/api/cad-client.ts';
import { closeCads } from '../fakecad/started-cads.ts';
import { KEY } from '../serve-resource.ts';
import { ACCOUNT, type CadSystem, startCadSystem } from './cad-system.ts';
import { clientCalls } from './client-calls.ts';

let system: CadSystem;
beforeEach(async () => {
  system = await startCadSystem();
  const { world } = system.cad;
  world.servers.push({ id: 2, name: 'Second Server' });
  world.at(2).blips = [{ id: 0 }];
  world.secrets.set('22222222-2222-4222-8222-222222222222', ACCOUNT);
  const calls = JSON.stringify(clientCalls.map(([name, args]) => ({ name, args })));
  for (const language of ['lua', 'js'])
    system.add(`${language}-calls`, { 'fxmanifest.lua': "fx_version 'cerulean'\ngame 'gta5'\n", 'calls.json': calls });
});
afterEach(async () => {
  await system.close();
  await closeCads();
});

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

describe("the vendor's client", () => {
  it('is called from Lua with a colon and with a dot, as each page of the documentation shows', async () => {
    const told = await system.consume('lua', 'client.lua');
    const refused = Object.keys(refusedMethods).map((name) => [name, false]);
    const [first, ...others] = afterwards;
    expect(told).toEqual([...expected, ...refused, first, ['createClient', false], ...others]);
    expect(system.host.lines.join('\n')).not.toContain(KEY);
  });

  it('is called from JavaScript', async () => {
    const refused = ['checkApiIdV2', 'uploadBodycamRecordingV2'].map((name) => [name, false]);
    expect(await system.consume('js', 'client.js')).toEqual([...expected, ...refused, ...afterwards]);
  });

  it('gives the documented error of the gateway, and a sentence where the CAD was not asked', async () => {
    system.cad.faults.refuseAuth = true;
    const told = await system.consume(
      'lua',
      `local client = cad:getCadClient()
tell(client:getBlipsV2(1))
tell(client:updateBlipV2(nil, {}))
tell(client:setPostalsV2({}))`,
    );
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
    expect(lines[0]).toContain('resource=lua-consumer-1');
  });
});

it('has a call of each method of the client in its table', () => {
  expect([...new Set(clientCalls.map(([name]) => name))].sort()).toEqual([...clientMethods].sort());
});
