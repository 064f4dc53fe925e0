import { afterEach, describe, expect, it, jest } from '@jest/globals';
import type { PushEventData } from '../../src/events/catalogue/catalogue.ts';
import { createCallers } from '../../src/notify/triggers.ts';
import { eventOf } from '../event-of.ts';
import { setUpNotifications } from './set-up-notifications.ts';

const CALL = { callId: 501, title: 'Collision', code: '10-50', address: 'Vespucci Blvd', postal: '8042', status: 1 };
const about = (title: string, message = 'Collision – Vespucci Blvd (8042)') => `${title}\n${message}`;
const attachedTo = '10-50 Collision – Vespucci Blvd (8042). –';

const created = (call: object) => eventOf('EVENT_DISPATCH_NEW', { dispatch: call });
const edited = (call: object) => eventOf('EVENT_DISPATCH_EDIT', { dispatch: call });
const attach = (...idents: number[]) => eventOf('EVENT_DISPATCH_UNIT_ATTACH', { callId: 501, idents });
const detach = (...idents: number[]) => eventOf('EVENT_DISPATCH_UNIT_DETACH', { callId: 501, idents });

describe('units', () => {
  it('are told once that they were attached, by whichever event says so', () => {
    const { state, happen, told } = setUpNotifications();
    happen(created({ ...CALL, idents: [12] }), () => state.addCall({ ...CALL, idents: [12] }));
    expect(told()).toEqual([about('1: Attached to call 501', attachedTo)]);
    happen(attach(12, 18), () => state.addCall({ ...CALL, idents: [12, 18] }));
    expect(told()).toEqual([about('2: Attached to call 501', attachedTo)]);
    happen(edited({ ...CALL, idents: [12, 18] }));
    happen(attach(18));
    expect(told()).toEqual([]);
  });

  it('are told by an edit as well that they were attached or detached', () => {
    const { state, happen, told } = setUpNotifications();
    state.addCall({ ...CALL, idents: [12] });
    happen(edited({ ...CALL, idents: [18] }), () => state.addCall({ ...CALL, idents: [18] }));
    expect(told()).toEqual([about('2: Attached to call 501', attachedTo), about('1: Detached from call 501')]);
  });

  it('are told only of their own detachment, and of none that was not one', () => {
    const { state, happen, told } = setUpNotifications();
    state.addCall({ ...CALL, idents: [12, 18] });
    happen(detach(99), () => state.addCall({ ...CALL, idents: [12, 18] }));
    expect(told()).toEqual([]);
    happen(detach(12), () => state.addCall({ ...CALL, idents: [18] }));
    expect(told()).toEqual([about('1: Detached from call 501')]);
  });

  it('hear of their attachment when a call that was only a number becomes known', () => {
    const { state, happen, told } = setUpNotifications();
    happen(attach(12));
    expect(told()).toEqual([]);
    happen(edited({ ...CALL, idents: [12] }), () => state.addCall({ ...CALL, idents: [12] }));
    expect(told()).toEqual([about('1: Attached to call 501', attachedTo)]);
  });

  it('see notes on the calls they are attached to', () => {
    const { state, happen, told } = setUpNotifications();
    state.addCall({ ...CALL, idents: [18] });
    const note = { label: 'Dispatch', content: 'Lane two {apiKey} blocked' };
    happen(eventOf('EVENT_DISPATCH_NOTE', { callId: 501, note }));
    expect(told()).toEqual([about('2: Call 501: note by Dispatch', 'Lane two {apiKey} blocked')]);
  });

  it.each([
    ['an event', eventOf('EVENT_DISPATCH_CLOSED', { callIds: [501, 502] })],
    ['an edit', edited({ ...CALL, status: 2 })],
  ])('are told once that their call was closed by %s', (_how, event) => {
    const { state, happen, told } = setUpNotifications();
    state.addCall({ ...CALL, idents: [12, 18] });
    const close = () => state.addCall({ ...CALL, idents: [], status: 2 });
    happen(event, close);
    expect(told()).toEqual([about('1: Call 501 was closed'), about('2: Call 501 was closed')]);
    happen(event, close);
    expect(told()).toEqual([]);
  });

  it('are told only that a call was closed by what else is edited as it is, and nothing of edits of a closed call', () => {
    const { state, happen, told, clock } = setUpNotifications();
    state.addCall({ ...CALL, idents: [12] });
    const edit = (change: object) => {
      const call = { ...CALL, idents: [12], status: 2, ...change };
      happen(edited(call), () => state.addCall(call));
    };
    edit({ postal: '1' });
    expect(told()).toEqual([about('1: Call 501 was closed', 'Collision – Vespucci Blvd (1)')]);
    edit({ postal: '2', priority: 3 });
    clock.advance(5_000);
    expect(told()).toEqual([]);
  });

  it('are told what was edited, at most once in 5 s, and then all of it', () => {
    const { state, happen, told, toldOf, clock } = setUpNotifications();
    const call = { ...CALL, idents: [12], priority: 3 };
    state.addCall(call);
    const edit = (id: string, change: object) =>
      happen({ ...edited({ ...call, ...change }), id }, () => state.addCall({ ...call, ...change }));
    edit('a', { priority: 1 });
    expect(told()).toEqual([about('1: Call 501 was changed', 'Priority: 1')]);
    edit('b', { priority: 2 });
    edit('c', { priority: 1, address: 'Alta St' });
    edit('d', { priority: 1, address: 'Alta St', postal: '1' });
    clock.advance(4_999);
    expect(told()).toEqual([]);
    clock.advance(1);
    expect(told()).toEqual([about('1: Call 501 was changed', 'Address: Alta St, Postal: 1')]);
    expect(toldOf()).toEqual(['callEdited of a to 1', 'callEdited of b, c, d to 1']);
    clock.advance(5_000);
    expect(told()).toEqual([]);
    expect(clock.waiting).toBe(0);
  });

  it('are told nothing when an edit was taken back meanwhile, or changed nothing of these', () => {
    const { state, happen, told, clock } = setUpNotifications();
    const call = { ...CALL, idents: [12], priority: 3 };
    state.addCall(call);
    const edit = (change: object) =>
      happen(edited({ ...call, ...change }), () => state.addCall({ ...call, ...change }));
    edit({ description: 'b' });
    expect(told()).toEqual([]);
    edit({ priority: 1 });
    edit({ priority: 2 });
    edit({ priority: 1 });
    expect(told()).toHaveLength(1);
    clock.advance(5_000);
    expect(told()).toEqual([]);
  });
});

