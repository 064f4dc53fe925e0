import type { ClientEvents } from '../platform/client-events.ts';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { OtherResources } from '../platform/other-resources.ts';
import { reasonOf } from '../text/reason-of.ts';
import { SOUND_EVENT } from './client/event-names.ts';
import { displayText } from './display-text.ts';
import type { Locale } from './locales/en.ts';
import { createBurstLimiter } from './players/burst-limiter.ts';
import type { PlayerPreferences } from './players/preferences.ts';
import { isOccasion } from './rules/default-rules.ts';
import { fillTemplate } from './rules/fill-template.ts';
import type { Rule } from './rules/rule-schema.ts';
import { chooseSystem } from './systems/choose-system.ts';
import type { Delivery, Notification } from './systems/notification.ts';
import type { notificationSystems } from './systems/notification-systems.ts';

const LONGEST_TITLE = 120;
const LONGEST_MESSAGE = 800;
const REPLY_MS = 8_000;

/** Shows notifications to players, as far as they want any. */
export interface Notifier {
  /** @param values what the rule's templates are filled with */
  show(rule: Rule, values: unknown, sources: readonly number[]): void;
  /** As `show`, whatever the player has chosen. */
  showAnyway(rule: Rule, values: unknown, source: number): void;
  /** Answers a command. @param title that of the players' own settings unless given */
  reply(source: number, message: string, title?: string): void;
  /** To be called when a player has left. */
  forget(source: number): void;
}

export interface NotifierOptions {
  /** Asked each time. */
  system(): (typeof notificationSystems)[number];
  texts(): Locale;
  readonly preferences: PlayerPreferences;
  readonly clients: ClientEvents;
  readonly resources: Pick<OtherResources, 'isStarted' | 'callExport'>;
  readonly clock: Clock;
  readonly log: Log;
}

export function createNotifier(options: NotifierOptions): Notifier {
  const { system, texts, preferences, clients, resources, clock, log } = options;
  const limiter = createBurstLimiter(clock, summarise);

  function summarise(source: number, counts: ReadonlyMap<string, number>): void {
    if (!wantsAny(source)) return;
    const { summary, occasions, other } = texts();
    const entries = [...counts].map(([on, count]) =>
      fillTemplate(summary.entry, { count, what: isOccasion(on) ? occasions[on].plural : other.plural }),
    );
    send({ title: summary.title, message: entries.join('\n'), kind: 'info', durationMs: REPLY_MS }, [source]);
  }

  function wantsAny(source: number): boolean {
    const { off, mutedUntil } = preferences.of(source);
    return !off && mutedUntil <= clock.now();
  }

  function send({ title, message, ...rest }: Notification, sources: readonly number[]): void {
    const chosen = chooseSystem(system(), resources.isStarted, log);
    if (chosen === null || sources.length === 0) return;
    const delivery = chosen.deliver({
      title: displayText(title, LONGEST_TITLE),
      message: displayText(message, LONGEST_MESSAGE),
      ...rest,
    });
    for (const source of sources) deliver(delivery, source);
  }

  function deliver(delivery: Delivery, source: number): void {
    if (delivery.by === 'event') {
      clients.send(delivery.name, source, ...delivery.args);
      return;
    }
    try {
      resources.callExport(delivery.resource, delivery.name, source, ...delivery.args);
    } catch (error) {
      log.error('A notification could not be shown.', {
        export: `${delivery.resource}.${delivery.name}`,
        reason: reasonOf(error),
      });
    }
  }

  function fill({ title, message, kind, durationMs }: Rule, values: unknown): Notification {
    return { title: fillTemplate(title, values), message: fillTemplate(message, values), kind, durationMs };
  }

  function play({ sound }: Rule, sources: readonly number[]): void {
    if (sound === null || system() === 'none') return;
    for (const source of sources) clients.send(SOUND_EVENT, source, sound.name, sound.set);
  }

  return {
    show(rule, values, sources) {
      const told = sources.filter(
        (source) => wantsAny(source) && limiter.admit(source, rule.on, rule.kind === 'urgent'),
      );
      if (told.length === 0) return;
      send(fill(rule, values), told);
      play(rule, told);
    },
    showAnyway(rule, values, source) {
      send(fill(rule, values), [source]);
      play(rule, [source]);
    },
    reply(source, message, title = texts().preferences.title) {
      send({ title, message, kind: 'info', durationMs: REPLY_MS }, [source]);
    },
    forget: limiter.forget,
  };
}
