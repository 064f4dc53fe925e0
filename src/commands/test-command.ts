import { randomUUID } from 'node:crypto';
import { catalogue, type PushEventType } from '../events/catalogue/catalogue.ts';
import { normalise } from '../events/normalise.ts';
import { findType, type PushEvent } from '../events/push-event.ts';
import type { SimulatedEvent } from '../game/dispatch/event-steps.ts';
import type { OperatorParts, Subcommand } from './subcommand.ts';

const MAX_NEAREST = 3;

/**
 * Makes an event of sample data, in the two forms in which consumers want it.
 *
 * @param madeBy server id of the player who asked for it; 0 for the console
 * @param forAll whether it also reaches scripts that cannot tell it from a real one
 * @param receivedAt milliseconds since 1970
 */
export function simulateEvent(
  type: PushEventType,
  madeBy: number,
  forAll: boolean,
  receivedAt: number,
): SimulatedEvent {
  const sample = sampleEvents[type];
  const body = type === 'GET_LOGS' ? { type, ...sample } : { type, data: sample };
  const { data } = normalise(type, body);
  const event = { id: randomUUID(), type, data, receivedAt, source: 'simulated', valid: true } as PushEvent;
  return { event, body, madeBy, forAll };
}

const USAGE = '<TYPE> [--all] | alert';

/** Typed again within this time, a command is carried out in spite of its warning. */
const ASK_AGAIN_MS = 30_000;

/** Scripts fine people, print paper and spawn peds for these: those that do not check whether an event is simulated must not see it. */
const NEVER_FOR_ALL: ReadonlySet<PushEventType> = new Set([
  'EVENT_RECORD_ADD',
  'EVENT_RECORD_EDIT',
  'EVENT_RECORD_REMOVE',
  'EVENT_PRINT_RECORD',
  'EVENT_NEW_CALLOUT',
]);

/** `test`: hands a made-up event to scripts. */
export function createTestCommand(parts: OperatorParts): Subcommand {
  const { name, dispatch, inspector, clock, actsAsOfficial, emitsLegacy } = parts;
  let warned: { readonly source: number; readonly type: PushEventType; readonly until: number } | null = null;

  function isWarned(source: number, type: PushEventType): boolean {
    const isSame = warned?.source === source && warned.type === type && clock.monotonic() < warned.until;
    warned = isSame ? null : { source, type, until: clock.monotonic() + ASK_AGAIN_MS };
    return isSame;
  }

  function simulate(type: PushEventType, source: number, forAll: boolean): string[] {
    dispatch(simulateEvent(type, source, forAll, clock.now()));
    const handlers = actsAsOfficial() ? ', RegisterPushEvent handlers' : '';
    const legacy = emitsLegacy() ? ', SonoranCAD events' : '';
    const others = forAll ? `${handlers}${legacy} and net events` : '';
    const shown = source > 0 ? ' You see the notification that players would get.' : '';
    return [`A simulated ${type} goes to subscribers${others}. Nothing is stored or forwarded.${shown}`];
  }

  return {
    usage: USAGE,
    description: 'gives a made-up event, marked as simulated, to subscribed scripts; or sends a test alert',
    run(words, source) {
      const names = words.filter((word) => !word.startsWith('--'));
      const options = words.filter((word) => word.startsWith('--'));
      const [typed] = names;
      const forAll = options[0]?.toLowerCase() === '--all';
      if (typed === undefined || names.length > 1 || options.length > (forAll ? 1 : 0))
        return [`${name} test ${USAGE}`, `types: ${Object.keys(catalogue).join(', ')}`];
      if (typed.toLowerCase() === 'alert') return inspector.testAlert();
      const found = findType(typed, MAX_NEAREST);
      if ('nearest' in found) {
        const nearest = found.nearest.length === 0 ? `see "${name} test"` : `did you mean ${found.nearest.join(', ')}?`;
        return [`There is no type of that name; ${nearest}`];
      }
      const { type } = found;
      if (forAll && NEVER_FOR_ALL.has(type))
        return [`${type} is never simulated for all: scripts would fine people, print paper or spawn peds.`];
      if (forAll && !isWarned(source, type))
        return [
          `Warning: with --all, scripts and players' games that cannot tell a simulated ${type} from a real one act on it.`,
          `To do it anyway, type it again within ${ASK_AGAIN_MS / 1000} s.`,
        ];
      return simulate(type, source, forAll);
    },
  };
}

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
