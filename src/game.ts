import { ApiModeAnnouncer, CLIENT_STARTED_EVENT } from './api/client-exports.ts';
import { provideSubscriptions } from './api/exports.ts';
import { acceptRegistrations } from './api/official-events.ts';
import type { LiveConfig } from './config/live-config.ts';
import type { KnownPushEvent, PushEvent } from './events/push-event.ts';
import type { OwnAddress } from './forward/targets/target-addresses.ts';
import { Audience, parseDuty } from './game/dispatch/audience.ts';
import { Dispatcher } from './game/dispatch/dispatcher.ts';
import { announceUnit, createEventSteps, createStepRunner, type SimulatedEvent } from './game/dispatch/event-steps.ts';
import { HttpEventHandlers, provideHttpEvents } from './game/dispatch/http-events.ts';
import { NetEvents } from './game/dispatch/net-events.ts';
import { type SubscriberCall, Subscriptions } from './game/dispatch/subscriptions.ts';
import { Players } from './game/players/players.ts';
import { Restarts } from './game/state/restarts.ts';
import { followedBy } from './game/state/resync.ts';
import { State, type StateStep } from './game/state/state.ts';
import type { Clock } from './lib/clock.ts';
import type { Log } from './lib/log.ts';
import { Notifications } from './notify/notifications.ts';
import { type ClientEvents, type GameEvents, onNetEvent } from './platform/events.ts';
import { createKvpStore } from './platform/kvp-store.ts';
import { FrameworkDutyChecks, serverPlayers } from './platform/players.ts';
import {
  announceOfficial,
  type OfficialResource,
  type OtherResources,
  type OwnResource,
} from './platform/resources.ts';

/** Learns what becomes of each event in the game, for the operator's page (`inspector/history.ts`). */
interface GameWatcher {
  simulated(received: SimulatedEvent): void;
  called(event: PushEvent, call: SubscriberCall): void;
  told(eventId: string, by: 'event' | 'notification', what: string, players: readonly number[]): void;
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
  readonly watcher: GameWatcher;
  readonly clock: Clock;
  readonly log: Log;
}

/** The parts that bring an event into the game: players, state, dispatch, net events and notifications. */
export class Game {
  readonly players: Players;
  readonly state: State;
  readonly audience: Audience;
  readonly notifications: Notifications;
  readonly httpEvents: HttpEventHandlers;
  readonly dispatcher: Dispatcher;
  readonly #options: GameOptions;
  readonly #subscriptions: Subscriptions;
  readonly #restarts: Restarts;
  readonly #dutyChecks: FrameworkDutyChecks;
  readonly #apiMode: ApiModeAnnouncer;
  readonly #runStep: (step: StateStep) => void;
  /** What units and calls of the last run mean to scripts; run at the start, when scripts listen. */
  readonly #restoredSteps: readonly StateStep[];
  #resync: (what: 'units' | 'calls') => void = () => {};

  constructor(options: GameOptions) {
    const { own, address, live, official, events, clients, resources, watcher, clock, log } = options;
    const emitsLegacy = () => this.emitsLegacy();
    this.#options = options;
    this.players = new Players(serverPlayers);
    this.state = new State({ clock, players: this.players, emitsLegacy, unknownNamed: (what) => this.#resync(what) });
    this.#runStep = createStepRunner(events, clients);
    this.#restarts = new Restarts({
      state: this.state,
      store: createKvpStore('state/'),
      version: own.version,
      clock,
      log,
    });
    this.#restoredSteps = this.#restarts.restore();

    this.#dutyChecks = new FrameworkDutyChecks(resources);
    this.audience = new Audience({
      players: this.players,
      state: this.state,
      checks: this.#dutyChecks,
      duty: live.derive(({ notifications: { duty } }) => parseDuty(duty) ?? { by: 'incad' }),
      log,
    });
    const receivers = {
      state: this.state,
      players: this.players,
      audience: this.audience,
      hasPlayers: () => this.players.any(),
      clients,
    };
    const netEvents = new NetEvents({
      ...receivers,
      settings: () => live.current().netEvents,
      told: (eventId, name, players) => watcher.told(eventId, 'event', name, players),
    });
    this.notifications = new Notifications({
      ...receivers,
      config: live.current,
      isActive: () => !official.isRunning(),
      resources,
      store: createKvpStore('notify/'),
      told(eventIds, trigger, players) {
        for (const eventId of eventIds) watcher.told(eventId, 'notification', trigger, players);
      },
      clock,
      log,
    });

    this.#subscriptions = new Subscriptions({ log, clock, called: watcher.called });
    this.httpEvents = new HttpEventHandlers(log, clock);
    const stepsOf = createEventSteps({
      state: this.state,
      learn: (event) => this.players.learn(event),
      runStep: this.#runStep,
      subscriptions: this.#subscriptions,
      events,
      netEvents,
      notifications: this.notifications,
    });
    this.dispatcher = new Dispatcher({ stepsOf, finished: watcher.finished, clock, log });
    this.#apiMode = new ApiModeAnnouncer({ mode: () => live.current().mode, clients, clock });
    this.#listen();
    announceOfficial(official, address, emitsLegacy, log);
  }

