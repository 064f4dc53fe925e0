import { describe, expect, it } from '@jest/globals';
import { catalogue } from '../../src/events/catalogue/catalogue.ts';
import { describeEvent } from '../../src/events/describe-event.ts';
import type { PushEvent } from '../../src/events/push-event.ts';
import { eventOf, eventOfBody } from '../event-of.ts';
import { eventFixtures } from './fixtures.ts';

const statusLabels = ['UNAVAILABLE', 'BUSY', 'AVAILABLE', 'ENROUTE', 'ON_SCENE', 'Court'];
const units = new Map([
  [12, { data: { unitNum: '1-K-12', name: 'J. Doe' } }],
  [18, { data: { unitNum: '', name: 'R. Roe' } }],
]);
const calls = new Map([[501, { code: '10-50', title: 'Traffic collision' }]]);
const nothingKnown = { statusLabels };
const allKnown = {
  statusLabels,
  unit: (ident: number) => units.get(ident),
  call: (callId: number) => calls.get(callId),
};
const sentenceOf = (event: PushEvent, names = allKnown) => describeEvent(event, names).sentence;

/** Of the example of each type: the sentence while no name is known, and where it differs the one with names. */
const SENTENCES: Readonly<Record<string, readonly [bare: string, named?: string]>> = {
  EVENT_UNIT_UPDATE: ['Units changed: 1-ADAM-12, 1-KING-18'],
  EVENT_UNIT_STATUS: ['Unit 12, Unit 18 → On scene', '1-K-12, R. Roe → On scene'],
  EVENT_UNIT_LOGIN: ['1-ADAM-12 · Jim Reed signed in'],
  EVENT_UNIT_LOGOUT: ['Unit 12 signed out', '1-K-12 · J. Doe signed out'],
  EVENT_UNIT_PANIC: ['Panic button pressed: Unit 12, Unit 18', 'Panic button pressed: 1-K-12, R. Roe'],
  EVENT_UNIT_GROUP_ADD: ['Unit 12 joined the group Engine 7', '1-K-12 joined the group Engine 7'],
  EVENT_UNIT_GROUP_REMOVE: ['Unit 12 left the group Engine 7', '1-K-12 left the group Engine 7'],
  EVENT_UNIT_GROUP_CHANGE_NAME: ['Unit group renamed: Engine 7 → Engine 9'],
  EVENT_DISPATCH_NEW: ['Call 501 created: 10-50 · Traffic collision, 300 Vespucci Blvd'],
  EVENT_DISPATCH_EDIT: ['Call 501 changed: 10-50 · Traffic collision, 300 Vespucci Blvd'],
  EVENT_DISPATCH_CLOSED: ['Calls 501, 502 closed', 'Calls 501 (10-50 · Traffic collision), 502 closed'],
  EVENT_DISPATCH_NOTE: [
    'Note on call 501: Tow on the way, 100% confirmed',
    'Note on call 501 (10-50 · Traffic collision): Tow on the way, 100% confirmed',
  ],
  EVENT_DISPATCH_UNIT_ATTACH: [
    'Unit 12, Unit 18 attached to call 501',
    '1-K-12, R. Roe attached to call 501 (10-50 · Traffic collision)',
  ],
  EVENT_DISPATCH_UNIT_DETACH: [
    'Unit 12 detached from call 501',
    '1-K-12 detached from call 501 (10-50 · Traffic collision)',
  ],
  EVENT_DISPATCH_TOGGLE_BODYCAM: ['Body camera of Unit 12 switched on', 'Body camera of 1-K-12 switched on'],
  EVENT_911: ['911 from Lamar Davis: Someone is breaking into my car!, Forum Dr / Strawberry Ave'],
  EVENT_REMOVE_911: ['911 calls 302, 303 removed'],
  EVENT_STREETSIGN_UPDATED: ['Street signs 1, 2 changed: ROAD WORK / NEXT 2 MI'],
  EVENT_RECORD_ADD: ['Record created: Traffic citation (77)'],
  EVENT_RECORD_EDIT: ['Record changed: Traffic citation (77)'],
  EVENT_RECORD_REMOVE: ['Record removed: Traffic citation (77)'],
  EVENT_TONE: ['Tone played to Dispatch Call 501, LSFD'],
  EVENT_CHAR_SELECTED: ['Character 1 selected by the account 7d0c1a2e-0000-4000-8000-000000000007'],
  EVENT_COMMUNITY_LINK_VERIFIED: [
    'Account 7d0c1a2e-0000-4000-8000-000000000007 linked with license:0000000000000000000000000000000000000007',
  ],
  GET_LOGS: ["Logs requested by the CAD's support"],
  EVENT_NEW_CALLOUT: ['Callout at 1200, -640, 0'],
  EVENT_PRINT_RECORD: ['Record to be printed for Unit 12', 'Record to be printed for 1-K-12'],
  EVENT_PAGER_REBORN: [
    'Page to Unit 12, Unit 34, FIRE-1, BATTALION-1: Structure fire, Alta St',
    'Page to 1-K-12, Unit 34, FIRE-1, BATTALION-1: Structure fire, Alta St',
  ],
  EVENT_STATION_ALERT: ['Station alert for Station 7: Structure fire, Alta Street'],
};

