import { displayText, reasonOf } from '../lib/text.ts';
import { BurstLimiter } from './burst-limiter.ts';
import { type Notification, SOUND_EVENT } from './client.ts';
import type { NotificationParts } from './preferences.ts';
import { isTriggerName, type Rule } from './rules.ts';
import { type ChosenSystem, type Delivery, type SystemName, systems } from './systems.ts';
import { fillTemplate } from './texts.ts';

/** Longer titles and messages are truncated to this many characters. */
const MAX_TITLE_LENGTH = 120;
const MAX_MESSAGE_LENGTH = 800;
/** How long replies to commands and summaries are shown. */
const REPLY_MS = 8_000;

/**
 * Receives the players who were shown a notification.
 *
 * @param trigger the `on` of the notification's rule, or `summary`
 */
export type ShownListener = (eventIds: readonly string[], trigger: string, sources: readonly number[]) => void;

/** Shows notifications to players through the chosen notification system. */
export class Notifier {
  readonly #parts: Omit<NotificationParts, 'state' | 'audience' | 'settings'>;
  readonly #chosenSystem: () => ChosenSystem;
  readonly #shown: ShownListener;
  readonly #limiter: BurstLimiter;
  /** The stopped system that the console has warned of. Null once the chosen system runs again. */
  #warnedSystem: ChosenSystem | null = null;

  constructor(
    parts: Omit<NotificationParts, 'state' | 'audience' | 'settings'>,
    chosenSystem: () => ChosenSystem,
    shown: ShownListener = () => {},
  ) {
    this.#parts = parts;
    this.#chosenSystem = chosenSystem;
    this.#shown = shown;
    this.#limiter = new BurstLimiter(parts.clock, {
      summarise: (source, counts) => this.#summarise(source, counts),
      summarised: (eventId, sources) => shown([eventId], 'summary', sources),
    });
  }

  /**
   * Shows a rule's notification to those players who have notifications on, within their rate limits.
   *
   * @param values the data that fills the rule's templates
   */
  show(rule: Rule, values: unknown, sources: readonly number[], eventIds: readonly string[]): void {
    const isUrgent = rule.kind === 'urgent';
    const receivers = sources.filter(
      (source) => this.#hasNotificationsOn(source) && this.#limiter.admit(source, rule.on, eventIds, isUrgent),
    );
    if (receivers.length > 0) this.#deliver(rule, values, receivers, eventIds);
  }

  /** Shows a rule's notification to one player, ignoring the player's own settings and rate limits. */
  showAnyway(rule: Rule, values: unknown, source: number, eventIds: readonly string[]): void {
    this.#deliver(rule, values, [source], eventIds);
  }

  /** Shows a player the answer to a command, ignoring the player's own settings and rate limits. */
  reply(source: number, message: string, title = this.#parts.texts().preferences.title): void {
    this.#send({ title, message, kind: 'info', durationMs: REPLY_MS }, [source]);
  }

  forget(source: number): void {
    this.#limiter.forget(source);
  }

  #hasNotificationsOn(source: number): boolean {
    const { off, mutedUntil } = this.#parts.preferences.get(source);
    return !off && mutedUntil <= this.#parts.clock.now();
  }

  #summarise(source: number, counts: ReadonlyMap<string, number>): boolean {
    if (!this.#hasNotificationsOn(source)) return false;

    const { summary, triggers, other } = this.#parts.texts();
    const entries = [...counts].map(([on, count]) =>
      fillTemplate(summary.entry, { count, what: isTriggerName(on) ? triggers[on].plural : other.plural }),
    );
    this.#send({ title: summary.title, message: entries.join('\n'), kind: 'info', durationMs: REPLY_MS }, [source]);
    return true;
  }

  #deliver(rule: Rule, values: unknown, sources: readonly number[], eventIds: readonly string[]): void {
    const { kind, durationMs, sound } = rule;
    const title = fillTemplate(rule.title, values);
    const message = fillTemplate(rule.message, values);
    this.#send({ title, message, kind, durationMs }, sources);

    if (sound !== null && this.#chosenSystem() !== 'none') {
      for (const source of sources) this.#parts.clients.send(SOUND_EVENT, source, sound.name, sound.set);
    }
    this.#shown(eventIds, rule.on, sources);
  }

  #send(notification: Notification, sources: readonly number[]): void {
    const chosen = this.#chosenSystem();
    const used = findRunningSystem(chosen, (resource) => this.#parts.resources.isStarted(resource));
    if (used === null || sources.length === 0) return;

    this.#warnIfReplaced(chosen, used);
    const delivery = systems[used].deliver({
      ...notification,
      title: displayText(notification.title, MAX_TITLE_LENGTH),
      message: displayText(notification.message, MAX_MESSAGE_LENGTH),
    });
    for (const source of sources) {
      if (delivery.by === 'event') this.#parts.clients.send(delivery.name, source, ...delivery.args);
      else this.#callExport(delivery, source);
    }
  }

  /** Warns once for as long as the chosen system is stopped. */
  #warnIfReplaced(chosen: ChosenSystem, used: SystemName): void {
    if (chosen === 'auto' || chosen === 'none' || chosen === used) {
      this.#warnedSystem = null;
      return;
    }
    if (chosen === this.#warnedSystem) return;

    this.#warnedSystem = chosen;
    this.#parts.log.warn(
      'The chosen notification system is not started. Start its resource; until then the game shows notifications.',
      { system: chosen, resource: systems[chosen].resource },
    );
  }

  #callExport({ resource, name, args }: Extract<Delivery, { by: 'export' }>, source: number): void {
    const { resources, log } = this.#parts;
    try {
      resources.callExport(resource, name, source, ...args);
    } catch (error) {
      log
        .coalesce({ export: `${resource}.${name}` })
        .error('A player was not shown a notification: the export of the notification system failed.', {
          reason: reasonOf(error),
        });
    }
  }
}

/**
 * Finds the notification system that is used now.
 *
 * @returns for `auto` the first system whose resource is started; `native` when the chosen system is stopped; null
 *   for `none`
 */
export function findRunningSystem(chosen: ChosenSystem, isStarted: (resource: string) => boolean): SystemName | null {
  const isRunning = (name: SystemName) => {
    const { resource } = systems[name];
    return resource === null || isStarted(resource);
  };
  if (chosen === 'none') return null;
  if (chosen === 'auto') return (Object.keys(systems) as SystemName[]).find(isRunning) ?? 'native';
  return isRunning(chosen) ? chosen : 'native';
}
