import { CLOSED_CALL, type DispatchCall } from '../events/catalogue/calls.ts';
import type { PushEvent } from '../events/push-event.ts';
import { involvedPlayers } from '../game/dispatch/audience.ts';
import type { Players } from '../game/players/players.ts';
import type { Locale } from './locales/en.ts';
import { createNotifier, type Told } from './notifier.ts';
import {
  createPlayerCommands,
  createPlayerPreferences,
  type NotifyParts,
  type PreferenceStore,
} from './preferences.ts';
import { isMet, type Receiver, type Rule, resolveRules } from './rules.ts';
import { type LocaleName, locales, type NotificationSettings } from './settings.ts';
import type { ChosenSystem } from './systems.ts';
import { fillTemplate } from './texts.ts';
import { type CallChange, createCallers, createTriggers, dryRunChanges, type Trigger, watchCalls } from './triggers.ts';
import { createWaypoints } from './waypoints.ts';

/** What the configuration says; asked each time, so that it can change while the resource runs. */
export interface NotificationsConfig {
  readonly notifications: NotificationSettings;
  readonly notificationSystem: ChosenSystem;
  readonly locale: LocaleName;
  readonly unitCommands: { readonly name: string };
}

interface NotificationsOptions extends Omit<NotifyParts, 'preferences' | 'settings' | 'texts'> {
  config(): NotificationsConfig;
  /** Whether players are told anything at all: not where the official resource does it. */
  isActive(): boolean;
  hasPlayers(): boolean;
  readonly players: Pick<Players, 'sessionOf' | 'sourcesOfIdentities' | 'identifiersOf'>;
  /** Told who was shown a notification: see the notifier. */
  readonly told?: Told;
  /** Where players' choices are kept. */
  readonly store: PreferenceStore;
}

export type Notifications = ReturnType<typeof createNotifications>;

/** Tells players what concerns them. */
export function createNotifications(options: NotificationsOptions) {
  const { config, isActive, state, audience, hasPlayers, players, store, log } = options;
  const texts = () => locales[config().locale];
  const settings = () => config().notifications;
  const isOn = () => isActive() && settings().enabled;
  const preferences = createPlayerPreferences(store, (player) => players.identifiersOf(player), log);
  const parts: NotifyParts = { ...options, preferences, settings, texts };
  const callers = createCallers(players);
  const triggers = createTriggers(parts, callers);
  const waypoints = createWaypoints(parts);
  const notifier = createNotifier(parts, () => settings().system ?? config().notificationSystem, options.told);
  const edited = createEditAnnouncer(parts, (call, changes, events) => {
    if (isOn()) tell(triggers.ofEdit(call, changes), events);
  });
  const playerCommands = createPlayerCommands(
    parts,
    (source) => waypoints.clear([source]),
    () => config().unitCommands.name,
  );

  let resolved: { from: NotificationsConfig; rules: ReadonlyMap<string, readonly Rule[]> } | null = null;
  function rulesFor(on: string): readonly Rule[] {
    const from = config();
    if (resolved?.from !== from) {
      resolved = { from, rules: resolveRules(from.notifications.rules, locales[from.locale]) };
    }
    return resolved.rules.get(on) ?? [];
  }

  const valuesFor = ({ values }: Trigger) => ({ ...values, dispatcherOnline: state.isDispatcherOnline() });

  function receivers(to: Receiver, trigger: Trigger): readonly number[] {
    switch (to) {
      case 'involved':
        return trigger.involved();
      case 'onDuty':
        return audience.onDuty();
      case 'all':
        return audience.all();
      case 'caller':
        return [trigger.caller()].filter((source) => source !== null);
      default:
        return audience.withAce(to.slice('ace:'.length));
    }
  }

  /** @param events the ids of what it is told of */
  function tell(trigger: Trigger, events: readonly string[]): void {
    for (const rule of rulesFor(trigger.on)) {
      const values = valuesFor(trigger);
      if (isMet(rule.when, values)) notifier.show(rule, values, receivers(rule.to, trigger), events);
    }
  }

  /** Callers are remembered also while notifications are off, since those can be switched on at any time. */
  function noteCaller(event: PushEvent): void {
    if (!event.valid) return;
    if (event.type === 'EVENT_911') callers.noteEmergency(event.data);
    if (event.type === 'EVENT_DISPATCH_NEW') callers.noteCall(event.data.dispatch);
  }

  function forEachEdit(
    event: PushEvent,
    changes: readonly CallChange[],
    take: (before: DispatchCall, after: DispatchCall) => void,
  ): void {
    if (event.type !== 'EVENT_DISPATCH_EDIT') return;
    for (const { before, after } of changes) if (before !== undefined && after !== undefined) take(before, after);
  }

  const answering = (command: (source: number, words: readonly string[]) => string) => {
    return (source: number, words: readonly string[]): void => {
      if (source > 0) notifier.reply(source, command(source, words));
      else log.info('This command is for players in the game.');
    };
  };

  return {
    /**
     * To be called before an event changes the state.
     *
     * @returns what tells the players; to be called after the change
     */
    begin(event: PushEvent): () => void {
      if (!event.valid) return () => {};
      // A player who joins meanwhile may call, but is told of nothing yet.
      if (!hasPlayers()) return () => noteCaller(event);
      const changes = watchCalls(event, state);
      const wantsType = rulesFor(event.type).length > 0;
      const before = wantsType && isOn() ? involvedPlayers(event, state, audience) : [];
      const finishWaypoints = waypoints.watch(event);
      return () => {
        const changed = changes();
        noteCaller(event);
        if (!isOn()) return;
        const ids = [event.id];
        for (const trigger of triggers.ofEvent(event, changed)) tell(trigger, ids);
        forEachEdit(event, changed, (...change) => edited(...change, event.id));
        if (wantsType) tell(triggers.ofType(event, before), ids);
        finishWaypoints(changed);
      };
    },
    /** Shows one player all that an event would tell anyone. Nothing is remembered of it. */
    preview(event: PushEvent, source: number): void {
      const changes = dryRunChanges(event, state);
      const all = [...triggers.ofEvent(event, changes), triggers.ofType(event, [])];
      forEachEdit(event, changes, (before, after) =>
        all.push(triggers.ofEdit(after, describeEdit(before, after, texts().changes))),
      );
      for (const trigger of all)
        for (const rule of rulesFor(trigger.on)) notifier.showAnyway(rule, valuesFor(trigger), source, [event.id]);
    },
    /** Shows one player the answer to something that they asked for. */
    reply: (source: number, message: string): void => notifier.reply(source, message, texts().requests.title),
    /** The players' commands `/cadnotify` and `/dn`; each answers the player by a notification. */
    commands: { cadnotify: answering(playerCommands.cadnotify), dn: answering(playerCommands.dn) },
    /** To be called when a player has left. */
    playerGone(source: number): void {
      preferences.forget(source);
      notifier.forget(source);
    },
    /** To be called when nearest-postal has started: its file may be another one. */
    rereadPostals: waypoints.rereadPostals,
    nearestPostal: waypoints.nearestPostal,
  };
}

