import { describe, expect, it } from '@jest/globals';
import { eventOf } from '../event-of.ts';
import type { FakeCall } from '../game/state/fake-state.ts';
import { type SetUpOptions, setUpNotifications } from './set-up-notifications.ts';

const POSTALS = JSON.stringify([
  { code: '8042', x: 100.5, y: -200 },
  { code: 'A1', x: 7, y: 8 },
]);
const CALL = { callId: 501, idents: [12], postal: '8042', metaData: { x: '402.5', y: '-981.1' } };

/** Sets up a server with one call. `marks()` takes the map events sent to games since the last call. */
function setUp(options: SetUpOptions = {}, call: FakeCall = CALL) {
  const server = setUpNotifications(options);
  const marks = () =>
    server
      .sent()
      .filter(({ name }) => /waypoint/i.test(name))
      .map(({ name, target, args }) => [target, name.replace('sonorancad:', ''), args[0]]);
  server.happen(eventOf('EVENT_DISPATCH_NEW', { dispatch: call }), () => server.state.addCall(call));
  const edit = (change: object) =>
    server.happen(eventOf('EVENT_DISPATCH_EDIT', { dispatch: { ...call, ...change } }), () =>
      server.state.addCall({ ...call, ...change }),
    );
  return { ...server, marks, edit };
}

const exact = { settings: { waypoint: 'exact' } };
const mark = (x: number, y: number, isMove = false) => ({ callId: 501, x, y, isMove });

describe('Waypoints', () => {
  it('marks the postal code of the call for an attached unit', () => {
    expect(setUp({ postalFile: POSTALS }).marks()).toEqual([[1, 'waypoint', mark(100.5, -200)]]);
  });

  it('finds a postal code in lower case and in the metaData of the call', () => {
    const call = { callId: 501, idents: [12], metaData: { postal: 'a1' } };
    expect(setUp({ postalFile: POSTALS }, call).marks()).toEqual([[1, 'waypoint', mark(7, 8)]]);
  });

  it.each([
    ['there is no postal file', null],
    ['the postal file lacks the code', '[]'],
    ['the postal file is not JSON', '[{"code":'],
    ['the postal file has another structure', '{"8042":[1,2]}'],
  ])('marks the coordinates of the call if %s', (_condition, postalFile) => {
    expect(setUp({ postalFile }).marks()).toEqual([[1, 'waypoint', mark(402.5, -981.1)]]);
  });

  it('marks the coordinates with the setting exact, and nothing with none', () => {
    expect(setUp({ ...exact, postalFile: POSTALS }).marks()).toEqual([[1, 'waypoint', mark(402.5, -981.1)]]);
    const { marks, edit } = setUp({ settings: { waypoint: 'none' }, postalFile: POSTALS });
    edit({ postal: 'A1', idents: [] });
    expect(marks()).toEqual([]);
  });

  it.each([
    {},
    { x: '0', y: '0' },
    { x: '0.0', y: '0.0' },
    { x: 'here', y: '1' },
    { x: '1' },
    { x: '1e3', y: '2' },
    { x: 'NaN', y: 'Infinity' },
  ])('sets no mark for a call without valid coordinates: %j', (metaData) => {
    expect(setUp(exact, { callId: 501, idents: [12], metaData }).marks()).toEqual([]);
  });

  it('moves the mark of units that stay attached when the call moves', () => {
    const { marks, edit } = setUp(exact);
    marks();
    edit({ metaData: { x: '5', y: '6' }, idents: [12, 18] });
    expect(marks()).toEqual([
      [2, 'waypoint', mark(5, 6)],
      [1, 'waypoint', mark(5, 6, true)],
    ]);
    edit({ metaData: { x: '5', y: '6' }, idents: [12, 18], priority: 1 });
    expect(marks()).toEqual([]);
  });

  it('sets a mark when a call gets its first coordinates', () => {
    const { marks, edit } = setUp(exact, { callId: 501, idents: [12] });
    edit({ metaData: { x: '5', y: '6' } });
    expect(marks()).toEqual([[1, 'waypoint', mark(5, 6)]]);
  });

  it('clears the mark of a detached unit', () => {
    const { marks, edit } = setUp(exact);
    marks();
    edit({ idents: [] });
    expect(marks()).toEqual([[1, 'clearWaypoint', 501]]);
  });

  it('clears the mark when the call is closed', () => {
    const { marks, state, happen } = setUp(exact);
    marks();
    happen(eventOf('EVENT_DISPATCH_CLOSED', { callIds: [501] }), () => state.addCall({ ...CALL, status: 2 }));
    expect(marks()).toEqual([[1, 'clearWaypoint', 501]]);
  });

  it.each([
    ['EVENT_UNIT_STATUS', eventOf('EVENT_UNIT_STATUS', { identIds: [12], status: 4 }), {}, 4],
    ['EVENT_UNIT_UPDATE', eventOf('EVENT_UNIT_UPDATE', { units: [{ id: 12, status: 4 }] }), {}, 4],
    [
      'EVENT_UNIT_STATUS with a configured status',
      eventOf('EVENT_UNIT_STATUS', { identIds: [12], status: 7 }),
      { onSceneStatus: 7 },
      7,
    ],
  ])('clears the mark once when a unit arrives on scene by %s', (_name, event, settings, status) => {
    const { marks, state, happen } = setUp({ settings: { waypoint: 'exact', ...settings } });
    marks();
    happen(event, () => state.addUnit(12, 1, { status }));
    expect(marks()).toEqual([[1, 'clearWaypoint', null]]);
    happen(event);
    expect(marks()).toEqual([]);
  });

  it('keeps the mark when a unit gets another status than on scene', () => {
    const { marks, state, happen } = setUp(exact);
    marks();
    happen(eventOf('EVENT_UNIT_STATUS', { identIds: [12], status: 3 }), () => state.addUnit(12, 1, { status: 3 }));
    expect(marks()).toEqual([]);
  });

  it('sends no marks to a player who has switched them off, also after a restart', () => {
    const store = new Map<string, string>();
    const first = setUp({ ...exact, store });
    first.marks();
    first.notifications.commands.dn(1, ['gps', 'off']);
    expect(first.marks()).toEqual([[1, 'clearWaypoint', null]]);
    first.edit({ metaData: { x: '5', y: '6' } });
    expect(first.marks()).toEqual([]);
    const second = setUp({ ...exact, store });
    expect(second.marks()).toEqual([]);
    second.notifications.commands.dn(1, ['gps', 'on']);
    second.edit({ metaData: { x: '5', y: '6' } });
    expect(second.marks()).toEqual([[1, 'waypoint', mark(5, 6, true)]]);
    second.notifications.commands.dn(1, ['note', 'x']);
    expect(second.told()).toEqual(['1: CAD notifications\nUse /dn gps on or /dn gps off.']);
  });
});
