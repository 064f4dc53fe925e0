import { describe, expect, it } from '@jest/globals';
import * as v from 'valibot';
import { catalogue } from '../../../src/events/catalogue/catalogue.ts';
import type { PushEvent } from '../../../src/events/push-event.ts';
import { Audience } from '../../../src/game/dispatch/audience.ts';
import {
  type NetEventSettings,
  NetEvents,
  netEventsSchema,
  noNetEvents,
} from '../../../src/game/dispatch/net-events.ts';
import { Players } from '../../../src/game/players/players.ts';
import { eventOf, eventOfBody } from '../../event-of.ts';
import { eventFixtures, variantFixtures } from '../../events/fixtures.ts';
import { createRecordingClients } from '../../recording-clients.ts';
import { createRecordingLog } from '../../recording-log.ts';
import { createFakePlayerSource } from '../players/fake-player-source.ts';
import { FakeState } from '../state/fake-state.ts';

/** Players 1 (unit 12), 2 (unit 18), 3 (unit 40) are on duty, 4 is not; call 501 has units 12 and 18. */
function setUp(settings: NetEventSettings = {}, hasPlayers = () => true) {
  const state = new FakeState();
  state.addUnit(12, 1, { data: { department: 'LSPD', group: 'Alpha', subdivision: 'Patrol' } });
  state.addUnit(18, 2, { data: { department: 'LSFD', agency: '7' } });
  state.addUnit(40, 3);
  state.addCall({ callId: 501, idents: [12, 18] });
  const players = new Players(
    createFakePlayerSource({ 1: ['license:a'], 2: ['license:b'], 3: ['license:c'], 4: ['license:d'] }),
  );
  const audience = new Audience({
    players,
    state,
    checks: { hasAce: () => false, jobOf: () => null, hasFramework: () => true, callExport: () => false },
    duty: () => ({ by: 'incad' }),
    log: createRecordingLog(),
  });
  const clients = createRecordingClients();
  const netEvents = new NetEvents({
    settings: () => settings,
    state,
    audience,
    clients,
    hasPlayers,
  });
  const send = (event: PushEvent, change: () => void = () => {}) => {
    const finish = netEvents.begin(event);
    change();
    finish();
    return clients.sent.splice(0);
  };
  return { state, send, targets: (event: PushEvent) => send(event).map(({ target }) => target) };
}

const note = () => eventOf('EVENT_DISPATCH_NOTE', { callId: 501, note: { content: 'a' } });
const tone = (...playTonesTo: object[]) => eventOf('EVENT_TONE', { url: 'https://cad.example/tone.mp3', playTonesTo });