describe('the sentence about an event', () => {
  it('is pinned here for every type of the catalogue', () => {
    expect(Object.keys(SENTENCES)).toEqual(Object.keys(catalogue));
  });

  it.each(eventFixtures())('of the example $name names what is known, and numbers the rest', ({ type, body }) => {
    const [bare, named = bare] = SENTENCES[type] ?? [];
    const event = eventOfBody(body);
    expect([describeEvent(event, nothingKnown).sentence, sentenceOf(event)]).toEqual([bare, named]);
  });

  it.each([
    [{ identIds: [12], status: 4 }, '1-K-12 → On scene'],
    [{ identIds: [12], status: 5 }, '1-K-12 → Court'],
    [{ identIds: [12], status: 9 }, '1-K-12 → status 9'],
    [
      {
        units: [
          { id: 12, status: 4 },
          { id: 18, status: 1 },
        ],
      },
      '1-K-12 → On scene, R. Roe → Busy',
    ],
    [{ identIds: [1, 2, 3, 4, 5, 6, 7], status: 0 }, 'Unit 1, Unit 2, Unit 3, Unit 4, Unit 5 and 2 more → Unavailable'],
  ])('of the status %j is %j', (data, sentence) => {
    expect(sentenceOf(eventOf('EVENT_UNIT_STATUS', data))).toBe(sentence);
  });

  it.each([
    [{ id: 12, status: 4, location: 'Mission Row' }, '1-K-12 → On scene · Mission Row'],
    [{ id: 12, isPanic: true }, '1-K-12 → PANIC'],
    [{ id: 12, data: { unitNum: '2-L-5', rank: 'Sergeant' } }, '2-L-5 changed'],
  ])('of the changed unit %j is %j', (unit, sentence) => {
    expect(sentenceOf(eventOf('EVENT_UNIT_UPDATE', { units: [unit] }))).toBe(sentence);
  });

  it.each([
    [
      { callId: 8, caller: 'Jane Roe', description: 'Shots fired', location: 'Grove Street' },
      '911 from Jane Roe: Shots fired, Grove Street',
    ],
    [{ callId: 8, caller: ' ', location: 'Grove Street' }, '911 call 8: Grove Street'],
    [{ callId: 8 }, '911 call 8'],
    [{ callId: 8, caller: 'Jane Roe', isEmergency: false }, 'Non-emergency call from Jane Roe'],
    [{ callId: 8, isEmergency: false }, 'Non-emergency call 8'],
    [{ callId: 8, caller: '**<b>', description: '^1@everyone' }, '911 from **<b>: ^1@everyone'],
  ])('of the 911 call %j is %j', (call, sentence) => {
    expect(sentenceOf(eventOf('EVENT_911', { call }))).toBe(sentence);
  });

  it('of a station alert leaves out a message that is sound', () => {
    const data = { locations: [{ name: 'Station 7' }], message: 'A'.repeat(2_001) };
    expect(sentenceOf(eventOf('EVENT_STATION_ALERT', data))).toBe('Station alert for Station 7');
  });

  it('of an unknown type is its name', () => {
    expect(sentenceOf(eventOf('EVENT_SOMETHING_NEW', { secret: 'x' }))).toBe('EVENT_SOMETHING_NEW');
  });
});

it('the references of an event are its units and calls, each once, with their names', () => {
  const attached = eventOf('EVENT_DISPATCH_UNIT_ATTACH', { callId: 501, idents: [12, 12, 99] });
  expect(describeEvent(attached, allKnown).references).toEqual([
    { kind: 'unit', id: 12, name: '1-K-12 · J. Doe' },
    { kind: 'unit', id: 99, name: 'Unit 99' },
    { kind: 'call', id: 501, name: 'Call 501 (10-50 · Traffic collision)' },
  ]);
  const removed = eventOf('EVENT_REMOVE_911', { callIds: [302] });
  expect(describeEvent(removed, allKnown).references).toEqual([
    { kind: 'emergencyCall', id: 302, name: '911 call 302' },
  ]);
});
