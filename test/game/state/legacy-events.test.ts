import { describe, expect, it } from '@jest/globals';
import { eventFixtures, variantFixtures } from '../../events/fixtures.ts';
import { callOf, runState, unitOf, withCall, withUnits } from './run-state.ts';

const fixtures = new Map([...eventFixtures(), ...variantFixtures()].map((fixture) => [fixture.name, fixture.body]));
function body(name: string): { type: string; data: Record<string, unknown> } {
  const found = fixtures.get(name);
  if (found === undefined) throw new Error(`no fixture ${name}`);
  return structuredClone(found) as { type: string; data: Record<string, unknown> };
}

const unit = (id: number, fields: object = {}) => expect.objectContaining({ id, ...fields });
const entry = (type: string, callId: number, fields: object = {}) => ({
  dispatch_type: type,
  dispatch: expect.objectContaining({ callId, ...fields }),
});

describe("the official resource's events", () => {
  it.each([
    ['EVENT_STREETSIGN_UPDATED', 'SmartSignUpdate', 'signData'],
    ['EVENT_RECORD_ADD', 'RecordAdded', 'record'],
    ['EVENT_RECORD_EDIT', 'RecordEdited', 'record'],
    ['EVENT_RECORD_REMOVE', 'RecordRemoved', 'record'],
  ])('have for %s %s with its %s', (type, name, member) => {
    expect(runState().pushBody(body(type))).toEqual([[name, body(type).data[member]]]);
  });

  it.each([
    ['EVENT_UNIT_GROUP_CHANGE_NAME', 'UnitGroupRename'],
    ['EVENT_TONE', 'Tone'],
    ['EVENT_CHAR_SELECTED', 'CharacterSelected'],
    ['EVENT_COMMUNITY_LINK_VERIFIED', 'CommunityLinkVerified'],
  ])('have for %s %s with all of its data', (type, name) => {
    expect(runState().pushBody(body(type))).toEqual([[name, body(type).data]]);
  });

  it('have for a login the unit', () => {
    const login = body('EVENT_UNIT_LOGIN');
    expect(runState().pushBody(login)).toEqual([['UnitLogin', login.data.unit]]);
  });

  it('have for each unit of an update the unit and its status, and its new status besides when that has changed', () => {
    const run = runState();
    const update = body('EVENT_UNIT_UPDATE');
    expect(run.pushBody(update)).toEqual([
      ['UnitUpdate', unit(12), 3],
      ['UnitUpdate', unit(18), 4],
    ]);
    expect(
      run.push('EVENT_UNIT_UPDATE', {
        units: [
          { id: 18, status: 1 },
          { id: 12, status: 3 },
        ],
      }),
    ).toEqual([
      ['UnitUpdate', unit(18, { status: 1 }), 1],
      ['UnitStatusUpdate', unit(18, { status: 1 }), 1],
      ['UnitUpdate', unit(12, { status: 3 }), 3],
    ]);
  });

  it.each(['EVENT_UNIT_STATUS', 'array-data.EVENT_UNIT_STATUS'])('have for %s both events for each unit', (name) => {
    expect(withUnits().pushBody(body(name))).toEqual(
      [12, 18].flatMap((id) => [
        ['UnitUpdate', unit(id, { status: 4 }), 4],
        ['UnitStatusUpdate', unit(id, { status: 4 }), 4],
      ]),
    );
  });

  it('have for a status that came with whole units the same', () => {
    expect(runState().pushBody(body('units.EVENT_UNIT_STATUS'))).toEqual([
      ['UnitUpdate', unit(12, { status: 3 }), 3],
      ['UnitStatusUpdate', unit(12, { status: 3 }), 3],
    ]);
  });

  it('have for a panic the unit itself, already in panic', () => {
    const run = withUnits();
    expect(run.pushBody(body('EVENT_UNIT_PANIC'))).toEqual([
      ['UnitPanic', unit(12, { isPanic: true }), 12, true],
      ['UnitPanic', unit(18, { isPanic: true }), 18, true],
    ]);
  });

  it('have for a group its idents, whichever shape they came in', () => {
    const added = [['UnitGroupAdd', { groupName: 'Engine 7', idents: [12] }]];
    expect(runState().pushBody(body('EVENT_UNIT_GROUP_ADD'))).toEqual(added);
    expect(runState().pushBody(body('top-level-identId.EVENT_UNIT_GROUP_ADD'))).toEqual(added);
    expect(runState().pushBody(body('EVENT_UNIT_GROUP_REMOVE'))).toEqual([
      ['UnitGroupRemove', expect.objectContaining({ groupName: 'Engine 7', identId: 12 })],
    ]);
  });

  it('have for a new call the cache, the call, and each unit on it that is known', () => {
    const run = runState();
    run.push('EVENT_UNIT_LOGIN', { unit: unitOf(18) });
    const added = entry('CALL_NEW', 501, { idents: [12, 18] });
    expect(run.pushBody(body('EVENT_DISPATCH_NEW'))).toEqual([
      ['CallCacheUpdated'],
      ['DispatchEvent', added],
      ['UnitAttach', added, unit(18)],
    ]);
  });

  it('have for an edited call what it was and the data, then the cache and what it is', () => {
    const run = withCall();
    const data = { eventOriginIdent: 40, dispatch: callOf(501, { title: 'new', status: 2 }) };
    expect(run.push('EVENT_DISPATCH_EDIT', data)).toEqual([
      [
        'DispatchEdit',
        entry('CALL_NEW', 501, { title: 'Call 501' }),
        expect.objectContaining({ eventOriginIdent: 40 }),
      ],
      ['CallCacheUpdated'],
      ['DispatchEvent', entry('CALL_EDIT', 501, { title: 'new', status: 2 })],
    ]);
    const [first] = run.push('EVENT_DISPATCH_EDIT', { dispatch: callOf(777) });
    expect(first).toEqual(['DispatchEdit', null, { dispatch: expect.objectContaining({ callId: 777 }) }]);
  });

  it('have the cache of calls only when it holds something else', () => {
    const run = withCall();
    const updates = (type: string, data: object) =>
      run.push(type, data).filter(([name]) => name === 'CallCacheUpdated').length;
    const dispatch = () => callOf(501, { title: 'new', idents: [12], metaData: { x: '1' } });
    expect(updates('EVENT_DISPATCH_NEW', { dispatch: dispatch() })).toBe(1);
    expect(updates('EVENT_DISPATCH_NEW', { eventOriginIdent: 40, dispatch: dispatch() })).toBe(0);
    // It was new, and is edited now: the cache holds that too.
    expect(updates('EVENT_DISPATCH_EDIT', { dispatch: dispatch() })).toBe(1);
    expect(updates('EVENT_DISPATCH_EDIT', { dispatch: dispatch() })).toBe(0);
    expect(updates('EVENT_DISPATCH_EDIT', { dispatch: { ...dispatch(), metaData: { x: '2' } } })).toBe(1);
    expect(updates('EVENT_DISPATCH_CLOSED', { callIds: [501] })).toBe(1);
    expect(updates('EVENT_DISPATCH_CLOSED', { callIds: [501] })).toBe(0);
    expect(updates('EVENT_DISPATCH_EDIT', { dispatch: { ...dispatch(), status: 2 } })).toBe(1);
    expect(updates('EVENT_DISPATCH_EDIT', { dispatch: { ...dispatch(), status: 2 } })).toBe(0);
  });

  it('have for closed calls the cache and the call, for each that is known', () => {
    const run = withCall();
    run.push('EVENT_DISPATCH_NEW', { dispatch: callOf(502) });
    expect(run.push('EVENT_DISPATCH_CLOSED', { callIds: [501, 9, 502] })).toEqual([
      ['CallCacheUpdated'],
      ['DispatchEvent', entry('CALL_CLOSE', 501, { status: 2 })],
      ['CallCacheUpdated'],
      ['DispatchEvent', entry('CALL_CLOSE', 502, { status: 2 })],
    ]);
  });

  it('have for a note the call as it was and the data, then the cache', () => {
    const run = withCall();
    const note = { callId: 501, note: { time: '', label: 'A', type: 'text', content: 'b' } };
    expect(run.push('EVENT_DISPATCH_NOTE', note)).toEqual([
      ['DispatchNote', entry('CALL_NEW', 501, { notes: [] }), note],
      ['CallCacheUpdated'],
    ]);
    expect(run.push('EVENT_DISPATCH_NOTE', { ...note, callId: 9 })).toEqual([
      ['DispatchNote', null, { ...note, callId: 9 }],
    ]);
  });

  it.each([
    // Two come, and one goes: 12 is attached already.
    ['EVENT_DISPATCH_UNIT_ATTACH', 'UnitAttach', 2],
    ['EVENT_DISPATCH_UNIT_DETACH', 'UnitDetach', 1],
  ])('have for %s the call as it was with each known unit, then the cache for each change', (type, name, changes) => {
    const run = withCall();
    const updates = Array.from({ length: changes }, () => ['CallCacheUpdated']);
    const known = (as: 'CALL_NEW' | 'CALL_EDIT', idents: readonly number[]) => [
      [name, entry(as, 501, { idents }), unit(18)],
      [name, entry(as, 501, { idents }), unit(12)],
    ];
    expect(run.push(type, { callId: 501, idents: [18, 9, 12] })).toEqual([...known('CALL_NEW', [12]), ...updates]);
    // A second time it changes nothing.
    const idents = changes === 2 ? [12, 18, 9] : [];
    expect(run.push(type, { callId: 501, idents: [18, 9, 12] })).toEqual(known('CALL_EDIT', idents));
  });

  it('have for a call that is closed a second time no change of the cache', () => {
    const run = withCall();
    run.push('EVENT_DISPATCH_CLOSED', { callIds: [501] });
    expect(run.push('EVENT_DISPATCH_CLOSED', { callIds: [501] })).toEqual([
      ['DispatchEvent', entry('CALL_CLOSE', 501, { status: 2 })],
    ]);
  });

  it('have no metaData where the CAD has sent none', () => {
    const run = runState();
    const [, incoming] = run.push('EVENT_911', { call: { callId: 302 } });
    expect(incoming).toEqual([
      'IncomingCadCall',
      expect.not.objectContaining({ metaData: expect.anything() }),
      null,
      [],
    ]);
    run.push('EVENT_DISPATCH_NEW', { dispatch: { callId: 502 } });
    expect(run.state.getCall(502)).not.toHaveProperty('metaData');
  });

  it('have for a 911 call the cache, and the call with the metadata of both places and who called', () => {
    const metaData = { plate: '46EEK572', callerPlayerId: '7', postal: '8042', x: '402.5', y: '-981.1', z: '29.4' };
    const identities = ['license:0000000000000000000000000000000000000007', 'steam:110000100000007'];
    expect(runState().pushBody(body('EVENT_911'))).toEqual([
      ['EmergencyCacheUpdated'],
      ['IncomingCadCall', expect.objectContaining({ callId: 302, metaData }), metaData, identities],
    ]);
  });

  it('have for each removed 911 call the cache and its id', () => {
    const removed = (callId: number) => [['EmergencyCacheUpdated'], ['CadCallRemoved', callId]];
    expect(runState().pushBody(body('EVENT_REMOVE_911'))).toEqual([302, 303].flatMap(removed));
    expect(runState().pushBody(body('callId.EVENT_REMOVE_911'))).toEqual(removed(302));
  });

  it('have for a log request its key', () => {
    expect(runState().pushBody(body('GET_LOGS'))).toEqual([['SendSupportLogs', '123456']]);
  });

  it.each([
    'EVENT_DISPATCH_TOGGLE_BODYCAM',
    'EVENT_NEW_CALLOUT',
    'EVENT_PRINT_RECORD',
    'EVENT_PAGER_REBORN',
    'EVENT_STATION_ALERT',
    'unknown-type.EVENT_SOMETHING_NEW',
  ])('have for %s OtherEvent with its data as received', (name) => {
    const received = body(name);
    expect(runState().pushBody(received)).toEqual([['OtherEvent', received.type, received.data]]);
  });

  it('have for data that was not understood OtherEvent with the data as received, and nothing changes', () => {
    const run = withUnits();
    expect(run.push('EVENT_UNIT_LOGOUT', { identId: 12 }, { valid: false, issues: [] })).toEqual([
      ['OtherEvent', 'EVENT_UNIT_LOGOUT', { identId: 12 }],
    ]);
    expect(run.state.getUnit(12)).toBeDefined();
  });

  it('are left out while switched off, and for simulated events, which change nothing either', () => {
    const run = withUnits();
    run.legacy = false;
    expect(run.push('EVENT_UNIT_STATUS', { identIds: [12], status: 0 })).toEqual([]);
    expect(run.push('EVENT_SOMETHING', {})).toEqual([]);
    expect(run.state.getUnit(12)?.status).toBe(0);
    run.legacy = true;
    expect(run.push('EVENT_UNIT_STATUS', { identIds: [12], status: 1 }, { source: 'simulated' })).toEqual([]);
    expect(run.state.getUnit(12)?.status).toBe(0);
  });
});

