import * as v from 'valibot';
import type { PushEvent } from '../../src/events/push-event.ts';
import { Audience, parseDuty } from '../../src/game/dispatch/audience.ts';
import { Players } from '../../src/game/players/players.ts';
import { Notifications } from '../../src/notify/notifications.ts';
import type { locales } from '../../src/notify/settings.ts';
import { type NotificationSettings, notificationsSchema } from '../../src/notify/settings.ts';
import { createFakePlayerSource } from '../game/players/fake-player-source.ts';
import { FakeState } from '../game/state/fake-state.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingClients } from '../recording-clients.ts';
import { createRecordingLog } from '../recording-log.ts';

export interface SetUpOptions {
  /** The config key `notifications` as an operator writes it. */
  readonly settings?: object;
  readonly locale?: keyof typeof locales;
  /** Content of nearest-postal's postal file; null for no file. */
  readonly postalFile?: string | null;
  readonly store?: Map<string, string>;
  /** Names of the started resources. */
  readonly started?: ReadonlySet<string>;
}

/**
 * Sets up notifications on a server with players 1 (unit 12), 2 (unit 18) and 3 (no unit). The game's own
 * notifications are used unless the settings choose another system.
 */
export function setUpNotifications({
  settings = {},
  locale = 'en',
  postalFile = null,
  store = new Map(),
  started = new Set(),
}: SetUpOptions = {}) {
  const state = new FakeState();
  state.addUnit(12, 1);
  state.addUnit(18, 2);
  const source = createFakePlayerSource({ 1: ['license:a'], 2: ['license:b'], 3: ['license:c'] });
  const players = new Players(source);
  const clock = createManualClock();
  const log = createRecordingLog();
  const clients = createRecordingClients();
  const current = {
    notifications: v.parse(notificationsSchema, settings) as NotificationSettings,
    notificationSystem: 'native' as const,
    locale,
    unitCommands: { name: 'dn' },
  };
  const active = { yes: true };
  const events: string[] = [];
  const audience = new Audience({
    players,
    state,
    checks: {
      hasAce: (player, name) => name === 'chief' && player === 3,
      jobOf: () => null,
      hasFramework: () => true,
      callExport: () => false,
    },
    duty: () => parseDuty(current.notifications.duty) ?? { by: 'incad' },
    log,
  });
  const notifications = new Notifications({
    config: () => current,
    isActive: () => active.yes,
    state,
    audience,
    hasPlayers: () => !players.sources().next().done,
    players,
    clients,
    told: (ids, on, to) => events.push(`${on} of ${ids.join(', ')} to ${to.join(', ')}`),
    resources: { isStarted: (name) => started.has(name), callExport: () => null, readNamedFile: () => postalFile },
    store: {
      get: (key) => store.get(key) ?? null,
      set: (key, value) => void store.set(key, value),
      delete: (key) => void store.delete(key),
    },
    clock,
    log,
  });
  players.watch({ gone: (player) => notifications.playerGone(player) });

  const sent = () => clients.sent.splice(0);
  return {
    state,
    source,
    clock,
    log,
    notifications,
    active,
    sent,
    /** Processes an event. @param change applies the event to the state */
    happen(event: PushEvent, change: () => void = () => {}) {
      const finish = notifications.begin(event);
      change();
      finish();
    },
    /** Takes the reports of shown notifications since the last call: `<trigger> of <event ids> to <players>`. */
    toldOf: () => events.splice(0),
    /** Takes the notifications shown since the last call: `<player>: <title>`, a line break, and the message. */
    told(): string[] {
      return sent()
        .filter(({ name }) => name === 'sonorancad:notify')
        .map(({ target, args }) => {
          const { title, message } = args[0] as { title: string; message: string };
          return `${target}: ${title}\n${message}`;
        });
    },
  };
}
