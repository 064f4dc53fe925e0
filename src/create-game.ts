import { CLIENT_STARTED_EVENT, createApiModeAnnouncer } from './api/client-exports.ts';
import { provideSubscriptions } from './api/exports.ts';
import { acceptRegistrations } from './api/official-events.ts';
import type { LiveConfig } from './config/live-config.ts';
import type { KnownPushEvent, PushEvent } from './events/push-event.ts';
import type { OwnAddress } from './forward/targets/target-addresses.ts';
import { createAudience, parseDuty } from './game/dispatch/audience.ts';
import { createDispatcher } from './game/dispatch/dispatcher.ts';
import { announceUnit, createEventSteps, createStepRunner } from './game/dispatch/event-steps.ts';
import { createHttpEventHandlers, provideHttpEvents } from './game/dispatch/http-events.ts';
import { createNetEvents } from './game/dispatch/net-events.ts';
import { createSubscriptions, type SubscriberCall } from './game/dispatch/subscriptions.ts';
import { createPlayers } from './game/players/players.ts';
import { followedBy } from './game/state/resync.ts';
import { createRestarts, createState, type StateStep } from './game/state/state.ts';
import type { Clock } from './lib/clock.ts';
import type { Log } from './lib/log.ts';
import { createNotifications } from './notify/notifications.ts';
import { type ClientEvents, type GameEvents, onNetEvent } from './platform/events.ts';
import { createKvpStore } from './platform/kvp-store.ts';
import { FrameworkDutyChecks, serverPlayers } from './platform/players.ts';
import {
  announceOfficial,
  type OfficialResource,
  type OtherResources,
  type OwnResource,
} from './platform/resources.ts';

/** What hears of what becomes of events in the game. */
interface GameWatcher {
  called(event: PushEvent, call: SubscriberCall): void;
  /** @param event its id */
  told(event: string, by: 'event' | 'notification', what: string, players: readonly number[]): void;
  finished(event: PushEvent, ms: number): void;
}

interface GameOptions {
  readonly own: OwnResource;
  readonly address: OwnAddress;
  readonly live: LiveConfig;
  readonly official: OfficialResource;
  readonly events: GameEvents;
  readonly clients: ClientEvents;
  readonly resources: OtherResources;
  /** Gets what an event named that the CAD has not introduced yet. */
  unknownNamed(what: 'units' | 'calls'): void;
  /** Gets what becomes of events. */
  readonly watcher: GameWatcher;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * What happens in the game for an event: who is who, what is known, and how scripts, players' games and players are told. Nothing
 * is dispatched before `start`.
 */
export function createGame(options: GameOptions) {
  const { own, address, live, official, events, clients, resources, watcher, clock, log } = options;
  const apiMode = createApiModeAnnouncer(() => live.current().mode, clients, clock);
  onNetEvent(CLIENT_STARTED_EVENT, (source) => {
    // A game whose scripts were not running yet has lost what it was sent when its player joined.
    if (source === null || !apiMode.clientStarted(source) || !emitsLegacy()) return;
    for (const ident of state.unitsOfPlayer(source)) announceUnit(source, state.getUnit(ident), clients);
  });
  const httpEvents = createHttpEventHandlers(log, clock);
  provideHttpEvents(httpEvents, events, own.name);

  const subscriptions = createSubscriptions(log, clock, watcher.called);
  const players = createPlayers(serverPlayers);
  /** Whether what the official resource does for other resources, and does while it runs, is done here. */
  const actsAsOfficial = () => live.current().legacyEvents === 'on' || !official.isRunning();
  /** Whether the official resource's events are triggered. */
  const emitsLegacy = () => live.current().legacyEvents !== 'off' && actsAsOfficial();
  announceOfficial(official, address, emitsLegacy, log);
  const state = createState({ clock, players, emitsLegacy, unknownNamed: options.unknownNamed });
  const runStep = createStepRunner(events, clients);
  const runSteps = (steps: readonly StateStep[]) => steps.forEach(runStep);
  const restarts = createRestarts({ state, store: createKvpStore('state/'), version: own.version, clock, log });
  const restored = restarts.restore();
  players.watch({
    seen(source) {
      runSteps(state.playerSeen(source));
    },
    gone(source) {
      runSteps(state.playerGone(source));
      notifications.playerGone(source);
    },
  });

  const dutyChecks = new FrameworkDutyChecks(resources);
  const audience = createAudience({
    players,
    state,
    checks: dutyChecks,
    duty: live.derive(({ notifications: { duty } }) => parseDuty(duty) ?? { by: 'incad' }),
    log,
  });
  const told = { state, players, audience, hasPlayers: players.any, clients };
  const netEvents = createNetEvents({
    ...told,
    settings: () => live.current().netEvents,
    told: (event, what, sources) => watcher.told(event, 'event', what, sources),
  });
  const notifications = createNotifications({
    ...told,
    config: live.current,
    isActive: () => !official.isRunning(),
    resources,
    store: createKvpStore('notify/'),
    told(ids, on, sources) {
      for (const id of ids) watcher.told(id, 'notification', on, sources);
    },
    clock,
    log,
  });
  const stepsOf = createEventSteps({
    state,
    learn: players.learn,
    runStep,
    subscriptions,
    events,
    netEvents,
    notifications,
  });
  const dispatcher = createDispatcher({ stepsOf, finished: watcher.finished, clock, log });
  provideSubscriptions(subscriptions, events, own.name);
  // The official resource hears of each registration too, and calls the handler itself.
  acceptRegistrations(subscriptions, events, actsAsOfficial, log);

  return {
    state,
    players,
    audience,
    hasAce: (source: number, permission: string) => dutyChecks.hasAce(source, permission),
    notifications,
    answerHttpEvent: httpEvents.answer,
    actsAsOfficial,
    emitsLegacy,
    /**
     * Takes what we have changed in the CAD ourselves. It sends no event of that, so that players are told as of one; but of a 911
     * call it does.
     */
    applyLocalEcho(event: KnownPushEvent) {
      const finish = event.type === 'EVENT_911' ? null : notifications.begin(event);
      runSteps(state.applyLocalEcho(event));
      finish?.();
    },
    /** To be called before the CAD is asked for its units, and for its calls. */
    askUnits: () => followedBy(state.resyncUnits(), runSteps),
    askCalls: () => followedBy(state.resyncCalls(), runSteps),
    /** Takes an event that was answered, or a simulated one. */
    dispatch: dispatcher.enqueue,
    /** Scripts that started first subscribe in their handler of this event, and only then are events dispatched. */
    start() {
      subscriptions.whileAnnounced(() => events.emit('sonorancad:ready', own.version));
      runSteps(restored);
      dispatcher.start();
    },
    /** To be called when the configuration was read again. */
    applyConfig: apiMode.applyConfig,
    /** To be called when another resource has started. */
    resourceStarted(name: unknown) {
      if (name === 'nearest-postal') notifications.rereadPostals();
    },
    /** To be called when another resource stops. */
    resourceStopped(name: string) {
      httpEvents.dropOwner(name);
      subscriptions.dropOwner(name);
    },
    /** Dispatches what was answered, and keeps what is known for the next start. */
    stop() {
      dispatcher.stop();
      restarts.save();
    },
  };
}
