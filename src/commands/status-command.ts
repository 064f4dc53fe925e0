import { CLOSED_CALL } from '../events/catalogue/calls.ts';
import type { NotificationsConfig } from '../notify/notifications.ts';
import { findRunningSystem } from '../notify/notifier.ts';
import { counted, formatDuration } from './console-text.ts';
import { describeLink } from './describe-link.ts';
import type { OperatorParts, Subcommand } from './subcommand.ts';

/** @returns in a few words what shows notifications to players now */
export function describeNotificationSystem(
  { notifications, notificationSystem }: Pick<NotificationsConfig, 'notifications' | 'notificationSystem'>,
  isStarted: (resource: string) => boolean,
): string {
  if (!notifications.enabled) return 'off';
  const wanted = notifications.system ?? notificationSystem;
  const chosen = findRunningSystem(wanted, isStarted) ?? 'none';
  if (chosen === wanted) return chosen;
  return wanted === 'auto' ? `${chosen} (chosen by auto)` : `${chosen}, since ${wanted} is not started`;
}

/** Types named in `status`. The rest are only counted. */
const MAX_TYPES = 10;
/** How events came in, in words for the operator. */
const TRANSPORTS = { http: 'HTTP', websocket: 'WebSocket', simulated: 'test' } as const;
const REFUSALS = {
  'no-key': 'without a key',
  'wrong-key': 'with a wrong key',
  'invalid-json': 'without valid JSON',
  'invalid-type': 'without a type',
  'too-large': 'too large',
  late: 'late',
  lost: 'lost by the game server',
} as const;

type StatusParts = Pick<
  OperatorParts,
  'version' | 'clock' | 'live' | 'traffic' | 'forwarding' | 'game' | 'link' | 'official' | 'resources'
>;

/** `status`: the first thing to read when something does not work. */
export class StatusCommand implements Subcommand {
  readonly description = 'what comes in, what goes out, what is known, what is wrong';
  readonly #parts: StatusParts;
  readonly #startedAt: number;

  constructor(parts: StatusParts) {
    this.#parts = parts;
    this.#startedAt = parts.clock.monotonic();
  }

  run(): readonly string[] {
    const { version, clock, link } = this.#parts;
    return [
      `sonorancad ${version}, running for ${formatDuration(clock.monotonic() - this.#startedAt)}`,
      ...this.#received(),
      ...this.#forwarded(),
      ...this.#known(),
      this.#notifications(),
      ...describeLink(link.status(), clock.now()),
      ...this.#problems(),
    ];
  }

  #received(): string[] {
    const { ways, types, unreadable, refusals } = this.#parts.traffic.report();
    const lines = ways.map(
      ({ source, count, lastMs }) =>
        `received by ${TRANSPORTS[source]}: ${count}, the last ${formatDuration(lastMs)} ago`,
    );
    if (lines.length === 0) lines.push('received: nothing yet');
    if (types.length > 0) {
      const shown = types.slice(0, MAX_TYPES).map(({ type, count }) => `${type} ${count}`);
      const hidden = types.length - shown.length;
      lines.push(`by type: ${shown.join(', ')}${hidden > 0 ? ` and ${hidden} more types` : ''}`);
    }
    if (unreadable > 0) lines.push(`not understood: ${unreadable}`);
    const refused = refusals.map(({ reason, count }) => `${count} ${REFUSALS[reason]}`);
    lines.push(`refused: ${refused.join(', ') || 'nothing'}`);
    return lines;
  }

  #forwarded(): string[] {
    const { forwarding } = this.#parts;
    const { targets } = forwarding.status();
    if (targets.length === 0) return [`forwarding: ${forwarding.idleBecause() ?? 'no target'}`];
    return targets.map(({ target, state, reason, queued, deadLetters, counts }) => {
      const because = reason === null ? '' : ` (${reason})`;
      const numbers = `${counts.delivered} delivered, ${queued} waiting, ${counted(deadLetters, 'dead letter')}`;
      return `forwarding to ${target}: ${state}${because}, ${numbers}`;
    });
  }

  #known(): string[] {
    const { state, players } = this.#parts.game;
    const calls = state.callEntries();
    const closed = calls.filter(({ dispatch }) => dispatch.status === CLOSED_CALL).length;
    const counts = [
      counted(state.units().length, 'unit'),
      `${counted(calls.length - closed, 'dispatch call')} (and ${closed} closed)`,
      counted(state.emergencyCalls().length, '911 call'),
      counted(state.dispatchers().length, 'dispatcher'),
    ];
    const matched = new Set(state.playersInCad()).size;
    return [`known: ${counts.join(', ')}`, `players: ${[...players.sources()].length}, ${matched} matched with a unit`];
  }

  #notifications(): string {
    const { official, live, resources } = this.#parts;
    if (official.isRunning()) return 'notifications: off, beside the official resource';
    return `notifications: ${describeNotificationSystem(live.current(), (name) => resources.isStarted(name))}`;
  }

  #problems(): string[] {
    const { live, forwarding } = this.#parts;
    const problems = [...live.problems(), ...forwarding.problems()];
    if (problems.length === 0) return ['config: nothing is wrong with it'];
    return problems.map(({ level, line }) => `config ${level}: ${line}`);
  }
}
