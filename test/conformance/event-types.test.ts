import { isDeepStrictEqual } from 'node:util';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { catalogue } from '../../src/events/catalogue/catalogue.ts';
import { eventTypes, PLAYER, world, worldCaches } from '../official-events.ts';
import { callFaults } from './faults/call-faults.ts';
import { messageFaults } from './faults/message-faults.ts';
import { unitFaults } from './faults/unit-faults.ts';
import type { Fault } from './faults/units-and-calls.ts';
import { type Language, type System, startResource } from './system.ts';

const LANGUAGES: readonly Language[] = ['js', 'lua'];

let system: System;
beforeAll(async () => {
  system = await startResource();
});
afterAll(() => system.close());

describe('a consumer in JavaScript and one in Lua hear', () => {
  const isWorld = () => LANGUAGES.every((language) => isDeepStrictEqual(system.caches(language), worldCaches));

  beforeEach(async () => {
    // Most events leave the world as it is.
    if (isWorld()) return;
    system.restart();
    system.host.addPlayer({ id: 1, identifiers: [PLAYER] });
    await system.pushAll(world);
    for (const language of LANGUAGES) expect(system.caches(language)).toEqual(worldCaches);
  });

  it.each(eventTypes.map((each) => [each.type, each] as const))('for %s what they should', async (_type, each) => {
    await system.push(each.type, each.data);
    const expected = each.heard.map(([name, args, caches]) => ({ name, args, caches: { ...worldCaches, ...caches } }));
    for (const language of LANGUAGES) expect(system.heard(language)).toEqual(expected);
  });
});

it('has every type of the catalogue in its table', () => {
  expect(eventTypes.map(({ type }) => type)).toEqual(expect.arrayContaining(Object.keys(catalogue)));
});

const faults: readonly Fault[] = [...unitFaults, ...callFaults, ...messageFaults];

describe('of the faults that the official resource has, this one', () => {
  const nothing = { units: '', place: 'none', calls: [], emergencies: [] };

  beforeEach(() => {
    if (system.host.natives.players.list().length > 0 || !isDeepStrictEqual(system.caches('js'), nothing))
      system.restart();
  });

  it.each(faults.map((fault) => [fault.number, fault.name, fault] as const))(
    'does not have number %i: %s',
    async (_number, _name, { check }) => {
      await check(system);
    },
  );
});