describe("handlers of the official resource's events", () => {
  it('find the unit until its logout is announced, however long its player was not there', () => {
    const run = withUnits();
    run.clock.advance(60_000);
    run.look((state) => [state.cachedUnits().map(({ id }) => id), state.indexOfCachedUnit(12)]);
    expect(run.push('EVENT_UNIT_LOGOUT', { identId: 12 })).toEqual([['UnitLogout', 12, [[12], 0]]]);
    expect(run.state.units().map(({ id }) => id)).toEqual([18]);
  });

  it('find the call as it was in those of edits, notes, attached and detached units, and as it is in all others', () => {
    const run = withCall();
    run.look((state) => {
      const call = state.getCall(501);
      return call && [call.title, call.status, call.notes.length, call.idents.length];
    });
    const seen = (type: string, data: object) => run.push(type, data).map((event) => [event[0], event.at(-1)]);
    expect(seen('EVENT_DISPATCH_EDIT', { dispatch: callOf(501, { title: 'new', idents: [12] }) })).toEqual([
      ['DispatchEdit', ['Call 501', 1, 0, 1]],
      ['CallCacheUpdated', ['new', 1, 0, 1]],
      ['DispatchEvent', ['new', 1, 0, 1]],
    ]);
    expect(seen('EVENT_DISPATCH_NOTE', { callId: 501, note: 'a' })).toEqual([
      ['DispatchNote', ['new', 1, 0, 1]],
      ['CallCacheUpdated', ['new', 1, 1, 1]],
    ]);
    expect(seen('EVENT_DISPATCH_UNIT_ATTACH', { callId: 501, ident: 18 })).toEqual([
      ['UnitAttach', ['new', 1, 1, 1]],
      ['CallCacheUpdated', ['new', 1, 1, 2]],
    ]);
    expect(seen('EVENT_DISPATCH_UNIT_DETACH', { callId: 501, ident: 18 })).toEqual([
      ['UnitDetach', ['new', 1, 1, 2]],
      ['CallCacheUpdated', ['new', 1, 1, 1]],
    ]);
    expect(seen('EVENT_DISPATCH_CLOSED', { callId: 501 })).toEqual([
      ['CallCacheUpdated', ['new', 2, 1, 1]],
      ['DispatchEvent', ['new', 2, 1, 1]],
    ]);
  });
});
