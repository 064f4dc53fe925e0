import { expect } from '@jest/globals';
import { addCall, argsOf, caches, call, type Fault, login } from './units-and-calls.ts';

/** Faults in what becomes of dispatch calls and emergency calls. */
export const callFaults: readonly Fault[] = [
  {
    number: 9,
    name: 'EVENT_DISPATCH_CLOSED closes the first call only',
    async check(system) {
      for (const callId of [501, 502]) await addCall(system, call(callId));
      const heard = await system.push('EVENT_DISPATCH_CLOSED', { callIds: [501, 502] });
      expect(argsOf(heard, 'DispatchEvent')).toHaveLength(2);
      expect(caches(system).calls).toEqual(['501 CALL_CLOSE 2 units  notes 0', '502 CALL_CLOSE 2 units  notes 0']);
    },
  },
  {
    number: 10,
    name: 'closed calls stay for ever',
    async check(system) {
      for (const callId of [501, 502]) await addCall(system, call(callId));
      await system.push('EVENT_DISPATCH_CLOSED', { callIds: [501] });
      expect(caches(system).calls).toHaveLength(2);
      system.later(600_000);
      expect(caches(system).calls).toEqual(['502 CALL_NEW 1 units  notes 0']);
    },
  },
  {
    number: 11,
    name: 'EVENT_DISPATCH_UNIT_DETACH of a unit that is not attached takes the last one',
    async check(system) {
      await login(system, 12, 18, 20);
      await addCall(system, call(501, { idents: [12, 18] }));
      await system.push('EVENT_DISPATCH_UNIT_DETACH', { callId: 501, idents: [20] });
      expect(caches(system).calls).toEqual(['501 CALL_NEW 1 units 12,18 notes 0']);
    },
  },
  {
    number: 12,
    name: 'EVENT_DISPATCH_UNIT_ATTACH stops at the first unknown unit, which is not attached either',
    async check(system) {
      await login(system, 12);
      await addCall(system, call(501));
      const heard = await system.push('EVENT_DISPATCH_UNIT_ATTACH', { callId: 501, idents: [99, 12] });
      expect(argsOf(heard, 'UnitAttach')).toHaveLength(1);
      expect(caches(system).calls).toEqual(['501 CALL_EDIT 1 units 99,12 notes 0']);
    },
  },
  {
    number: 13,
    name: 'EVENT_DISPATCH_NOTE throws when the notes were an empty text',
    async check(system) {
      await addCall(system, call(501, { notes: '' }));
      await system.push('EVENT_DISPATCH_NOTE', { callId: 501, note: { content: 'a' } });
      expect(caches(system).calls).toEqual(['501 CALL_EDIT 1 units  notes 1']);
    },
  },
  {
    number: 14,
    name: 'EVENT_911 drops metaData beside the call and a single communityUserId',
    async check(system) {
      const data = { call: { callId: 302, caller: 'A' }, communityUserId: 'license:a', metaData: { plate: 'X' } };
      const heard = await system.push('EVENT_911', data);
      expect(argsOf(heard, 'IncomingCadCall')).toEqual([
        [expect.objectContaining({ callId: 302 }), { plate: 'X' }, ['license:a']],
      ]);
    },
  },
];