describe('net events', () => {
  it('look for nobody while nobody is connected, and find who joined before the event was through', () => {
    let isAnybodyThere = false;
    const { send } = setUp({}, () => isAnybodyThere);
    expect(send(note())).toEqual([]);
    expect(send(eventOf('EVENT_STATION_ALERT', { locations: [{ name: 'a' }] })).map(({ target }) => target)).toEqual([
      -1,
    ]);
    const joined = send(note(), () => {
      isAnybodyThere = true;
    });
    expect(joined.map(({ target }) => target)).toEqual([1, 2]);
  });

  it('send type and data to the players of the units and calls that an event is about', () => {
    const { send } = setUp();
    const sent = send(eventOf('EVENT_DISPATCH_NOTE', { callId: 501, note: { content: 'a' } }));
    expect(sent).toEqual(
      [1, 2].map((target) => ({
        name: 'sonorancad:pushEvent',
        target,
        args: ['EVENT_DISPATCH_NOTE', { callId: 501, note: { time: '', label: '', type: 'text', content: 'a' } }],
        isSlow: false,
      })),
    );
  });

  it('reach a unit that the event takes away', () => {
    const { state, send } = setUp();
    const sent = send(eventOf('EVENT_UNIT_LOGOUT', { identId: 40 }), () => state.players.delete(40));
    expect(sent.map(({ target }) => target)).toEqual([3]);
  });

  it('reach a unit that is found by its identities before the state knows it', () => {
    const { targets } = setUp();
    expect(targets(eventOf('EVENT_UNIT_LOGIN', { unit: { id: 77, data: { apiIds: ['D'] } } }))).toEqual([4]);
  });

  it('send 911 calls to whoever is on duty, and signs, alerts and callouts to all', () => {
    const { targets } = setUp();
    for (const { type, body } of eventFixtures()) {
      if (type === 'EVENT_911') expect(targets(eventOf(type, body.data))).toEqual([1, 2, 3]);
      if (['EVENT_STREETSIGN_UPDATED', 'EVENT_STATION_ALERT', 'EVENT_NEW_CALLOUT'].includes(type))
        expect(targets(eventOf(type, body.data))).toEqual([-1]);
    }
  });

  it.each([
    ['all', [{ type: 0, value: 0 }], [1, 2, 3]],
    ['a call', [{ type: 1, value: '501' }], [1, 2]],
    ['an agency', [{ type: 2, value: 7 }], [2]],
    ['a department, by its label', [{ type: 3, value: 4, label: 'lspd' }], [1]],
    ['a subdivision', [{ type: 4, value: 'PATROL' }], [1]],
    ['a unit', [{ type: 5, value: 40 }], [3]],
    ['a group', [{ type: 6, value: 'Alpha' }], [1]],
    [
      'two of them',
      [
        { type: 5, value: 40 },
        { type: 6, value: 'alpha' },
      ],
      [1, 3],
    ],
    ['nobody', [], []],
    ['a kind that is not known', [{ type: 9, value: 12 }], []],
    ['an empty group, which is that of units without one', [{ type: 6, value: '' }], []],
  ])('play a tone to the units on duty that it is for: %s', (_whom, receivers, expected) => {
    expect(setUp().targets(tone(...receivers))).toEqual(expected);
  });

  it('send nothing of records, prints, pages, accounts, characters or logs unless told to', () => {
    const { targets } = setUp();
    const quiet = ['RECORD', 'PAGER', 'ACCOUNT', 'LINK', 'CHAR', 'LOGS', 'REMOVE_911'];
    for (const { type, body } of eventFixtures())
      if (quiet.some((word) => type.includes(word))) expect(targets(eventOf(type, body.data ?? body))).toEqual([]);
  });

  it('follow the configuration, type by type', () => {
    const event = eventOf('EVENT_UNIT_PANIC', { identIds: [12] });
    expect(setUp({ EVENT_UNIT_PANIC: 'all' }).targets(event)).toEqual([-1]);
    expect(setUp({ EVENT_UNIT_PANIC: 'onDuty' }).targets(event)).toEqual([1, 2, 3]);
    expect(setUp({ EVENT_UNIT_PANIC: 'none' }).targets(event)).toEqual([]);
    expect(setUp({ EVENT_TONE: 'none' }).targets(event)).toEqual([1]);
    expect(setUp(noNetEvents).targets(event)).toEqual([]);
  });

  it('send large payloads in pieces', () => {
    const note = { content: 'x'.repeat(9_000) };
    const sent = setUp().send(eventOf('EVENT_DISPATCH_NOTE', { callId: 501, note }));
    expect(sent.map(({ isSlow }) => isSlow)).toEqual([true, true]);
  });

  it('never send an event of an unknown type, or one that was not understood', () => {
    const { send } = setUp({ EVENT_OTHER: 'all', EVENT_TONE: 'all' });
    expect(send(eventOf('EVENT_OTHER', { a: 1 }))).toEqual([]);
    const unreadable = { ...tone(), valid: false, issues: [] } as unknown as PushEvent;
    expect(send(unreadable)).toEqual([]);
  });

  it('never send an address that is not https', () => {
    const { send } = setUp({ EVENT_TONE: 'all' });
    const sent = send(eventOf('EVENT_TONE', { url: 'http://cad.example/tone.mp3', playTonesTo: [] }));
    expect(sent[0]?.args[1]).toEqual({ playTonesTo: [] });
  });

  describe('of every type, sent to all', () => {
    const everything = Object.fromEntries(Object.keys(catalogue).map((type) => [type, 'all' as const]));
    it.each([...eventFixtures(), ...variantFixtures()].map((fixture) => [fixture.name, fixture] as const))(
      'never hold a field that is not listed: %s',
      (_name, { body }) => {
        const [sent] = setUp(everything).send(eventOfBody({ ...body, data: withSecrets(body.data) }));
        const text = JSON.stringify(sent?.args ?? []);
        expect(text).not.toContain('secretField');
        expect(text).not.toMatch(/secret-value|steam:|license:|accId|accountUuid|communityUserId|apiIds|identities/);
      },
    );
  });
});

/** The same value with a secret in every object of it. */
function withSecrets(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withSecrets);
  if (typeof value !== 'object' || value === null) return value;
  const inner = Object.entries(value).map(([name, field]) => [name, withSecrets(field)]);
  return { ...Object.fromEntries(inner), secretField: 'secret-value' };
}

describe('the configuration of net events', () => {
  it('takes types in any case', () => {
    expect(v.parse(netEventsSchema, { event_tone: 'all' })).toEqual({ EVENT_TONE: 'all' });
  });

  it('refuses a type that never leaves the server, and a scope that there is not', () => {
    expect(v.is(netEventsSchema, { EVENT_OTHER: 'all' })).toBe(false);
    expect(v.is(netEventsSchema, { EVENT_TONE: 'everybody' })).toBe(false);
  });
});
