import type { PushEventType } from '../events/catalogue/catalogue.ts';

// Numbers and identities that do not exist: a sample must not be taken for a real unit or player.
const UNIT = 990_000_012;
const PARTNER = 990_000_018;
const CALL = 990_000_501;
const EMERGENCY = 990_000_302;
const ACCOUNT = 'simulated-account';
const IDENTITY = 'license:simulated';

const both = { identIds: [UNIT, PARTNER] };
const metaData = { postal: '8042', x: '402.5', y: '-981.1', z: '29.4' };

const unit = {
  id: UNIT,
  accId: ACCOUNT,
  status: 2,
  location: 'Mission Row',
  aop: 'Los Santos',
  data: { apiIds: [IDENTITY], unitNum: 'TEST-12', name: 'Test Unit', department: 'TEST', rank: 'Officer', page: 0 },
};

const dispatch = {
  callId: CALL,
  status: 1,
  priority: 2,
  address: 'Vespucci Blvd',
  postal: '8042',
  title: 'Test call',
  code: '10-50',
  description: 'This call was made by the command test.',
  notes: [{ time: '21:04:10', label: 'TEST-12', type: 'text', content: 'Lane two blocked' }],
  idents: [UNIT],
  primary: UNIT,
  metaData,
};

const record = {
  record: {
    id: 990_000_077,
    name: 'Test record',
    type: 8,
    sections: [{ label: 'Civilian', fields: [{ type: 'text', label: 'First name', uid: 'first', value: 'Test' }] }],
  },
};

/** What the CAD would send as `data` of each type; of `GET_LOGS`, what lies beside it. */
export const sampleEvents: Readonly<Record<PushEventType, Readonly<Record<string, unknown>>>> = {
  EVENT_UNIT_UPDATE: { units: [{ ...unit, status: 3 }] },
  EVENT_UNIT_STATUS: { ...both, status: 4 },
  EVENT_UNIT_LOGIN: { unit, isDispatch: false, selfDispatch: true },
  EVENT_UNIT_LOGOUT: { identId: UNIT },
  EVENT_UNIT_PANIC: { ...both, isPanic: true },
  EVENT_UNIT_GROUP_ADD: { ...both, groupName: 'Test group' },
  EVENT_UNIT_GROUP_REMOVE: { identId: UNIT, groupName: 'Test group' },
  EVENT_UNIT_GROUP_CHANGE_NAME: { ...both, oldName: 'Test group', newName: 'Other group' },
  EVENT_DISPATCH_NEW: { eventOriginIdent: UNIT, dispatch },
  EVENT_DISPATCH_EDIT: { eventOriginIdent: UNIT, dispatch: { ...dispatch, priority: 1, postal: '8050' } },
  EVENT_DISPATCH_CLOSED: { eventOriginIdent: UNIT, callIds: [CALL] },
  EVENT_DISPATCH_NOTE: {
    callId: CALL,
    note: { time: '21:09:00', label: 'DISPATCH', type: 'text', content: 'Tow on the way' },
  },
  EVENT_DISPATCH_UNIT_ATTACH: { eventOriginIdent: UNIT, idents: [PARTNER], callId: CALL },
  EVENT_DISPATCH_UNIT_DETACH: { eventOriginIdent: UNIT, idents: [PARTNER], callId: CALL },
  EVENT_DISPATCH_TOGGLE_BODYCAM: { ident: UNIT, state: true },
  EVENT_911: {
    call: {
      callId: EMERGENCY,
      isEmergency: true,
      caller: 'Test Caller',
      location: 'Forum Dr / Strawberry Ave',
      description: 'This call was made by the command test.',
      metaData,
    },
    apiIds: [IDENTITY],
  },
  EVENT_REMOVE_911: { callIds: [EMERGENCY] },
  EVENT_STREETSIGN_UPDATED: { signData: { ids: [1, 2], text1: 'TEST SIGN', text2: 'NEXT 2 MI', text3: '' } },
  EVENT_RECORD_ADD: record,
  EVENT_RECORD_EDIT: record,
  EVENT_RECORD_REMOVE: record,
  EVENT_TONE: { url: 'https://tones.example/test.mp3', playTonesTo: [{ type: 5, value: UNIT, label: 'TEST-12' }] },
  EVENT_CHAR_SELECTED: { accId: ACCOUNT, id: 1 },
  EVENT_COMMUNITY_LINK_VERIFIED: { communityUserId: IDENTITY, accountUuid: ACCOUNT },
  GET_LOGS: { logKey: 'simulated' },
  EVENT_NEW_CALLOUT: {
    callout: { calloutLocations: [{ x: 1200, y: -640, z: 0 }], pedWeaponData: [], pedChanceToSurrender: 90 },
  },
  EVENT_PRINT_RECORD: { identId: UNIT, url: 'https://files.example/record.pdf' },
  EVENT_PAGER_REBORN: { addresses: ['TEST-1'], identIds: [UNIT], nature: 'Emergency', body: 'Test page' },
  EVENT_STATION_ALERT: {
    locations: [{ name: 'Station 7', open: ['Bay 1'], close: ['Bay 3'] }],
    message: 'Test alert, Alta Street',
    colors: ['red'],
    tone: 'tone1',
  },
};
