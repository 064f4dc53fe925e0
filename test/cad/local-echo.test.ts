import { describe, expect, it } from '@jest/globals';
import type { CadRequest } from '../../src/cad/api/cad-api.ts';
import type { EndpointName } from '../../src/cad/api/endpoints.ts';
import { withLocalEcho } from '../../src/cad/local-echo.ts';
import type { KnownPushEvent } from '../../src/events/push-event.ts';

const KNOWN = {
  getCall: (callId: number) => (callId === 5 ? { callId, title: 'Robbery', postal: '1', idents: [1] } : undefined),
  callsOfUnit: (ident: number) => (ident === 1 ? [5, 6] : []),
  unitsWithIdentity: (identities: readonly string[]) => (identities.includes('license:abc') ? [1] : []),
};

function setUp(answer: unknown) {
  const echoed: KnownPushEvent[] = [];
  const request = withLocalEcho({
    request: (async () => answer) as unknown as CadRequest,
    serverId: () => 1,
    known: KNOWN,
    echo: (event) => void echoed.push(event),
    now: () => 0,
  });
  return { request, echoed };
}

async function implied(name: EndpointName, input: object, output: object = {}): Promise<readonly KnownPushEvent[]> {
  const { request, echoed } = setUp({ ok: true, data: output });
  await request(name, input as never);
  return echoed;
}

describe('withLocalEcho, for a successful request', () => {
  it.each<[string, EndpointName, object, object, object[]]>([
    [
      'that creates a 911 call',
      'create911',
      { caller: 'Ann', location: 'Pier', description: 'Fire', isEmergency: false },
      { callId: 7 },
      [{ type: 'EVENT_911', data: { call: { callId: 7, caller: 'Ann', isEmergency: false } } }],
    ],
    ['that removes one', 'remove911', { callId: 7 }, {}, [{ type: 'EVENT_REMOVE_911', data: { callIds: [7] } }]],
    [
      'that creates a dispatch call',
      'createDispatch',
      { title: 'Fire' },
      { callId: 8, idents: [1] },
      [{ type: 'EVENT_DISPATCH_NEW', data: { dispatch: { callId: 8, title: 'Fire', idents: [1] } } }],
    ],
    [
      'that sets a postal',
      'setPostal',
      { callId: 5, postal: '99' },
      {},
      [{ type: 'EVENT_DISPATCH_EDIT', data: { dispatch: { callId: 5, title: 'Robbery', postal: '99', idents: [1] } } }],
    ],
    [
      'that sets the primary unit',
      'setPrimary',
      { callId: 5, identId: 3 },
      {},
      [{ type: 'EVENT_DISPATCH_EDIT', data: { dispatch: { callId: 5, primary: 3 } } }],
    ],
    [
      'that closes a call',
      'updateDispatch',
      { callId: 5, changes: { status: 2 } },
      {},
      [{ type: 'EVENT_DISPATCH_CLOSED', data: { callIds: [5] } }],
    ],
    [
      'that closes calls',
      'closeCalls',
      { callIds: [5, 6] },
      {},
      [{ type: 'EVENT_DISPATCH_CLOSED', data: { callIds: [5, 6] } }],
    ],
    [
      'that adds a note',
      'addNote',
      { callId: 5, note: 'armed', label: 'A-10' },
      {},
      [
        {
          type: 'EVENT_DISPATCH_NOTE',
          data: {
            callId: 5,
            note: { time: '1970-01-01T00:00:00.000Z', label: 'A-10', type: 'text', content: 'armed' },
          },
        },
      ],
    ],
    [
      'that attaches units named in the answer',
      'attachUnits',
      { callId: 5, groupName: 'K9' },
      { callId: 5, identIds: [2, 3] },
      [{ type: 'EVENT_DISPATCH_UNIT_ATTACH', data: { callId: 5, idents: [2, 3] } }],
    ],
    [
      'that attaches units found in the local state',
      'attachUnits',
      { callId: 5, communityUserIds: ['license:abc'] },
      { callId: 5, identIds: [] },
      [{ type: 'EVENT_DISPATCH_UNIT_ATTACH', data: { callId: 5, idents: [1] } }],
    ],
    [
      'that detaches a unit from all its calls',
      'detachUnits',
      { identIds: [1] },
      { identIds: [1] },
      [
        { type: 'EVENT_DISPATCH_UNIT_DETACH', data: { callId: 5, idents: [1] } },
        { type: 'EVENT_DISPATCH_UNIT_DETACH', data: { callId: 6, idents: [1] } },
      ],
    ],
    [
      'that sets a status',
      'setUnitStatus',
      { communityUserId: 'license:abc', status: 3 },
      { updated: 1, status: 'ENROUTE' },
      [{ type: 'EVENT_UNIT_STATUS', data: { identIds: [1], status: 3 } }],
    ],
    [
      'that sets a panic',
      'setUnitPanic',
      { identIds: [2], isPanic: true },
      { updated: 1 },
      [{ type: 'EVENT_UNIT_PANIC', data: { identIds: [2], isPanic: true } }],
    ],
  ])('%s, applies the event that the CAD would send for another client', async (_what, name, input, output, events) => {
    expect(await implied(name, input, output)).toMatchObject(events);
  });

  it.each<[string, EndpointName, object]>([
    ['an unknown call', 'setPostal', { callId: 404, postal: '1' }],
    ['an unknown unit', 'setUnitStatus', { communityUserId: 'license:nobody', status: 1 }],
    ['a thing without events', 'heartbeat', { playerCount: 3 }],
  ])('about %s, applies no event', async (_what, name, input) => {
    expect(await implied(name, input, { identIds: [] })).toEqual([]);
  });
});

const refusal = { ok: false, error: { kind: 'refused', status: 400, message: 'no', traceId: null } } as const;

describe('withLocalEcho', () => {
  it('applies a change at once, as an event', async () => {
    const { request, echoed } = setUp({ ok: true, data: {} });
    expect(await request('closeCalls', { callIds: [5] })).toEqual({ ok: true, data: {} });
    expect(echoed).toMatchObject([{ type: 'EVENT_DISPATCH_CLOSED', data: { callIds: [5] }, valid: true }]);
  });

  it('applies nothing when the CAD refuses the request', async () => {
    const { request, echoed } = setUp(refusal);
    expect(await request('closeCalls', { callIds: [5] })).toBe(refusal);
    expect(echoed).toEqual([]);
  });

  it('applies nothing when the request is for another server of the community', async () => {
    const { request, echoed } = setUp({ ok: true, data: {} });
    await request('closeCalls', { callIds: [5], serverId: 2 });
    expect(echoed).toEqual([]);
  });

  it('applies nothing when the answer lacks the changed call', async () => {
    const { request, echoed } = setUp({ ok: true, data: { title: 'no id' } });
    await request('createDispatch', { title: 'Fire' });
    expect(echoed).toEqual([]);
  });
});
