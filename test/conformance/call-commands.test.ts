import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { ConnectedPlayer } from '../../scripts/fxhost/connected-players.ts';
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
    await until(() => JSON.stringify(civilian.received).includes('too'));
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