  /**
   * Sets what is called when an event names a unit or call that the state does not have: both are then compared with
   * the CAD's lists.
   */
  onUnknown(resync: (what: 'units' | 'calls') => void): void {
    this.#resync = resync;
  }

  /** Scripts subscribe in their handler of `sonorancad:ready`. Only after that are events dispatched. */
  start(): void {
    const { events, own } = this.#options;
    this.#subscriptions.whileAnnounced(() => events.emit('sonorancad:ready', own.version));
    this.#runSteps(this.#restoredSteps);
    this.dispatcher.start();
  }

  applyConfig(): void {
    this.#apiMode.applyConfig();
  }

  /** Dispatches the events that were answered already, and stores units and calls for the next start. */
  stop(): void {
    this.dispatcher.stop();
    this.#restarts.save();
  }

  hasAce(source: number, permission: string): boolean {
    return this.#dutyChecks.hasAce(source, permission);
  }

  /** Whether this resource does what the official one does for other resources, such as `RegisterPushEvent`. */
  actsAsOfficial(): boolean {
    return this.#options.live.current().legacyEvents === 'on' || !this.#options.official.isRunning();
  }

  /** Whether this resource triggers the events of the official one. */
  emitsLegacy(): boolean {
    return this.#options.live.current().legacyEvents !== 'off' && this.actsAsOfficial();
  }

  /**
   * Applies a change that this server made in the CAD. The CAD sends no event for it, so players are notified here;
   * except for a 911 call, for which the CAD does send one.
   */
  applyLocalEcho(event: KnownPushEvent): void {
    const notify = event.type === 'EVENT_911' ? null : this.notifications.begin(event);
    this.#runSteps(this.state.applyLocalEcho(event));
    notify?.();
  }

  /** Dispatches an event that the operator made up. Nothing is stored or forwarded. */
  dispatchSimulated(simulated: SimulatedEvent): void {
    this.#options.watcher.simulated(simulated);
    this.dispatcher.enqueue(simulated);
  }

  /** Call it before the CAD is asked for its units: the answer is merged with what events say meanwhile. */
  beginUnitResync() {
    return followedBy(this.state.resyncUnits(), (steps) => this.#runSteps(steps));
  }

  /** As `beginUnitResync`, for dispatch and 911 calls. */
  beginCallResync() {
    return followedBy(this.state.resyncCalls(), (steps) => this.#runSteps(steps));
  }

  #runSteps(steps: readonly StateStep[]): void {
    for (const step of steps) this.#runStep(step);
  }

  #listen(): void {
    const { own, events, clients, log } = this.#options;
    this.players.watch({
      seen: (source) => this.#runSteps(this.state.playerSeen(source)),
      gone: (source) => {
        this.#runSteps(this.state.playerGone(source));
        this.notifications.playerGone(source);
      },
    });
    // A game whose scripts had not started when its player joined has missed the events sent then.
    onNetEvent(CLIENT_STARTED_EVENT, (source) => {
      if (source === null || !this.#apiMode.clientStarted(source) || !this.emitsLegacy()) return;
      for (const ident of this.state.unitsOfPlayer(source)) announceUnit(source, this.state.getUnit(ident), clients);
    });
    provideHttpEvents(this.httpEvents, events, own.name);
    provideSubscriptions(this.#subscriptions, events, own.name);
    // The official resource hears of each registration as well, and calls the handler itself.
    acceptRegistrations(this.#subscriptions, events, () => this.actsAsOfficial(), log);
    events.on('onResourceStart', (name) => {
      if (name === 'nearest-postal') this.notifications.rereadPostals();
    });
    events.on('onResourceStop', (name) => {
      if (name === own.name) return;
      this.httpEvents.dropOwner(String(name));
      this.#subscriptions.dropOwner(String(name));
    });
  }
}
