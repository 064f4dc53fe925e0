import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type { ConnectedPlayer } from '../../scripts/fxhost/connected-players.ts';
import { closeLinks } from '../cad/on-fakecad/set-up.ts';
import { until } from '../until.ts';
import type { Language } from './system.ts';
import { startWithCad, type WithCad } from './with-cad.ts';

const LANGUAGES: readonly Language[] = ['js', 'lua'];

let system: WithCad;
let player: ConnectedPlayer;
beforeAll(async () => {
  system = await startWithCad('odd-caller', { cad: { enforceLimits: false } });
  player = system.host.addPlayer({ id: 7, identifiers: ['license:0c'] });
});
afterAll(closeLinks);

const emergencies = () => system.cad.world.at(1).emergencyCalls;
const callOf = (description: string) => emergencies().find((call) => call.description === description);
/** Has a player's game call 911. @returns the call */
async function calledFromGame(description: string, ...args: unknown[]) {
  // The limits are a minute's.
  await system.later(61_000);
  player.trigger('SonoranScripts::Call911', ...args);
  await until(() => callOf(description) !== undefined);
  return callOf(description);
}

it('no callback, an id that is text and a boolean in metaData do no harm', async () => {
  await system.tell('no callback', [], 1);
  for (const language of LANGUAGES) {
    await until(() => callOf(`${language}: no callback`) !== undefined);
    expect(callOf(`${language}: no callback`)).toMatchObject({
      caller: 'Guard',
      metaData: { useCallLocation: 'true' },
    });
  }
});

it('a callback may wait', async () => {
  expect(await system.tell('waits', [], 1)).toEqual({ js: [[true]], lua: [[true]] });
  for (const language of LANGUAGES) {
    const call = system.cad.world.at(1).dispatchCalls.find(({ title }) => title === `${language}: waits`);
    expect(call?.notes).toEqual([expect.objectContaining({ label: 'Camera', content: `${language}: 88 mph` })]);
  }
});

it('a dot in place of a colon is told of, with the line that is right; what can be done is done', async () => {
  system.host.emit('lua:dots');
  const told: unknown[] = [];
  await until(() => told.push(...system.told('lua')) > 0 && callOf('lua: by a dot') !== undefined);
  expect(told).toEqual([[false]]);
  expect(callOf('lua: by a dot')).toMatchObject({
    location: '1.5, 2.5, 3.5',
    metaData: { postal: '8012', x: '1.5', y: '2.5', z: '3.5' },
  });
  for (const name of ['call911', 'performApiRequest']) {
    expect(system.printed()).toContain(`resource=lua export=${name} example="exports['sonorancad']:${name}(...)"`);
  }
});

it.each([
  ['five arguments, the last one nothing', ['Ann', 'Pier', 'Fire 1', '9001', null], 'Fire 1', 'Pier', '9001'],
  ['no location', ['Ann', 'A house is on fire', '9002'], 'A house is on fire', '', '9002'],
  ['no location, and a number', ['Ann', 'A boat is on fire', 9003, null], 'A boat is on fire', '', '9003'],
  ['no location and no postal code', ['Ann', 'A car is on fire', null], 'A car is on fire', '', undefined],
])(
  'SonoranScripts::Call911 from a game with %s has its description',
  async (_what, args, description, location, postal) => {
    const call = await calledFromGame(description, ...args);
    expect(call).toMatchObject({ caller: 'Ann', location });
    expect(call?.metaData?.postal).toBe(postal);
  },
);

it('a resource that listens to SonoranScripts::Call911 itself makes no second call, and has its answer', async () => {
  const before = emergencies().length;
  system.told('lua');
  await calledFromGame('They rob us twice', 'Ann', 'Pier', 'They rob us twice', '9001', null);
  const told: unknown[] = [];
  await until(() => told.push(...system.told('lua')) > 0);
  expect(told).toEqual([[expect.objectContaining({ callId: callOf('They rob us twice')?.callId }), true]]);
  expect(emergencies()).toHaveLength(before + 1);
  expect(system.asked(/calls\/911$/).filter(({ body }) => JSON.stringify(body).includes('twice'))).toHaveLength(1);
});
