import type { ConfigProblem } from '../config/config-problem.ts';
import type { Forwarding } from '../forward/create-forwarding.ts';
import type { Players } from '../players/create-players.ts';
import { CLOSED_CALL } from '../push-events/catalogue/calls.ts';
import type { Traffic } from '../push-events/traffic.ts';
import type { StateView } from '../state/state-view.ts';
import { counted } from './counted.ts';
import type { Subcommand } from './create-command.ts';
import { formatDuration } from './format-duration.ts';

export interface StatusCommandOptions {
  readonly version: string;
  readonly clock: { monotonic(): number };
  readonly traffic: Traffic;
  readonly forwarding: Pick<Forwarding, 'status' | 'idleBecause'>;
  readonly state: StateView;
  readonly players: Pick<Players, 'sources'>;
  /** What shows notifications, in a few words. */
  notificationSystem(): string;
  problems(): readonly ConfigProblem[];
  /** Lines of parts that this command knows nothing of. */
  more(): readonly string[];
}

const MAX_TYPES = 10;
const WAYS = { http: 'HTTP', websocket: 'WebSocket', simulated: 'test' } as const;
const REASONS = {
  'no-key': 'without a key',
  'wrong-key': 'with a wrong key',
  'invalid-json': 'without valid JSON',
  'invalid-type': 'without a type',
  'too-large': 'too large',
  late: 'late',
  lost: 'lost by the game server',
} as const;

/** `status`: everything that one looks at first when something does not work. */
export function createStatusCommand(options: StatusCommandOptions): Subcommand {
  const { version, clock, traffic, forwarding, state, players, notificationSystem, problems, more } = options;
  const started = clock.monotonic();

  function received(): string[] {
    const { ways, types, unreadable, refusals } = traffic.report();
    const lines = ways.map(
      ({ source, count, lastMs }) => `received by ${WAYS[source]}: ${count}, the last ${formatDuration(lastMs)} ago`,
    );
    if (lines.length === 0) lines.push('received: nothing yet');
    if (types.length > 0) {
      const shown = types.slice(0, MAX_TYPES).map(({ type, count }) => `${type} ${count}`);
      const hidden = types.length - shown.length;
      lines.push(`by type: ${shown.join(', ')}${hidden > 0 ? ` and ${hidden} more types` : ''}`);
    }
    if (unreadable > 0) lines.push(`not understood: ${unreadable}`);
    const refused = refusals.map(({ reason, count }) => `${count} ${REASONS[reason]}`);
    lines.push(`refused: ${refused.join(', ') || 'nothing'}`);
    return lines;
  }

  function forwarded(): string[] {
    const { targets } = forwarding.status();
    if (targets.length === 0) return [`forwarding: ${forwarding.idleBecause() ?? 'no target'}`];
    return targets.map(
      ({ target, state: lane, reason, queued, deadLetters, counts }) =>
        `forwarding to ${target}: ${lane}${reason === null ? '' : ` (${reason})`}, ${counts.delivered} delivered, ${queued} waiting, ${counted(deadLetters, 'dead letter')}`,
    );
  }

  function known(): string[] {
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

  function configured(): string[] {
    const found = problems().map(({ level, line }) => `config ${level}: ${line}`);
    return found.length === 0 ? ['config: nothing is wrong with it'] : found;
  }

  return {
    description: 'what comes in, what goes out, what is known, what is wrong',
    run: () => [
      `sonorancad ${version}, running for ${formatDuration(clock.monotonic() - started)}`,
      ...received(),
      ...forwarded(),
      ...known(),
      `notifications: ${notificationSystem()}`,
      ...more(),
      ...configured(),
    ],
  };
}
