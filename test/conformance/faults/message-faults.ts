import { expect } from '@jest/globals';
import { until } from '../../until.ts';
import { argsOf, caches, call, type Fault, unit } from './units-and-calls.ts';

/** Faults in how a message is understood, answered and handed on. */
export const messageFaults: readonly Fault[] = [
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
      await until(() => tries() === 2);
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
];
