import type { DispatchCall } from '../events/catalogue/calls.ts';
import type { PushEvent } from '../events/push-event.ts';
import { involvedPlayers } from '../game/dispatch/audience.ts';
import type { Players } from '../game/players/players.ts';
import { type CallChange, dryRunChanges, trackCallChanges } from './call-changes.ts';
import { Callers } from './callers.ts';
import type { Place } from './client.ts';
import { describeEdit, EditAnnouncer } from './edit-announcer.ts';
import type { Locale } from './locales/en.ts';
import { Notifier, type ShownListener } from './notifier.ts';
import { type NotificationParts, PlayerCommands, PlayerPreferences, type PreferenceStore } from './preferences.ts';
import { isMet, type Receiver, type Rule, resolveRules } from './rules.ts';
import { type LocaleName, locales, type NotificationSettings } from './settings.ts';
import type { ChosenSystem } from './systems.ts';
import { type Trigger, Triggers } from './triggers.ts';
import { Waypoints } from './waypoints.ts';

export interface NotificationsConfig {
  readonly notifications: NotificationSettings;
  readonly notificationSystem: ChosenSystem;
  readonly locale: LocaleName;
  readonly unitCommands: { readonly name: string };
}

interface NotificationsOptions extends Omit<NotificationParts, 'preferences' | 'settings' | 'texts'> {
  /** Gives the configuration in force. Every change of the configuration gives a new object. */
  config(): NotificationsConfig;
  /** Whether this resource notifies players: false while the official resource does. */
  isActive(): boolean;
  hasPlayers(): boolean;
  readonly players: Pick<Players, 'sessionOf' | 'sourcesOfIdentities' | 'identifiersOf'>;
  /** Reports each notification that players were shown. */
  readonly told?: ShownListener;
  readonly store: PreferenceStore;
}

/** Handles a chat command. `source` is 0 when the command was typed into the server's console. */
type CommandHandler = (source: number, words: readonly string[]) => void;

/** Notifies players of push events by the operator's rules, and marks the calls of attached units on players' maps. */
export class Notifications {
  /** Handlers of the chat commands `/cadnotify` and `/dn`. Each answers the player with a notification. */
  readonly commands: { readonly cadnotify: CommandHandler; readonly dn: CommandHandler };

  readonly #options: NotificationsOptions;
  readonly #preferences: PlayerPreferences;
  readonly #callers: Callers;
  readonly #triggers: Triggers;
  readonly #waypoints: Waypoints;
  readonly #notifier: Notifier;
  readonly #editAnnouncer: EditAnnouncer;
  /** Cache of the resolved rules by trigger. Another configuration replaces the cache. */
  #resolved: { config: NotificationsConfig; rules: ReadonlyMap<string, readonly Rule[]> } | null = null;

