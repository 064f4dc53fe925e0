import { setTimeout as sleep } from 'node:timers/promises';
import { expect } from '@jest/globals';
import type { Heard, System } from './system.ts';

/** A fault of the official resource, and what must hold instead. */
export interface Fault {
  /** In reference of its kind: the number it has in the list of faults. */
  readonly number: number;
  readonly name: string;
  /** Rejects while the fault is there. */
  check(system: System): Promise<void>;
}

const LICENSE = 'license:00000000000000000000000000000000000000aa';

const unit = (id: number, more: object = {}) => ({
  id,
  accId: '',
  status: 2,
  data: { apiIds: [], communityUserId: `license:${id}`, unitNum: `U-${id}`, name: `Unit ${id}` },
  ...more,
});
const call = (callId: number, more: object = {}) => ({
  callId,
  status: 1,
  title: '',
  notes: [],
  idents: [],
  metaData: {},
  ...more,
});

async function login(system: System, ...idents: number[]): Promise<void> {
  for (const ident of idents) await system.push('EVENT_UNIT_LOGIN', { unit: unit(ident), isDispatch: false });
}
const addCall = (system: System, dispatch: object) => system.push('EVENT_DISPATCH_NEW', { dispatch });

/** The arguments with which an event came, each time. */
const argsOf = (heard: readonly Heard[], name: string) =>
  heard.filter((event) => event.name.endsWith(`:${name}`)).map(({ args }) => args);

/** What both languages agree on. */
function caches(system: System) {
  const seen = system.caches('js');
  expect(system.caches('lua')).toEqual(seen);
  return seen;
}

export const faults: readonly Fault[] = [
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
      expect(caches(system).calls).toEqual(['501 CALL_NEW 1 units 99,12 notes 0']);
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
  {
    number: 15,
    name: 'data in a list throws',
    async check(system) {
      await system.push('EVENT_UNIT_LOGIN', [{ unit: unit(12), isDispatch: false }]);
      await system.push('EVENT_DISPATCH_NEW', [{ dispatch: call(501) }]);
      await system.push('EVENT_911', [{ call: { callId: 302, caller: 'A' } }]);
      const { units, calls, emergencies } = caches(system);
      expect([units, calls.length, emergencies]).toEqual(['12:2', 1, ['302 A']]);
    },
  },
  {
    number: 16,
    name: 'EVENT_DISPATCH_TOGGLE_BODYCAM is not handled',
    async check(system) {
      const heard = await system.push('EVENT_DISPATCH_TOGGLE_BODYCAM', { ident: '12', state: true });
      expect(argsOf(heard, 'EVENT_DISPATCH_TOGGLE_BODYCAM').map(([data]) => data)).toEqual([
        { ident: 12, state: true },
      ]);
    },
  },
  {
    number: 17,
    name: 'EVENT_NEW_CALLOUT is not understood as it is documented',
    async check(system) {
      const calloutLocations = [{ x: 1.5, y: 2.5, z: 3.5 }];
      const heard = [
        ...(await system.push('EVENT_NEW_CALLOUT', { callout: { calloutLocations } })),
        ...(await system.push('EVENT_NEW_CALLOUT', { callout: { data: { CalloutLocations: calloutLocations } } })),
      ];
      const understood = { callout: expect.objectContaining({ calloutLocations }) };
      expect(argsOf(heard, 'EVENT_NEW_CALLOUT').map(([data]) => data)).toEqual([understood, understood]);
    },
  },
  {
    number: 18,
    name: 'a type that is no text gets no answer',
    async check(system) {
      expect(await system.post({ type: 5, data: {} })).toEqual({ status: 400, text: 'Invalid Type' });
    },
  },
  {
    number: 19,
    name: 'what is no event is forwarded, and what the target failed to take is not sent again',
    async check(system) {
      const forwarded = () => system.target.received.map(({ body }) => JSON.parse(body.toString()).type ?? 'none');
      const tries = () => forwarded().filter((type) => type === 'EVENT_TO_FAIL').length;
      await system.post({ data: {} });
      system.failOnce('EVENT_TO_FAIL');
      await system.post({ type: 'EVENT_TO_FAIL', data: {} });
      for (let waited = 0; waited < 100 && tries() < 2; waited += 1) await sleep(10);
      expect([tries(), forwarded().includes('none')]).toEqual([2, false]);
    },
  },
  {
    number: 20,
    name: 'clients can send four of the events',
    async check(system) {
      const names = system.host.netSafeEvents('sonorancad');
      expect(names.filter((name) => name.startsWith('SonoranCAD::pushevents:'))).toEqual([]);
    },
  },
  {
    number: 21,
    name: 'handlers registered for a type get the API key',
    async check(system) {
      system.host.callExport('js-seer', 'register', 'EVENT_UNIT_LOGOUT');
      const heard = await system.push('EVENT_UNIT_LOGOUT', { identId: 12 });
      expect(argsOf(heard, 'body')).toEqual([[{ type: 'EVENT_UNIT_LOGOUT', data: { identId: 12 } }]]);
    },
  },
  {
    number: 22,
    name: 'every answer has status 200',
    async check(system) {
      expect(await system.post({ key: 'a-wrong-key-of-length', type: 'EVENT_TONE', data: {} })).toEqual({
        status: 400,
        text: 'Authentication Key Failed!',
      });
    },
  },
  {
    number: 24,
    name: 'a player who drops stays a unit in the game',
    async check(system) {
      const player = system.host.addPlayer({ identifiers: [LICENSE] });
      await sleep(60);
      await system.push('EVENT_UNIT_LOGIN', { unit: unit(12, { data: { apiIds: [], communityUserId: LICENSE } }) });
      player.drop();
      await sleep(60);
      const heard = await system.push('EVENT_SOMETHING', {});
      expect(argsOf(heard, 'RemovePlayer')).toEqual([[String(player.id), expect.objectContaining({ id: 12 })]]);
    },
  },
];