describe('the caller', () => {
  const called = (more: object = {}) => ({
    ...CALL,
    metaData: { callerPlayerId: '3', silentAlert: 'False', ...more },
  });
  const responding = '3: Help is on the way\nU-12 is responding to your call.';

  /** The call is created, then unit 12 attached; gives what the caller was told. */
  function respond(
    call: ReturnType<typeof called>,
    between: (server: ReturnType<typeof setUpNotifications>) => void = () => {},
  ) {
    const server = setUpNotifications();
    server.happen(created(call), () => server.state.addCall(call));
    between(server);
    server.happen(attach(12), () => server.state.addCall({ ...call, idents: [12] }));
    return server.told().filter((line) => !line.startsWith('1:'));
  }

  it.each([{ silentAlert: false }, { silentAlert: 'false' }, { silentAlert: undefined, silenceAlert: 'FALSE' }])(
    'is told who is coming when the call says that it was not silent: %j',
    (metaData) => {
      expect(respond(called(metaData))).toEqual([responding]);
    },
  );

  it.each([
    { silentAlert: undefined },
    { silentAlert: true },
    { silentAlert: 'True' },
    { silenceAlert: 'true' },
    { silentAlert: '' },
    { silentAlert: 'no' },
  ])('is told nothing when it does not say so: %j', (metaData) => {
    expect(respond(called(metaData))).toEqual([]);
  });

  it('is told nothing when somebody else has their server id by now', () => {
    const left = respond(called(), ({ source }) => source.drop(3));
    const replaced = respond(called(), ({ source }) => {
      source.drop(3);
      source.join(3, 'license:d');
    });
    expect([left, replaced]).toEqual([[], []]);
  });

  it('is the one who called 911, where the call was made from that', () => {
    const emergency = (identity: string) =>
      eventOf('EVENT_911', { call: { callId: 302, metaData: { callerPlayerId: '3' } }, apiIds: [identity] });
    const call = called({ createdFromId: '302' });
    const told = (before: (server: ReturnType<typeof setUpNotifications>) => void) => {
      const server = setUpNotifications({ settings: { rules: [{ on: '911', enabled: false }] } });
      before(server);
      server.happen(created(call), () => server.state.addCall(call));
      server.happen(attach(12), () => server.state.addCall({ ...call, idents: [12] }));
      return server.told().filter((line) => !line.startsWith('1:'));
    };
    expect(told(({ happen }) => happen(emergency('C')))).toEqual([responding]);
    expect(told(({ happen }) => happen(emergency('somebody-else')))).toEqual([]);
    expect(told(() => {})).toEqual([]);
    expect(
      told(({ happen, source }) => {
        happen(emergency('license:c'));
        source.drop(3);
        source.join(3, 'license:d');
      }),
    ).toEqual([]);
  });

  it('is told nothing of a dispatcher, or of coming themselves', () => {
    const dispatcher = respond(called(), ({ state }) => state.addUnit(12, null, { isDispatch: true }));
    const own = respond({ ...called(), metaData: { callerPlayerId: '1', silentAlert: 'False' } });
    expect([dispatcher, own]).toEqual([[], []]);
  });
});

const MOST = 2_000;

function setUp() {
  const sessions = new Map([[3, 1]]);
  const callers = createCallers({
    sessionOf: (source) => sessions.get(source) ?? null,
    sourcesOfIdentities: () => [],
  });
  return {
    callers,
    sessions,
    call(callId: number) {
      const { data } = eventOf('EVENT_911', { call: { callId, metaData: { callerPlayerId: '3' } } });
      callers.noteEmergency(data as PushEventData<'EVENT_911'>);
    },
  };
}

describe('callers', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('are remembered until they leave, and are not who comes after them', () => {
    const { callers, sessions, call } = setUp();
    call(1);
    expect([callers.ofEmergency(1), callers.ofEmergency(2)]).toEqual([3, null]);
    sessions.set(3, 2);
    expect(callers.ofEmergency(1)).toBeNull();
  });

  it('are forgotten for the oldest calls when there are too many', () => {
    const { callers, call } = setUp();
    for (let callId = 1; callId <= MOST; callId += 1) call(callId);
    call(1);
    expect([1, 2].map(callers.ofEmergency)).toEqual([3, 3]);
    call(MOST + 1);
    expect([1, 2, 3, MOST + 1].map(callers.ofEmergency)).toEqual([3, null, 3, 3]);
  });

  it('are remembered without a look at all others', () => {
    const { call } = setUp();
    for (let callId = 1; callId <= MOST; callId += 1) call(callId);
    const step = jest.spyOn(Object.getPrototypeOf(new Map().keys()), 'next');
    expect([...new Map([[1, 1]]).keys(), step.mock.calls.length]).toEqual([1, 2]);
    call(MOST);
    call(MOST + 1);
    expect(step.mock.calls.length).toBeLessThan(50);
  });
});
