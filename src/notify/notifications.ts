import type { PushEvent } from '../events/push-event.ts';
import { type Audience, involvedPlayers } from '../game/dispatch/audience.ts';
import type { Players } from '../game/players/players.ts';
import type { StateView } from '../game/state/state-view.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import type { ClientEvents } from '../platform/events.ts';
import type { OtherResources } from '../platform/resources.ts';
import { createCallers } from './callers.ts';
import { createEditAnnouncer, describeEdit } from './edit-announcer.ts';
import { type LocaleName, locales } from './locales/locales.ts';
import { createNotifier } from './notifier.ts';
import {
  createPlayerCommands,
  createPlayerPreferences,
  type PlayerCommands,
  type PreferenceStore,
} from './preferences.ts';
import { isMet, type Receiver, type Rule, resolveRules } from './rules.ts';
import type { NotificationSettings } from './settings.ts';
import type { notificationSystems } from './systems.ts';
import {
  type CallChange,
  callOccasions,
  editOccasion,
  eventOccasions,
  imagineChanges,
  nobody,
  type Occasion,
  valuesOf,
  watchCalls,
} from './triggers.ts';
import { createPostals, createWaypoints, watchWaypoints } from './waypoints.ts';

/** Tells players what concerns them. */
export interface Notifications {
  /**
   * To be called before an event changes the state.
   *
   * @returns what tells the players; to be called after the change
   */
  begin(event: PushEvent): () => void;
  /** Shows one player what an event would tell anybody, whoever it is meant for. Nothing is remembered of it. */
  preview(event: PushEvent, source: number): void;
  /** Shows one player the answer to something that they asked for. */
  reply(source: number, message: string): void;
  /** The players' commands `/cadnotify` and `/dn`; each answers the player by a notification. */
  readonly commands: { readonly [Name in keyof PlayerCommands]: (source: number, words: readonly string[]) => void };
  /** To be called when a player has left. */
  playerGone(source: number): void;
  /** To be called when nearest-postal has started: its file may be another one. */
  rereadPostals(): void;
}

/** What the configuration says; asked each time, so that it can change while the resource runs. */
export interface NotificationsConfig {
  readonly notifications: NotificationSettings;
  readonly notificationSystem: (typeof notificationSystems)[number];
  readonly locale: LocaleName;
  readonly unitCommands: { readonly name: string };
}

export interface NotificationsOptions {
  config(): NotificationsConfig;
  /** Whether players are told anything at all: not where the official resource does it. */
  isActive(): boolean;
  readonly state: StateView;
  readonly audience: Audience;
  /** Whether anybody is connected; without it there may be somebody. */
  hasPlayers?(): boolean;
  readonly players: Pick<Players, 'sessionOf' | 'sourcesOfIdentities' | 'identifiersOf'>;
  readonly clients: ClientEvents;
  readonly resources: OtherResources;
  /** Where players' choices are kept. */
  readonly store: PreferenceStore;
  readonly clock: Clock;
  readonly log: Log;
}