/** The events of one call of which is known who was told of them later. */
const MOST_EVENTS = 50;
/** Players are told of a call's edits at most once in so many milliseconds; what comes between is told together afterwards. */
const PAUSE_MS = 5_000;

const FIELDS = ['priority', 'address', 'postal'] as const;
type Shown = Pick<DispatchCall, (typeof FIELDS)[number]>;

/**
 * Announces edits of calls that are still open, but not every keystroke of a dispatcher.
 *
 * @param announce gets the names and new values of what changed, in the language in force, and the ids of the events that did it
 * @returns what takes an edited call, as it was before and as it is now, and the id of its event
 */
function createEditAnnouncer(
  { clock, state, texts }: Pick<NotifyParts, 'clock' | 'state' | 'texts'>,
  announce: (call: DispatchCall, changes: string, events: readonly string[]) => void,
) {
  /** Calls announced not long ago: what was announced last, and the events that edited them since. */
  const recent = new Map<number, { told: Shown; events: string[] }>();

  function tell(before: Shown, after: DispatchCall, events: readonly string[]): void {
    const changes = describeEdit(before, after, texts().changes);
    if (changes === '') return;
    recent.set(after.callId, { told: after, events: [] });
    clock.after(PAUSE_MS, () => endPause(after.callId));
    announce(after, changes, events);
  }

  function endPause(callId: number): void {
    const entry = recent.get(callId);
    recent.delete(callId);
    if (entry === undefined || entry.events.length === 0) return;
    const call = state.getCall(callId);
    if (call !== undefined && call.status !== CLOSED_CALL) tell(entry.told, call, entry.events);
  }

  return (before: DispatchCall, after: DispatchCall, event: string): void => {
    if (after.status === CLOSED_CALL) return;
    const entry = recent.get(after.callId);
    if (entry === undefined) tell(before, after, [event]);
    else if (entry.events.length < MOST_EVENTS) entry.events.push(event);
  };
}

/** @returns one text for each of priority, address and postal that differs; empty when none does */
function describeEdit(before: Shown, after: Shown, texts: Locale['changes']): string {
  return FIELDS.filter((field) => before[field] !== after[field])
    .map((field) => fillTemplate(texts[field], { before: before[field], after: after[field] }))
    .join(', ');
}
