import { configKeys } from '../../../src/config/schema.ts';
import type { ReceivedEvent } from '../../../src/events/receive.ts';
import { Audience } from '../../../src/game/dispatch/audience.ts';
import { createEventSteps, createStepRunner } from '../../../src/game/dispatch/event-steps.ts';
import { NetEvents } from '../../../src/game/dispatch/net-events.ts';
import { Subscriptions } from '../../../src/game/dispatch/subscriptions.ts';
import { Players } from '../../../src/game/players/players.ts';
import { State } from '../../../src/game/state/state.ts';
import type { Log } from '../../../src/lib/log.ts';
import { Notifications } from '../../../src/notify/notifications.ts';
import { createManualClock } from '../../../test/manual-clock.ts';
import { type GameSize, licenseOf } from './game-events.ts';

const lines = { debug() {}, info() {}, warn: console.error, error: console.error };
const log: Log = { ...lines, coalesce: () => lines };

/**
 * Everything that an event passes through in the game, with the game server left out: the parts as server.ts joins them, one
 * subscriber, and so many players, each of whom is a unit if there are enough.
 */
export function createGamePipeline({ players: count }: GameSize) {
  const done = { subscriber: 0, local: 0, net: 0 };
  const clock = createManualClock();
  const sent = () => {
    done.net += 1;
  };
  const clients = { send: sent, sendSlowly: sent };
  const events = {
    emit() {
      done.local += 1;
    },
  };

  const players = new Players({
    list: () => Array.from({ length: count }, (_, index) => index + 1),
    identifiersOf: (source) => [licenseOf(source), `steam:${source}`, `discord:${source}`, `ip:192.0.2.1`],
    coordinatesOf: () => null,
    onJoin() {},
    onDrop() {},
  });
  const state = new State({ clock, players, emitsLegacy: () => true });
  const audience = new Audience({
    players,
    state,
    checks: { hasAce: () => false, jobOf: () => null, hasFramework: () => true, callExport: () => false },
    duty: () => ({ by: 'incad' }),
    log,
  });
  const config = {
    notifications: configKeys.notifications.default,
    notificationSystem: 'native',
    locale: 'en',
    unitCommands: configKeys.unitCommands.default,
  } as const;
  const notifications = new Notifications({
    config: () => config,
    isActive: () => true,
    state,
    audience,
    hasPlayers: () => true,
    players,
    clients,
    resources: { isStarted: () => false, callExport: () => null, readNamedFile: () => null },
    store: { get: () => null, set() {}, delete() {} },
    clock,
    log,
  });
  const netEvents = new NetEvents({ settings: () => ({}), state, audience, hasPlayers: () => true, clients });
  const subscriptions = new Subscriptions({ log, clock, called: () => {} });
  const called = () => {
    done.subscriber += 1;
  };
  subscriptions.subscribe('*', called, 'bench');

  const stepsOf = createEventSteps({
    state,
    learn: (event) => players.learn(event),
    runStep: createStepRunner(events, clients),
    subscriptions,
    events,
    netEvents,
    notifications,
  });
  return {
    /** Lets time pass, which all sizes see alike, and what waited for it happen. */
    advance(milliseconds: number): void {
      clock.advance(milliseconds);
      clock.pass();
    },
    dispatch(received: ReceivedEvent): void {
      for (const step of stepsOf(received)) step();
    },
    /** How much was done since the last call: calls of a subscriber, local events, events to players' games. */
    done() {
      const since = { ...done };
      Object.assign(done, { subscriber: 0, local: 0, net: 0 });
      return since;
    },
  };
}
