import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConnectedPlayer } from '../../packages/fxhost/src/index.ts';
import { closeLinks } from '../cad/on-fakecad/set-up.ts';
import { until } from '../until.ts';
import type { Language } from './system.ts';
import { startWithCad, type WithCad } from './with-cad.ts';

const BARE = '000000000000000000000000000000000000000c';
const PREFIX = 'SonoranCAD::callcommands:';
const LANGUAGES: readonly Language[] = ['js', 'lua'];
const name = { js: 'JavaScript', lua: 'Lua' };

let system: WithCad;
let officer: ConnectedPlayer;
let civilian: ConnectedPlayer;

beforeAll(async () => {
  system = await startWithCad('dispatch-bridge', { cad: { identifiers: 'bare', enforceLimits: false } });
  officer = system.host.addPlayer({ id: 7, identifiers: [`license:${BARE}`], coords: [10, 20, 30] });
  civilian = system.host.addPlayer({ id: 8, identifiers: ['license:0d'] });
  const unit = { id: 12, status: 2, data: { communityUserId: `license:${BARE}`, unitNum: 'A-12' } };
  await system.cad.fire({ type: 'EVENT_UNIT_LOGIN', data: { unit, isDispatch: false } });
  await until(() => system.host.callExport('sonorancad', 'getPlayersOfUnit', 12)?.toString() === '7');
});
afterAll(closeLinks);

const world = () => system.cad.world.at(1);
const callOf = (description: string) => world().emergencyCalls.find((call) => call.description === description);
/** What both consumers hear next, once it is so much. */
async function heard(count: number): Promise<unknown[]> {
  const all: unknown[] = [];
  await until(() => {
    all.push(...system.told('lua'));
    return all.length >= count;
  });
  expect(system.told('js')).toEqual(all);
  return all;
}

/** What both hear of what each of them does. */
async function heardBy(event: string, args: readonly unknown[], count: number) {
  const all: Record<Language, unknown[]> = { js: [], lua: [] };
  for (const language of LANGUAGES) {
    system.host.emit(`${language}:${event}`, ...args);
    all[language] = await heard(count);
  }
  return all;
}

describe('a 911 call that a resource sends by SendCallApi', () => {
  it('reaches the CAD with its caller, its place and its wishes, and is told of', async () => {
    const told = await heardBy('rob', [7], 2);
    for (const language of LANGUAGES) {
      const description = `Robbery in ${name[language]}`;
      const call = callOf(description);
      expect(call).toMatchObject({ isEmergency: true, caller: 'Clerk', location: '1.5, 2.5, 3.5' });
      const metaData = { silentAlert: 'true', useCallLocation: 'true', type: '911', callerPlayerId: '7' };
      expect(call?.metaData).toEqual({
        ...{ ...metaData, uuid: expect.any(String), callerCommunityUserId: BARE },
        ...{ x: '10', y: '20', z: '30' },
      });
      expect(told[language]).toEqual([
        ['cadIncomingCall', [true, 'Clerk', '1.5, 2.5, 3.5', description, 7, call?.metaData?.uuid, '911']],
        ['EmergencyCallAdd', [7, call?.callId]],
      ]);
    }
  });

  it('has no caller when it names nobody who is connected', async () => {
    const told = await heardBy('rob nobody', [], 2);
    for (const language of LANGUAGES) {
      const call = callOf(`Theft in ${name[language]}`);
      expect(call).toMatchObject({ isEmergency: false, location: 'Alta St' });
      expect(call?.metaData).toEqual({
        ...{ silentAlert: 'false', useCallLocation: 'false', type: '311', uuid: expect.any(String) },
      });
      expect(told[language][1]).toEqual(['EmergencyCallAdd', [null, call?.callId]]);
    }
  });
});

describe("what a player's game sends", () => {
  it('is a 911 call of the sender, whatever source it names, and at most two a minute', async () => {
    for (let time = 1; time <= 3; time += 1)
      civilian.trigger(`${PREFIX}SendCallApi`, true, 'Ann', 'Pier', `Fire ${time}`, 7, false, false, '911');
    await until(() => callOf('Fire 2') !== undefined);
    expect(callOf('Fire 1')?.metaData).toMatchObject({ callerPlayerId: '8', callerCommunityUserId: '0d' });
    await until(() => JSON.stringify(civilian.received).includes('Too many'));
    expect(callOf('Fire 3')).toBeUndefined();
    const sources = ((await heard(4)) as [string, unknown[]][]).map(([event, args]) => [
      event,
      args.at(event === 'EmergencyCallAdd' ? 0 : 4),
    ]);
    expect(sources.sort()).toEqual([
      ...['EmergencyCallAdd', 'EmergencyCallAdd', 'cadIncomingCall', 'cadIncomingCall'].map((event) => [event, 8]),
    ]);
  });

  it('is a panic of the unit that its player is', async () => {
    officer.trigger(`${PREFIX}SendPanicApi`, 8);
    await until(() => world().units[0]?.isPanic === true);
    expect(await heard(1)).toEqual([['PanicSent', [7]]]);
    civilian.trigger(`${PREFIX}SendPanicApi`);
    await until(() => JSON.stringify(civilian.received).includes('duty'));
    expect(system.asked(/units\/panic$/)).toHaveLength(1);
  });

  it('is nothing when only resources may send it, or nobody answers it here; that is said once', async () => {
    const before = system.cad.requests.length;
    for (let time = 0; time < 3; time += 1) {
      civilian.trigger(`${PREFIX}SendPanic`, 7);
      civilian.trigger(`${PREFIX}CreateCall`, { title: 'Forged' });
      civilian.trigger('SonoranCAD::pushevents:shim', '{}');
      civilian.trigger('cadToggleApi');
    }
    const lines = () =>
      system
        .printed()
        .split('\n')
        .filter((line) => line.includes('only the official resource'));
    await until(() => lines().length > 0);
    system.host.tick(2);
    expect(lines()).toEqual([expect.stringMatching(/event=cadToggleApi resource="a player's game"/)]);
    expect(system.cad.requests).toHaveLength(before);
  });
});

it('a panic and a dispatch call of a resource reach the CAD, and are told of', async () => {
  const panics = await heardBy('panic', ['7'], 1);
  const calls = await heardBy('dispatch', [], 1);
  for (const language of LANGUAGES) {
    expect(panics[language]).toEqual([['PanicSent', [7]]]);
    const call = world().dispatchCalls.find(({ title }) => title === name[language]);
    expect(call).toMatchObject({ address: 'Pier', status: 1, priority: 2 });
    expect(calls[language]).toEqual([['CallCreated', [call?.callId]]]);
  }
});

it('an event that nobody answers here is named once, with the resource that triggers it', async () => {
  await system.tell('stray', [], 1);
  for (const language of LANGUAGES) {
    for (const event of ['SonoranCAD::localcallers:Call911', 'SonoranCAD::calltemplates:SendDispatch'])
      expect(system.printed().split(`event=${event} resource=${language}`)).toHaveLength(2);
  }
});

describe('of calls that are made in odd ways,', () => {
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
});
