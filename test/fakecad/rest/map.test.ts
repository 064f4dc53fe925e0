import { afterEach, expect, it } from '@jest/globals';
import { ask, closeCads, startCad } from '../started-cads.ts';

afterEach(closeCads);

const SERVER = '/v2/emergency/servers/1';
const BLIP = { coordinates: { x: 1, y: 2 }, subType: 'scene', icon: 'fire', color: '#ff0000', tooltip: 'Fire' };

it('blips of the pretend CAD are drawn, changed, listed, and removed by a POST of their own', async () => {
  const cad = await startCad();
  const drawn = { id: 1, ...BLIP, coordinates: { x: 1, y: 2, z: 0, w: 0 } };
  expect((await ask(cad, `POST ${SERVER}/blips`, BLIP)).body).toEqual(drawn);
  expect((await ask(cad, `PATCH ${SERVER}/blips/1`, { color: '#00ff00' })).body).toEqual({ id: 1 });
  expect((await ask(cad, `GET ${SERVER}/blips`)).body).toEqual([{ ...drawn, color: '#00ff00' }]);
  expect((await ask(cad, `DELETE ${SERVER}/blips`, { ids: [1] })).status).toBe(405);
  expect((await ask(cad, `POST ${SERVER}/blips/delete`, { ids: [1, 9] })).body).toEqual({ ids: [1] });
  expect((await ask(cad, `GET ${SERVER}/blips`)).body).toEqual([]);
  for (const target of [`PATCH ${SERVER}/blips/1`, `POST ${SERVER}/blips/delete`])
    expect((await ask(cad, target, { ids: [1] })).body).toMatchObject({ status: 404, detail: 'Blip not found.' });
});

it('30 blips are drawn in a minute, and no more', async () => {
  const cad = await startCad();
  const answers = await Promise.all(Array.from({ length: 31 }, () => ask(cad, `POST ${SERVER}/blips`, BLIP)));
  expect(answers.filter(({ status }) => status === 200)).toHaveLength(30);
});

it('stations, pagers, callouts and street signs of the pretend CAD are kept as documented, and refused otherwise', async () => {
  const cad = await startCad();
  const { configured } = cad.world.at(1);
  const stations = { locations: [{ name: 'Mission Row' }], tones: ['a.mp3'], unitColors: [] };
  expect((await ask(cad, `PUT ${SERVER}/stations`, { config: stations })).status).toBe(400);
  expect((await ask(cad, `PUT ${SERVER}/stations`, stations)).body).toEqual({ serverId: 1 });
  expect(configured.stations).toEqual(stations);
  expect((await ask(cad, `PUT ${SERVER}/pager-config`, { maxAddresses: 3 })).body).toEqual({ serverId: 1 });
  expect((await ask(cad, `GET ${SERVER}/pager-config`)).body).toMatchObject({ maxAddresses: 3, nodes: [] });
  expect((await ask(cad, `PUT ${SERVER}/callouts`, { callouts: [{ id: 'a' }] })).body).toMatchObject({ callouts: 1 });
  expect((await ask(cad, `PUT ${SERVER}/street-sign-config`, { signs: [{ id: 7 }] })).body).toMatchObject({ signs: 1 });
  expect((await ask(cad, `PATCH ${SERVER}/street-signs`, { ids: [7], text1: 'A' })).body).toEqual({ ids: [7] });
});
