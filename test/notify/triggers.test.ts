import { describe, expect, it } from '@jest/globals';
import { eventOf } from '../event-of.ts';
import { setUpNotifications } from './set-up-notifications.ts';

const CALL = { callId: 501, title: 'Collision', code: '10-50', address: 'Vespucci Blvd', postal: '8042', status: 1 };
const about = (title: string, message = 'Collision – Vespucci Blvd (8042)') => `${title}\n${message}`;
const attachedTo = '10-50 Collision – Vespucci Blvd (8042). –';

const created = (call: object) => eventOf('EVENT_DISPATCH_NEW', { dispatch: call });
const edited = (call: object) => eventOf('EVENT_DISPATCH_EDIT', { dispatch: call });
const attach = (...idents: number[]) => eventOf('EVENT_DISPATCH_UNIT_ATTACH', { callId: 501, idents });
const detach = (...idents: number[]) => eventOf('EVENT_DISPATCH_UNIT_DETACH', { callId: 501, idents });

describe('notification of units', () => {
  it('is shown once when a unit is attached, whichever event attaches it', () => {
    const { state, happen, told } = setUpNotifications();
    happen(created({ ...CALL, idents: [12] }), () => state.addCall({ ...CALL, idents: [12] }));
    expect(told()).toEqual([about('1: Attached to call 501', attachedTo)]);
    happen(attach(12, 18), () => state.addCall({ ...CALL, idents: [12, 18] }));
    expect(told()).toEqual([about('2: Attached to call 501', attachedTo)]);
    happen(edited({ ...CALL, idents: [12, 18] }));
    happen(attach(18));
    expect(told()).toEqual([]);
  });

  it('is shown when an edit of a call attaches or detaches a unit', () => {
    const { state, happen, told } = setUpNotifications();
    state.addCall({ ...CALL, idents: [12] });
    happen(edited({ ...CALL, idents: [18] }), () => state.addCall({ ...CALL, idents: [18] }));
    expect(told()).toEqual([about('2: Attached to call 501', attachedTo), about('1: Detached from call 501')]);
  });

  it('is shown to the detached unit only, and not if the unit was not attached', () => {
    const { state, happen, told } = setUpNotifications();
    state.addCall({ ...CALL, idents: [12, 18] });
    happen(detach(99), () => state.addCall({ ...CALL, idents: [12, 18] }));
    expect(told()).toEqual([]);
    happen(detach(12), () => state.addCall({ ...CALL, idents: [18] }));
    expect(told()).toEqual([about('1: Detached from call 501')]);
  });

  it('is shown for an attachment to an unknown call as soon as the call becomes known', () => {
    const { state, happen, told } = setUpNotifications();
    happen(attach(12));
    expect(told()).toEqual([]);
    happen(edited({ ...CALL, idents: [12] }), () => state.addCall({ ...CALL, idents: [12] }));
    expect(told()).toEqual([about('1: Attached to call 501', attachedTo)]);
  });

  it('is shown for a note on a call to the attached units', () => {
    const { state, happen, told } = setUpNotifications();
    state.addCall({ ...CALL, idents: [18] });
    const note = { label: 'Dispatch', content: 'Lane two {apiKey} blocked' };
    happen(eventOf('EVENT_DISPATCH_NOTE', { callId: 501, note }));
    expect(told()).toEqual([about('2: Call 501: note by Dispatch', 'Lane two {apiKey} blocked')]);
  });

  it.each([
    ['an EVENT_DISPATCH_CLOSED', eventOf('EVENT_DISPATCH_CLOSED', { callIds: [501, 502] })],
    ['an EVENT_DISPATCH_EDIT', edited({ ...CALL, status: 2 })],
  ])('is shown once when a call is closed by %s', (_cause, event) => {
    const { state, happen, told } = setUpNotifications();
    state.addCall({ ...CALL, idents: [12, 18] });
    const close = () => state.addCall({ ...CALL, idents: [], status: 2 });
    happen(event, close);
    expect(told()).toEqual([about('1: Call 501 was closed'), about('2: Call 501 was closed')]);
    happen(event, close);
    expect(told()).toEqual([]);
  });

  it('mentions only the closing if an edit closes a call, and no later edit of the closed call', () => {
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

  it('is shown for edits of a call at most once in 5 s, and then lists all changes', () => {
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

  it('is not shown for an edit that was reverted within 5 s or that changed another field', () => {
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

describe('notification of the caller', () => {
  const called = (more: object = {}) => ({
    ...CALL,
    metaData: { callerPlayerId: '3', silentAlert: 'False', ...more },
  });
  const responding = '3: Help is on the way\nU-12 is responding to your call.';

  /** Creates the call, then attaches unit 12. @returns the notifications shown to the caller */
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
    'is shown for a responding unit if the call says that it is not silent: %j',
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
  ])('is not shown if the call may be silent: %j', (metaData) => {
    expect(respond(called(metaData))).toEqual([]);
  });

  it('is not shown if the caller left, or another player has the server id', () => {
    const left = respond(called(), ({ source }) => source.drop(3));
    const replaced = respond(called(), ({ source }) => {
      source.drop(3);
      source.join(3, 'license:d');
    });
    expect([left, replaced]).toEqual([[], []]);
  });

  it('is shown to the player who made the 911 call that the dispatch call was created from', () => {
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

  it('is not shown if a dispatcher is attached, or if the caller responds to their own call', () => {
    const dispatcher = respond(called(), ({ state }) => state.addUnit(12, null, { isDispatch: true }));
    const own = respond({ ...called(), metaData: { callerPlayerId: '1', silentAlert: 'False' } });
    expect([dispatcher, own]).toEqual([[], []]);
  });
});
