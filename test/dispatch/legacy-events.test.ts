import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { legacyEvents } from '../../src/dispatch/legacy-events.ts';
import { createKeyRing } from '../../src/push-events/key-ring.ts';
import { receiveEvent } from '../../src/push-events/receive-event.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');
const P = 'SonoranCAD::pushevents:';
const ring = createKeyRing(['test-api-key']);

function eventsOf(text: string) {
  const result = receiveEvent(Buffer.from(text), ring, 'http', 1);
  if (!result.accepted) throw new Error(result.reason);
  return { events: legacyEvents(result), event: result.event, data: JSON.parse(text).data };
}
const fixture = (name: string) => eventsOf(readFileSync(join(FIXTURES, `${name}.json`), 'utf8'));

describe('legacyEvents', () => {
  it.each([
    ['EVENT_UNIT_LOGIN', 'UnitLogin', 'unit'],
    ['EVENT_UNIT_LOGOUT', 'UnitLogout', 'identId'],
    ['EVENT_STREETSIGN_UPDATED', 'SmartSignUpdate', 'signData'],
    ['EVENT_RECORD_ADD', 'RecordAdded', 'record'],
    ['EVENT_RECORD_EDIT', 'RecordEdited', 'record'],
    ['EVENT_RECORD_REMOVE', 'RecordRemoved', 'record'],
  ])('gives for %s the event %s with its %s', (type, name, member) => {
    const { events, data } = fixture(`push-events/${type}`);
    expect(events).toEqual([[P + name, data[member]]]);
  });

  it.each([
    ['EVENT_UNIT_GROUP_CHANGE_NAME', 'UnitGroupRename'],
    ['EVENT_TONE', 'Tone'],
    ['EVENT_CHAR_SELECTED', 'CharacterSelected'],
    ['EVENT_COMMUNITY_LINK_VERIFIED', 'CommunityLinkVerified'],
  ])('gives for %s the event %s with all of its data', (type, name) => {
    const { events, data } = fixture(`push-events/${type}`);
    expect(events).toEqual([[P + name, data]]);
  });

  it('gives each unit of an update with its status', () => {
    const { events, data } = fixture('push-events/EVENT_UNIT_UPDATE');
    expect(events).toEqual([
      [`${P}UnitUpdate`, data.units[0], 3],
      [`${P}UnitUpdate`, data.units[1], 4],
    ]);
    const status = fixture('variants/units.EVENT_UNIT_STATUS');
    expect(status.events).toEqual([[`${P}UnitUpdate`, status.data.units[0], 3]]);
  });

  it('gives the group with its idents, whichever shape they came in', () => {
    expect(fixture('push-events/EVENT_UNIT_GROUP_ADD').events).toEqual([
      [`${P}UnitGroupAdd`, { groupName: 'Engine 7', idents: [12] }],
    ]);
    expect(fixture('variants/top-level-identId.EVENT_UNIT_GROUP_ADD').events).toEqual([
      [`${P}UnitGroupAdd`, { groupName: 'Engine 7', idents: [12] }],
    ]);
    const { events } = fixture('push-events/EVENT_UNIT_GROUP_REMOVE');
    expect(events).toEqual([[`${P}UnitGroupRemove`, expect.objectContaining({ groupName: 'Engine 7', identId: 12 })]]);
  });

  it('gives a new and an edited call in the shape of the cache', () => {
    const added = fixture('push-events/EVENT_DISPATCH_NEW');
    expect(added.events).toEqual([[`${P}DispatchEvent`, { dispatch_type: 'CALL_NEW', dispatch: added.data.dispatch }]]);
    const edited = fixture('push-events/EVENT_DISPATCH_EDIT');
    expect(edited.events).toEqual([
      [`${P}DispatchEvent`, { dispatch_type: 'CALL_EDIT', dispatch: edited.data.dispatch }],
    ]);
  });

  it('gives a 911 call with the metadata of both places and who called', () => {
    const { events } = fixture('push-events/EVENT_911');
    const metaData = { plate: '46EEK572', callerPlayerId: '7', postal: '8042', x: '402.5', y: '-981.1', z: '29.4' };
    const identities = ['license:0000000000000000000000000000000000000007', 'steam:110000100000007'];
    expect(events).toEqual([
      [
        `${P}IncomingCadCall`,
        expect.objectContaining({ callId: 302, caller: 'Lamar Davis', metaData }),
        metaData,
        identities,
      ],
    ]);
  });

  it('gives each 911 call that was removed', () => {
    expect(fixture('push-events/EVENT_REMOVE_911').events).toEqual([
      [`${P}CadCallRemoved`, 302],
      [`${P}CadCallRemoved`, 303],
    ]);
    expect(fixture('variants/callId.EVENT_REMOVE_911').events).toEqual([[`${P}CadCallRemoved`, 302]]);
  });

  it('gives the key of a log request', () => {
    expect(fixture('push-events/GET_LOGS').events).toEqual([[`${P}SendSupportLogs`, '123456']]);
  });

  it.each([
    'EVENT_DISPATCH_TOGGLE_BODYCAM',
    'EVENT_NEW_CALLOUT',
    'EVENT_PRINT_RECORD',
    'EVENT_PAGER_REBORN',
    'EVENT_STATION_ALERT',
  ])('gives %s as another event, with its data as received', (type) => {
    const { events, data } = fixture(`push-events/${type}`);
    expect(events).toEqual([[`${P}OtherEvent`, type, data]]);
  });

  it('gives an unknown type, and what was not understood, as another event with its data as received', () => {
    expect(fixture('variants/unknown-type.EVENT_SOMETHING_NEW').events).toEqual([
      [`${P}OtherEvent`, 'EVENT_SOMETHING_NEW', { any: 'thing' }],
    ]);
    const { events, event } = eventsOf('{"key":"test-api-key","type":"EVENT_UNIT_LOGOUT","data":[{"identId":"x"}]}');
    expect(event.valid).toBe(false);
    expect(events).toEqual([[`${P}OtherEvent`, 'EVENT_UNIT_LOGOUT', { identId: 'x' }]]);
  });
});
