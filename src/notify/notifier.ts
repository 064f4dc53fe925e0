import type { Clock } from '../lib/clock.ts';
import { RateLimit } from '../lib/rate-limit.ts';
import { displayText, reasonOf } from '../lib/text.ts';
import { type Notification, SOUND_EVENT } from './client.ts';
import type { NotifyParts } from './preferences.ts';
import { isTriggerName, type Rule } from './rules.ts';
import { type ChosenSystem, type Delivery, type SystemName, systems } from './systems.ts';
import { fillTemplate } from './texts.ts';

const LONGEST_TITLE = 120;
const LONGEST_MESSAGE = 800;
const REPLY_MS = 8_000;

export type Told = (events: readonly string[], on: string, players: readonly number[]) => void;

/**
 * Shows notifications to players, as far as they want any.
 *
 * @param system the one that the operator chose, asked each time
 * @param told gets who was shown a notification, what made it (the trigger of its rule; `summary` where it is one of a burst), and the
 *   ids of the events that it is about
 */
export function createNotifier(
  parts: Omit<NotifyParts, 'state' | 'audience' | 'settings'>,
  system: () => ChosenSystem,
  told: Told = () => {},
) {
  const { texts, preferences, clients, resources, clock, log } = parts;
  const limiter = createBurstLimiter(clock, summarise, (event, players) => told([event], 'summary', players));
  /** What the console has said is not started, as long as that is so. */
  let saidMissing: ChosenSystem | null = null;

  /** @returns whether the player was told */
  function summarise(source: number, counts: ReadonlyMap<string, number>): boolean {
    if (!wantsAny(source)) return false;
    const { summary, triggers, other } = texts();
    const entries = [...counts].map(([on, count]) =>
      fillTemplate(summary.entry, { count, what: isTriggerName(on) ? triggers[on].plural : other.plural }),
    );
    send({ title: summary.title, message: entries.join('\n'), kind: 'info', durationMs: REPLY_MS }, [source]);
    return true;
  }

  function wantsAny(source: number): boolean {
    const { off, mutedUntil } = preferences.of(source);
    return !off && mutedUntil <= clock.now();
  }

  function send({ title, message, ...look }: Notification, sources: readonly number[]): void {
    const wanted = system();
    const chosen = chooseSystem(wanted, resources.isStarted);
    if (chosen === null || sources.length === 0) return;
    const missing = wanted === 'auto' || wanted === 'none' || chosen === wanted ? null : wanted;
    if (missing !== null && missing !== saidMissing)
      log.warn('The chosen notification system is not started; the game shows notifications by itself.', {
        system: missing,
        resource: systems[missing].resource,
      });
    saidMissing = missing;
    const delivery = systems[chosen].deliver({
      title: displayText(title, LONGEST_TITLE),
      message: displayText(message, LONGEST_MESSAGE),
      ...look,
    });
    for (const source of sources) {
      if (delivery.by === 'event') clients.send(delivery.name, source, ...delivery.args);
      else callExport(delivery, source);
    }
  }

  function callExport({ resource, name, args }: Extract<Delivery, { by: 'export' }>, source: number): void {
    try {
      resources.callExport(resource, name, source, ...args);
    } catch (error) {
      const origin = { export: `${resource}.${name}` };
      log.coalesce(origin).error('A notification could not be shown.', { reason: reasonOf(error) });
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
    /**
     * @param values what the rule's templates are filled with
     * @param events the ids of the events that it is about
     */
    show(rule: Rule, values: unknown, sources: readonly number[], events: readonly string[]): void {
      const receivers = sources.filter(
        (source) => wantsAny(source) && limiter.admit(source, rule.on, events, rule.kind === 'urgent'),
      );
      if (receivers.length === 0) return;
      send(fill(rule, values), receivers);
      play(rule, receivers);
      told(events, rule.on, receivers);
    },
    /** As `show`, whatever the player has chosen. */
    showAnyway(rule: Rule, values: unknown, source: number, events: readonly string[]): void {
      send(fill(rule, values), [source]);
      play(rule, [source]);
      told(events, rule.on, [source]);
    },
    /** Answers a command. @param title that of the players' own settings unless given */
    reply(source: number, message: string, title = texts().preferences.title): void {
      send({ title, message, kind: 'info', durationMs: REPLY_MS }, [source]);
    },
    /** To be called when a player has left. */
    forget: (source: number): void => limiter.forget(source),
  };
}

/**
 * @param wanted what the operator chose
 * @returns the system that shows notifications now: for `auto` the first whose resource is started, for one that is not started the
 *   game's own; null for `none`
 */
export function chooseSystem(wanted: ChosenSystem, isStarted: (resource: string) => boolean): SystemName | null {
  const isThere = (name: SystemName) => systems[name].resource === null || isStarted(systems[name].resource);
  if (wanted === 'none') return null;
  if (wanted === 'auto') return (Object.keys(systems) as SystemName[]).find(isThere) ?? 'native';
  return isThere(wanted) ? wanted : 'native';
}

/** Events of which is known who was told of them in a summary: as many as the operator's page shows. */
const MOST_EVENTS = 500;
/** Notifications that one player gets; the rest comes as one summary. */
const LIMIT = { most: 5, windowMs: 10_000, maxKeys: 2_048 };

/**
 * Keeps a burst of notifications from filling a player's screen.
 *
 * @param summarise gets what was kept back from a player: how many of what
 * @param summarised gets the players who were told of an event in a summary
 */
function createBurstLimiter(
  clock: Clock,
  summarise: (source: number, counts: ReadonlyMap<string, number>) => boolean,
  summarised: (event: string, players: readonly number[]) => void,
) {
  const usual = new RateLimit<number>(LIMIT, clock);
  const urgent = new RateLimit<number>(LIMIT, clock);
  const keptBack = new Map<number, Map<string, number>>();
  /** By the ids of the events of which there was something for them. */
  const players = new Map<string, Set<number>>();
  let isSummaryDue = false;

  function flush(): void {
    isSummaryDue = false;
    const due = [...keptBack];
    keptBack.clear();
    const told = new Set(due.filter((each) => summarise(...each)).map(([source]) => source));
    for (const [event, sources] of players) {
      const reached = [...sources].filter((source) => told.has(source));
      if (reached.length > 0) summarised(event, reached);
    }
    players.clear();
  }

  function keepBack(source: number, what: string, events: readonly string[]): void {
    if (!isSummaryDue) clock.after(LIMIT.windowMs, flush);
    isSummaryDue = true;
    const counts = keptBack.get(source) ?? new Map<string, number>();
    counts.set(what, (counts.get(what) ?? 0) + 1);
    keptBack.set(source, counts);
    for (const event of events) {
      const sources = players.get(event);
      if (sources !== undefined) sources.add(source);
      else if (players.size < MOST_EVENTS) players.set(event, new Set([source]));
    }
  }

  return {
    /**
     * @param what the trigger, for the summary
     * @param events the ids of what it is about
     * @param isUrgent counted separately, so that no burst of others keeps an alarm back
     * @returns whether it may be shown now; else it is counted
     */
    admit(source: number, what: string, events: readonly string[], isUrgent: boolean): boolean {
      if ((isUrgent ? urgent : usual).take(source)) return true;
      keepBack(source, what, events);
      return false;
    },
    /** To be called when a player has left. */
    forget(source: number): void {
      for (const perPlayer of [usual, urgent]) perPlayer.forget(source);
      keptBack.delete(source);
    },
  };
}