  constructor(options: NotificationsOptions) {
    const { config, players, store, log } = options;
    this.#options = options;
    this.#preferences = new PlayerPreferences(store, (source) => players.identifiersOf(source), log);
    const parts: NotificationParts = {
      ...options,
      preferences: this.#preferences,
      settings: () => config().notifications,
      texts: () => this.#texts(),
    };

    this.#callers = new Callers(players);
    this.#triggers = new Triggers(parts, this.#callers);
    this.#waypoints = new Waypoints(parts);
    this.#notifier = new Notifier(
      parts,
      () => config().notifications.system ?? config().notificationSystem,
      options.told,
    );
    this.#editAnnouncer = new EditAnnouncer(parts, (call, changes, eventIds) => {
      if (this.#isOn()) this.#applyRules(this.#triggers.forEdit(call, changes), eventIds);
    });

    const commands = new PlayerCommands(
      parts,
      (source) => this.#waypoints.clear([source]),
      () => config().unitCommands.name,
    );
    this.commands = {
      cadnotify: this.#replyWith((source, words) => commands.cadnotify(source, words)),
      dn: this.#replyWith((source, words) => commands.dn(source, words)),
    };
  }

  /**
   * Reads the calls, units and players that an event is about. Call this before the event changes the state.
   *
   * @returns a function that notifies the players; call it after the event has changed the state
   */
  begin(event: PushEvent): () => void {
    if (!event.valid) return () => {};
    // The caller may join between the two calls, but a player who joins then is not notified of this event.
    if (!this.#options.hasPlayers()) return () => this.#rememberCaller(event);

    const { state, audience } = this.#options;
    const readChanges = trackCallChanges(event, state);
    const hasTypeRules = this.#rulesFor(event.type).length > 0;
    const playersBefore = hasTypeRules && this.#isOn() ? involvedPlayers(event, state, audience) : [];
    const updateWaypoints = this.#waypoints.begin(event);

    return () => {
      const changes = readChanges();
      // Callers are remembered even while notifications are off, because the operator can switch them on at any time.
      this.#rememberCaller(event);
      if (!this.#isOn()) return;

      for (const trigger of this.#triggers.forEvent(event, changes)) this.#applyRules(trigger, [event.id]);
      for (const { before, after } of editsIn(event, changes)) this.#editAnnouncer.add(before, after, event.id);
      if (hasTypeRules) this.#applyRules(this.#triggers.forType(event, playersBefore), [event.id]);
      updateWaypoints(changes);
    };
  }

  /**
   * Shows one player every notification that an event would cause for anyone. Changes neither state nor rate limits.
   */
  preview(event: PushEvent, source: number): void {
    const changes = dryRunChanges(event, this.#options.state);
    const triggers = [...this.#triggers.forEvent(event, changes), this.#triggers.forType(event, [])];
    for (const { before, after } of editsIn(event, changes)) {
      triggers.push(this.#triggers.forEdit(after, describeEdit(before, after, this.#texts().changes)));
    }

    for (const trigger of triggers) {
      for (const rule of this.#rulesFor(trigger.on)) {
        this.#notifier.showAnyway(rule, this.#valuesFor(trigger), source, [event.id]);
      }
    }
  }

  /** Shows one player the answer to a request, even if the player has switched notifications off. */
  reply(source: number, message: string): void {
    this.#notifier.reply(source, message, this.#texts().requests.title);
  }

  /** Forgets a player who has left the server. */
  playerGone(source: number): void {
    this.#preferences.forget(source);
    this.#notifier.forget(source);
  }

  /** Reads nearest-postal's file again when a postal code is needed next. Call this when nearest-postal has started. */
  rereadPostals(): void {
    this.#waypoints.rereadPostals();
  }

  /** Finds the postal code nearest to a place. Null without a postal file. */
  nearestPostal(place: Place): string | null {
    return this.#waypoints.nearestPostal(place);
  }

  #texts(): Locale {
    return locales[this.#options.config().locale];
  }

  #isOn(): boolean {
    return this.#options.isActive() && this.#options.config().notifications.enabled;
  }

  #rulesFor(on: string): readonly Rule[] {
    const config = this.#options.config();
    if (this.#resolved?.config !== config) {
      this.#resolved = { config, rules: resolveRules(config.notifications.rules, locales[config.locale]) };
    }
    return this.#resolved.rules.get(on) ?? [];
  }

  #applyRules(trigger: Trigger, eventIds: readonly string[]): void {
    for (const rule of this.#rulesFor(trigger.on)) {
      const values = this.#valuesFor(trigger);
      if (isMet(rule.when, values)) {
        this.#notifier.show(rule, values, this.#receiversOf(rule.to, trigger), eventIds);
      }
    }
  }

  #valuesFor({ values }: Trigger): Readonly<Record<string, unknown>> {
    return { ...values, dispatcherOnline: this.#options.state.isDispatcherOnline() };
  }

  #receiversOf(to: Receiver, trigger: Trigger): readonly number[] {
    const { audience } = this.#options;
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

  #rememberCaller(event: PushEvent): void {
    if (!event.valid) return;
    if (event.type === 'EVENT_911') this.#callers.rememberEmergencyCall(event.data);
    if (event.type === 'EVENT_DISPATCH_NEW') this.#callers.rememberDispatchCall(event.data.dispatch);
  }

  #replyWith(command: (source: number, words: readonly string[]) => string): CommandHandler {
    return (source, words) => {
      if (source > 0) this.#notifier.reply(source, command(source, words));
      else this.#options.log.info('This command works only for players in the game, and not in the console.');
    };
  }
}

/** Picks the changes that edited a known call. */
function editsIn(event: PushEvent, changes: readonly CallChange[]): { before: DispatchCall; after: DispatchCall }[] {
  if (event.type !== 'EVENT_DISPATCH_EDIT') return [];
  return changes.flatMap(({ before, after }) => (before && after ? [{ before, after }] : []));
}
