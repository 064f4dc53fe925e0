import { describe, expect, it } from '@jest/globals';
import { en } from '../../src/notify/locales/en.ts';
import { Notifier } from '../../src/notify/notifier.ts';
import { PlayerPreferences } from '../../src/notify/preferences.ts';
import { eventOf } from '../event-of.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingClients } from '../recording-clients.ts';
import { createRecordingLog } from '../recording-log.ts';
import { HOSTILE } from './hostile-text.ts';
import { setUpNotifications } from './set-up-notifications.ts';

const emergency = (call: object = {}) =>
  eventOf('EVENT_911', { call: { callId: 302, caller: 'Lamar', location: 'Forum Dr', description: 'Help', ...call } });

const CALLED_BY_4 = { callerPlayerId: '4', createdFromId: '302' };

describe('Notifications', () => {
  it('notifies players on duty of a 911, 311 or 511 call with the type in the title', () => {
    const { happen, told } = setUpNotifications();
    happen(emergency());
    happen(emergency({ isEmergency: false }));
    happen(emergency({ metaData: { type: '511' } }));
    const message = 'Lamar at Forum Dr: Help';
    expect(told()).toEqual(
      ['Emergency call (911)', 'Non-emergency call (311)', 'Road service call (511)'].flatMap((title) => [
        `1: ${title}\n${message}`,
        `2: ${title}\n${message}`,
      ]),
    );
  });

  it('shows text with markup and control characters as plain text', () => {
    const { happen, told } = setUpNotifications();
    happen(emergency({ description: HOSTILE }));
    expect(told()[0]).toBe(
      '1: Emergency call (911)\nLamar at Forum Dr: a % b ^1red ~r~x <img src=x onerror=alert(1)> ![](http://x) $& {apiKey}\n\n    - _li_\ngnp "q" &amp;',
    );
  });

  it('is silent about 911 calls while a dispatcher is online if the rule says so', () => {
    const rules = [{ on: '911', when: { dispatcherOnline: false } }];
    const { state, happen, told } = setUpNotifications({ settings: { rules } });
    state.dispatcherOnline = true;
    happen(emergency());
    expect(told()).toEqual([]);
    state.dispatcherOnline = false;
    happen(emergency());
    expect(told()).toHaveLength(2);
  });

  it('notifies of a panic with an alarm sound, and of its reset, once for each unit', () => {
    const { happen, told, sent } = setUpNotifications();
    happen(eventOf('EVENT_UNIT_PANIC', { identIds: [18, 77] }));
    expect(sent().filter(({ name }) => name === 'sonorancad:sound')).toHaveLength(4);
    happen(eventOf('EVENT_UNIT_PANIC', { identIds: [18, 77, 18], isPanic: true }));
    happen(eventOf('EVENT_UNIT_PANIC', { identIds: [18], isPanic: false }));
    expect(told()).toEqual([
      '1: Panic button\nU-18 needs help now! Last known place: –',
      '2: Panic button\nU-18 needs help now! Last known place: –',
      '1: Panic button\n77 needs help now! Last known place: –',
      '2: Panic button\n77 needs help now! Last known place: –',
      '1: Panic button\nU-18 has reset the panic button.',
      '2: Panic button\nU-18 has reset the panic button.',
    ]);
  });

  it('notifies only the players concerned of tones, pages, station alerts and linked accounts', () => {
    const { happen, told } = setUpNotifications();
    happen(eventOf('EVENT_TONE', { url: 'https://cad.example/a.mp3', playTonesTo: [{ type: 5, value: 18 }] }));
    happen(eventOf('EVENT_PAGER_REBORN', { identIds: [12], nature: 'Emergency', body: 'Come in' }));
    happen(eventOf('EVENT_STATION_ALERT', { locations: [{ name: 'Davis' }, { name: 'Sandy' }] }));
    happen(eventOf('EVENT_COMMUNITY_LINK_VERIFIED', { communityUserId: 'C', accountUuid: 'x' }));
    expect(told()).toEqual([
      '2: Tone\nDispatch has sounded a tone for your unit.',
      '1: Page: emergency\nCome in',
      '1: Station alert\nDavis, Sandy',
      '2: Station alert\nDavis, Sandy',
      '3: Account linked\nYour CAD account is linked with this server now.',
    ]);
  });

  it('notifies of street signs only if a rule names them', () => {
    const sign = eventOf('EVENT_STREETSIGN_UPDATED', { signData: { ids: [1], text1: 'ROAD', text2: 'WORK' } });
    const silent = setUpNotifications();
    silent.happen(sign);
    expect(silent.told()).toEqual([]);
    const { happen, told } = setUpNotifications({ settings: { rules: [{ on: 'streetSign', to: 'ace:chief' }] } });
    happen(sign);
    expect(told()).toEqual(['3: Street sign\nROAD WORK –']);
  });

  it('applies a rule for an event type, also to the player of a unit that the event removes', () => {
    const rules = [{ on: 'EVENT_UNIT_LOGOUT', title: 'Bye', message: 'Unit {identId}' }];
    const { state, happen, told } = setUpNotifications({ settings: { rules } });
    happen(eventOf('EVENT_UNIT_LOGOUT', { identId: 18 }), () => state.players.delete(18));
    expect(told()).toEqual(['2: Bye\nUnit 18']);
  });

  it('applies a rule for an event type that is not in the catalogue', () => {
    const rules = [{ on: 'EVENT_SOMETHING_NEW', to: 'all', title: 'New', message: '{a.b}' }];
    const { happen, told } = setUpNotifications({ settings: { rules } });
    happen(eventOf('EVENT_SOMETHING_NEW', { a: { b: 'c' } }));
    expect(told()).toEqual(['1: New\nc', '2: New\nc', '3: New\nc']);
  });

  it('is silent if the operator switches notifications off or the official resource runs', () => {
    const off = setUpNotifications({ settings: { enabled: false } });
    off.happen(emergency());
    const beside = setUpNotifications();
    beside.active.yes = false;
    beside.happen(emergency());
    const none = setUpNotifications({ settings: { system: 'none' } });
    none.happen(emergency());
    expect([off.sent(), beside.sent(), none.sent()]).toEqual([[], [], []]);
  });

  it('remembers a caller who joins the empty server during the event, without notifying of that event', () => {
    const rules = [{ on: 'attached', to: 'caller' }];
    const { state, source, happen, told } = setUpNotifications({ settings: { rules } });
    for (const player of [1, 2, 3]) source.drop(player);
    const call = emergency({ metaData: { callerPlayerId: '4' } });
    happen(call, () => source.join(4, 'license:d'));
    expect(told()).toEqual([]);
    const dispatch = { callId: 501, idents: [12], metaData: CALLED_BY_4 };
    happen(eventOf('EVENT_DISPATCH_NEW', { dispatch }), () => state.addCall(dispatch));
    expect(told()).toContainEqual(expect.stringMatching(/^4: /));
  });

  it('is silent about an event whose data is invalid', () => {
    const { happen, told } = setUpNotifications();
    happen({ ...emergency(), valid: false, issues: [] } as never);
    expect(told()).toEqual([]);
  });

  it('shows texts in the configured language', () => {
    const { happen, told } = setUpNotifications({ locale: 'de' });
    happen(emergency());
    expect(told()[0]).toBe('1: Notruf (911)\nLamar, Forum Dr: Help');
  });

  it('shows the first 5 of 30 calls in a burst, and one summary of the other 25 after 10 s', () => {
    const { happen, told, clock } = setUpNotifications();
    for (let callId = 1; callId <= 30; callId += 1) happen(emergency({ callId }));
    expect(told()).toHaveLength(2 * 5);
    clock.advance(10_000);
    expect(told()).toEqual(['1: More notifications\n25 × 911 calls', '2: More notifications\n25 × 911 calls']);
    clock.advance(60_000);
    expect(told()).toEqual([]);
  });

  it('reports the players who were shown a summary of an event, except those who left or opted out before', () => {
    const { happen, toldOf, clock, notifications, source } = setUpNotifications();
    for (let callId = 1; callId <= 5; callId += 1) happen(emergency({ callId }));
    expect(toldOf()).toEqual(Array(5).fill('911 of id-of-the-event to 1, 2'));
    for (const id of ['sixth', 'seventh']) happen({ ...emergency(), id });
    expect(toldOf()).toEqual([]);
    clock.advance(10_000);
    expect(toldOf()).toEqual(['summary of sixth to 1, 2', 'summary of seventh to 1, 2']);
    for (let callId = 1; callId <= 5; callId += 1) happen(emergency({ callId }));
    toldOf();
    happen({ ...emergency(), id: 'last' });
    notifications.commands.cadnotify(2, ['off']);
    clock.advance(10_000);
    expect(toldOf()).toEqual(['summary of last to 1']);
    for (let callId = 1; callId <= 6; callId += 1) happen(emergency({ callId }));
    toldOf();
    source.drop(1);
    clock.advance(10_000);
    expect(toldOf()).toEqual([]);
  });

  it('shows a panic alarm at once during a burst of other notifications', () => {
    const { happen, told } = setUpNotifications();
    for (let callId = 1; callId <= 30; callId += 1) happen(emergency({ callId }));
    told();
    happen(eventOf('EVENT_UNIT_PANIC', { identIds: [12] }));
    expect(told()).toHaveLength(2);
  });

  it('shows a preview to one player only, without timers or counted rate limits', () => {
    const { happen, notifications, told, clock } = setUpNotifications();
    const events = [
      emergency(),
      eventOf('EVENT_DISPATCH_NEW', { dispatch: { callId: 1, idents: [12] } }),
      eventOf('EVENT_DISPATCH_EDIT', { dispatch: { callId: 1, priority: 1, address: 'A', postal: '9' } }),
      eventOf('EVENT_DISPATCH_UNIT_ATTACH', { callId: 1, idents: [12] }),
      eventOf('EVENT_DISPATCH_UNIT_DETACH', { callId: 1, idents: [12] }),
      eventOf('EVENT_DISPATCH_CLOSED', { callIds: [1] }),
      eventOf('EVENT_DISPATCH_NOTE', { callId: 1, note: 'n' }),
      eventOf('EVENT_UNIT_PANIC', { identIds: [12] }),
    ];
    for (const event of events) notifications.preview(event, 3);
    expect(told().map((line) => line.split('\n')[0])).toEqual([
      '3: Emergency call (911)',
      '3: Attached to call 1',
      '3: Call 1 was changed',
      '3: Attached to call 1',
      '3: Detached from call 1',
      '3: Call 1 was closed',
      '3: Call 1: note by –',
      '3: Panic button',
    ]);
    expect(clock.waiting).toBe(0);
    happen(emergency());
    expect(told()).toHaveLength(2);
  });
});

