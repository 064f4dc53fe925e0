import { expect } from '@jest/globals';
import { argsOf, caches, type Fault, login, unit } from './units-and-calls.ts';

const LICENSE = 'license:00000000000000000000000000000000000000aa';

/** Faults in what becomes of units. */
export const unitFaults: readonly Fault[] = [
  {
    number: 1,
    name: 'EVENT_UNIT_STATUS takes an ident for a place in the list',
    async check(system) {
      await login(system, 12, 1);
      const heard = await system.push('EVENT_UNIT_STATUS', { identIds: [1], status: 4 });
      expect(argsOf(heard, 'UnitStatusUpdate')).toEqual([[expect.objectContaining({ id: 1, status: 4 }), 4]]);
      expect(caches(system).units).toBe('12:2 1:4');
    },
  },
  {
    number: 2,
    name: 'EVENT_UNIT_STATUS throws at a single ident',
    async check(system) {
      await login(system, 1);
      await system.push('EVENT_UNIT_STATUS', { identIds: 1, status: 4 });
      expect(caches(system).units).toBe('1:4');
    },
  },
  {
    number: 3,
    name: 'EVENT_UNIT_STATUS stops at the first unknown ident',
    async check(system) {
      await login(system, 1);
      await system.push('EVENT_UNIT_STATUS', { identIds: [99, 1], status: 4 });
      expect(caches(system).units).toBe('1:4');
    },
  },
  {
    number: 4,
    name: 'EVENT_UNIT_LOGOUT removes no unit, or another one',
    async check(system) {
      await login(system, 12, 18, 1);
      await system.push('EVENT_UNIT_LOGOUT', { identId: 12 });
      expect(caches(system).units).toBe('18:2 1:2');
    },
  },
  {
    number: 5,
    name: 'a logout leaves a hole in the list of units',
    async check(system) {
      await login(system, 12, 1, 18);
      await system.push('EVENT_UNIT_LOGOUT', { identId: 12 });
      expect([system.caches('js').units, system.caches('lua').units]).not.toContain('no list');
      expect(caches(system).units).toBe('1:2 18:2');
    },
  },
  {
    number: 6,
    name: 'EVENT_UNIT_PANIC gives a place in the list instead of the unit, which does not learn of it',
    async check(system) {
      await login(system, 12);
      const heard = await system.push('EVENT_UNIT_PANIC', { identIds: [12], isPanic: true });
      expect(argsOf(heard, 'UnitPanic')).toEqual([[expect.objectContaining({ id: 12, isPanic: true }), 12, true]]);
    },
  },
  {
    number: 7,
    name: 'EVENT_UNIT_GROUP_ADD looks for its data in the wrong place',
    async check(system) {
      const heard = await system.push('EVENT_UNIT_GROUP_ADD', { identId: 12, groupName: 'Engine 7' });
      expect(argsOf(heard, 'UnitGroupAdd')).toEqual([[{ groupName: 'Engine 7', idents: [12] }]]);
    },
  },
  {
    number: 8,
    name: 'group events do not change the units',
    async check(system) {
      await login(system, 1);
      await system.push('EVENT_UNIT_GROUP_CHANGE_NAME', { identIds: [1], oldName: 'A', newName: 'B' });
      const [units] = [system.host.callExport('sonorancad', 'GetUnitCache')];
      expect(units).toEqual([expect.objectContaining({ data: expect.objectContaining({ group: 'B' }) })]);
    },
  },
  {
    number: 24,
    name: 'a player who drops stays a unit in the game',
    async check(system) {
      const player = system.host.addPlayer({ identifiers: [LICENSE] });
      system.host.tick(2);
      await system.push('EVENT_UNIT_LOGIN', { unit: unit(12, { data: { apiIds: [], communityUserId: LICENSE } }) });
      player.drop();
      system.host.tick(2);
      const heard = await system.push('EVENT_SOMETHING', {});
      expect(argsOf(heard, 'RemovePlayer')).toEqual([[String(player.id), expect.objectContaining({ id: 12 })]]);
    },
  },
];