export function createNotifications(options: NotificationsOptions): Notifications {
  const { config, isActive, state, audience, players, clients, resources, store, clock, log } = options;
  const { hasPlayers = () => true } = options;
  const texts = () => locales[config().locale];
  const isOn = () => isActive() && config().notifications.enabled;
  const preferences = createPlayerPreferences({ store, identifiersOf: players.identifiersOf, log });
  const callers = createCallers(players);
  const postals = createPostals(() => resources.readNamedFile('nearest-postal', 'postal_file'), log);
  const waypoints = createWaypoints({ kind: () => config().notifications.waypoint, postals, preferences, clients });
  const notifier = createNotifier({
    system: () => config().notifications.system ?? config().notificationSystem,
    texts,
    preferences,
    clients,
    resources,
    clock,
    log,
  });
  const edits = createEditAnnouncer({
    clock,
    current: (callId) => state.getCall(callId),
    texts: () => texts().changes,
    announce: (call, changes) => isOn() && tell(editOccasion(call, changes, sources())),
  });
  const playerCommands = createPlayerCommands({
    preferences,
    texts: () => texts().preferences,
    now: clock.now,
    gpsSwitchedOff: (source) => waypoints.clear([source]),
    unitCommand: () => config().unitCommands.name,
  });

  const sources = () => ({ state, audience, callers, texts: texts() });

  let resolved: { from: NotificationsConfig; rules: ReadonlyMap<string, readonly Rule[]> } | null = null;
  function rules(): ReadonlyMap<string, readonly Rule[]> {
    const from = config();
    if (resolved?.from !== from) {
      resolved = { from, rules: resolveRules(from.notifications.rules, locales[from.locale]) };
    }
    return resolved.rules;
  }

  const valuesFor = ({ values }: Occasion) => ({ ...values, dispatcherOnline: state.isDispatcherOnline() });

  function receivers(to: Receiver, occasion: Occasion): readonly number[] {
    switch (to) {
      case 'involved':
        return occasion.involved();
      case 'onDuty':
        return audience.onDuty();
      case 'all':
        return audience.all();
      case 'caller':
        return [occasion.caller()].filter((source) => source !== null);
      default:
        return audience.withAce(to.slice('ace:'.length));
    }
  }

  function tell(occasion: Occasion): void {
    for (const rule of rules().get(occasion.on) ?? []) {
      const values = valuesFor(occasion);
      if (isMet(rule.when, values)) notifier.show(rule, values, receivers(rule.to, occasion));
    }
  }

  /** What rules for the type of an event itself are about. */
  function typeOccasion(event: PushEvent, before: readonly number[]): Occasion {
    return {
      on: event.type,
      involved: () => [...new Set([...before, ...involvedPlayers(event, state, audience)])],
      caller: nobody,
      values: valuesOf(event.data),
    };
  }

  function occasionsOf(event: PushEvent, changes: readonly CallChange[]): Occasion[] {
    return [
      ...eventOccasions(event, () => involvedPlayers(event, state, audience), sources()),
      ...changes.flatMap((change) => callOccasions(event, change, sources())),
    ];
  }

  /** Who called is remembered also while nobody is told, since that can be switched on at any time. */
  function noteCaller(event: PushEvent): void {
    if (!event.valid) return;
    if (event.type === 'EVENT_911') callers.noteEmergency(event.data);
    if (event.type === 'EVENT_DISPATCH_NEW') callers.noteCall(event.data.dispatch);
  }

  function announceEdit(event: PushEvent, { before, after }: CallChange): void {
    if (event.type !== 'EVENT_DISPATCH_EDIT' || before === undefined || after === undefined) return;
    edits.edited(before, after);
  }

  const reply = (command: (source: number, words: readonly string[]) => string) => {
    return (source: number, words: readonly string[]): void => {
      const answer = source > 0 ? command(source, words) : 'This command is for players in the game.';
      if (source > 0) notifier.reply(source, answer);
      else log.info(answer);
    };
  };

  return {
    begin(event) {
      if (!event.valid) return () => {};
      // Whoever joins meanwhile may call, but is told of nothing yet.
      if (!hasPlayers()) return () => noteCaller(event);
      const changes = watchCalls(event, state);
      const wantsType = isOn() && rules().has(event.type);
      const before = wantsType ? involvedPlayers(event, state, audience) : [];
      const finishWaypoints = watchWaypoints(event, {
        state,
        audience,
        waypoints,
        settings: () => config().notifications,
      });
      return () => {
        const changed = changes();
        noteCaller(event);
        if (!isOn()) return;
        for (const occasion of occasionsOf(event, changed)) tell(occasion);
        for (const change of changed) announceEdit(event, change);
        if (rules().has(event.type)) tell(typeOccasion(event, before));
        finishWaypoints(changed);
      };
    },
    preview(event, source) {
      const changes = imagineChanges(event, state);
      const occasions = [...occasionsOf(event, changes), typeOccasion(event, [])];
      for (const { before, after } of event.type === 'EVENT_DISPATCH_EDIT' ? changes : []) {
        if (before === undefined || after === undefined) continue;
        occasions.push(editOccasion(after, describeEdit(before, after, texts().changes), sources()));
      }
      for (const occasion of occasions) {
        for (const rule of rules().get(occasion.on) ?? []) notifier.showAnyway(rule, valuesFor(occasion), source);
      }
    },
    reply: (source, message) => notifier.reply(source, message, texts().requests.title),
    commands: { cadnotify: reply(playerCommands.cadnotify), dn: reply(playerCommands.dn) },
    playerGone(source) {
      preferences.forget(source);
      notifier.forget(source);
    },
    rereadPostals: () => postals.reread(),
  };
}
