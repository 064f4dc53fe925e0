import { describe, expect, it } from '@jest/globals';
import type { CadRequest } from '../../../src/cad/api/cad-api.ts';
import { applyWrites } from '../../../src/cad/resync/local-echo.ts';
import type { KnownPushEvent } from '../../../src/events/push-event.ts';

const refusal = { ok: false, error: { kind: 'refused', status: 400, message: 'no', traceId: null } } as const;

function setUp(answer: unknown) {
  const amended: KnownPushEvent[] = [];
  const request = applyWrites({
    request: (async () => answer) as unknown as CadRequest,
    serverId: () => 1,
    known: { getCall: () => undefined, callsOfUnit: () => [], unitsWithIdentity: () => [] },
    amend: (event) => void amended.push(event),
    now: () => 5,
  });
  return { request, amended };
}

describe('what we write to the CAD', () => {
  it('is known here at once, in the shape of an event', async () => {
    const { request, amended } = setUp({ ok: true, data: {} });
    expect(await request('closeCalls', { callIds: [5] })).toEqual({ ok: true, data: {} });
    expect(amended).toMatchObject([{ type: 'EVENT_DISPATCH_CLOSED', data: { callIds: [5] }, valid: true }]);
  });

  it('changes nothing when the CAD refuses it', async () => {
    const { request, amended } = setUp(refusal);
    expect(await request('closeCalls', { callIds: [5] })).toBe(refusal);
    expect(amended).toEqual([]);
  });

  it('changes nothing here when it is for another server of the community', async () => {
    const { request, amended } = setUp({ ok: true, data: {} });
    await request('closeCalls', { callIds: [5], serverId: 2 });
    expect(amended).toEqual([]);
  });

  it('changes nothing when the answer does not say what has come of it', async () => {
    const { request, amended } = setUp({ ok: true, data: { title: 'no id' } });
    await request('createDispatch', { title: 'Fire' });
    expect(amended).toEqual([]);
  });
});