describe('/cadnotify', () => {
  const command = (source: number, ...words: string[]) => [source, words] as const;

  it('switches notifications off and on, and keeps the choice over a restart', () => {
    const store = new Map<string, string>();
    const before = setUpNotifications({ store });
    before.notifications.commands.cadnotify(...command(1, 'OFF'));
    expect(before.told()).toEqual([
      '1: CAD notifications\nNotifications are off. Switch them on with "/cadnotify on".',
    ]);
    before.happen(emergency());
    expect(before.told().map((line) => line[0])).toEqual(['2']);

    const after = setUpNotifications({ store });
    after.happen(emergency());
    expect(after.told().map((line) => line[0])).toEqual(['2']);
    after.notifications.commands.cadnotify(...command(1, 'on'));
    after.told();
    after.happen(emergency());
    expect(after.told().map((line) => line[0])).toEqual(['1', '2']);
    expect([...store]).toEqual([]);
  });

  it('does not apply the choice of a player to the next player with the same server id', () => {
    const { source, notifications, happen, told } = setUpNotifications();
    notifications.commands.cadnotify(...command(1, 'off'));
    source.drop(1);
    source.join(1, 'license:new');
    told();
    happen(emergency());
    expect(told().map((line) => line[0])).toEqual(['1', '2']);
  });

  it('mutes notifications until the given duration is over', () => {
    const { notifications, happen, told, clock } = setUpNotifications();
    notifications.commands.cadnotify(...command(1, 'mute', '90s'));
    notifications.commands.cadnotify(...command(1));
    expect(told()).toEqual(Array(2).fill('1: CAD notifications\nNotifications are muted for 2 min.'));
    clock.advance(89_999);
    happen(emergency());
    expect(told().map((line) => line[0])).toEqual(['2']);
    clock.advance(1);
    happen(emergency());
    expect(told().map((line) => line[0])).toEqual(['1', '2']);
  });

  it.each([['mute', '10'], ['mute', '0m'], ['mute', '10m', 'x'], ['off', 'x'], ['maybe'], ['mute', '-1m']])(
    'answers wrong arguments with the usage: %s %s',
    (...words) => {
      const { notifications, told } = setUpNotifications();
      notifications.commands.cadnotify(1, words);
      expect(told()[0]).toContain('Use /cadnotify on');
    },
  );

  it('shortens a longer mute to a day', () => {
    const { notifications, told } = setUpNotifications();
    notifications.commands.cadnotify(...command(1, 'mute', '9999h'));
    expect(told()[0]).toContain('1440 min');
  });

  it('falls back to the defaults with one warning if the stored choice is damaged', () => {
    const { happen, told, log } = setUpNotifications({ store: new Map([['license:a', '{broken']]) });
    happen(emergency());
    expect(told()).toHaveLength(2);
    expect(log.lines).toHaveLength(1);
  });

  it('is refused in the console, as is /dn', () => {
    const { notifications, sent, log } = setUpNotifications();
    notifications.commands.cadnotify(0, ['off']);
    notifications.commands.dn(0, ['gps', 'off']);
    expect(sent()).toEqual([]);
    expect(log.lines).toHaveLength(2);
  });
});

it.each([
  ['an error', new Error('no such player'), 'no such player'],
  ['a string', 'no such player', 'no such player'],
  ['null', null, 'no reason given'],
])(
  'Notifier logs an export of a notification system that throws %s, and still notifies the other players',
  (_kind, thrown, reason) => {
    const asked: unknown[] = [];
    const log = createRecordingLog();
    const parts = {
      texts: () => en,
      preferences: new PlayerPreferences({ get: () => null, set() {}, delete() {} }, () => [], log),
      clients: createRecordingClients(),
      resources: {
        isStarted: () => true,
        callExport(_resource: string, _name: string, source: unknown) {
          asked.push(source);
          throw thrown;
        },
        readNamedFile: () => null,
      },
      clock: createManualClock(),
      log,
    };
    const notifier = new Notifier(parts, () => 'qbx');
    notifier.reply(1, 'Hello');
    notifier.reply(2, 'Hello');
    expect(asked).toEqual([1, 2]);
    expect(log.lines).toHaveLength(2);
    expect(log.lines[0]).toMatchObject({ level: 'error', fields: { export: 'qbx_core.Notify', reason } });
  },
);
