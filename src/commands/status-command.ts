import type { LinkStatus } from '../cad/cad-link.ts';
import type { SessionStatus } from '../cad/session/session.ts';
import { CLOSED_CALL } from '../events/catalogue/calls.ts';
import type { Finding } from '../lib/finding.ts';
import type { NotificationsConfig } from '../notify/notifications.ts';
import { chooseSystem } from '../notify/notifier.ts';
import { counted, formatDuration, type OperatorParts } from './subcommand.ts';

/** @returns which ways are open to events, and why, in one sentence */
export function reportSession({ state, why, nextAttemptInMs }: SessionStatus): Finding {
  switch (state) {
    case 'open':
      return { ok: true, text: 'Events come in over the session with the CAD, and by HTTP.' };
    case 'connecting':
      return { ok: null, text: 'Events come in by HTTP; the session with the CAD is being opened.' };
    case 'off':
      return { ok: true, text: `Events come in by HTTP only. ${why ?? ''}`.trimEnd() };
    case 'waiting':
      return {
        ok: false,
        text: `Events come in by HTTP only. ${why ?? ''} The session is tried again in ${formatDuration(nextAttemptInMs ?? 0)}.`,
      };
  }
}

/** @param now milliseconds since 1970. @returns lines for the operator */
export function describeLink({ session, verdict, api, healing }: LinkStatus, now: number): string[] {
  const lines = [`transport: ${reportSession(session).text}`];
  if (session.state === 'open') lines.push(`session: open for ${formatDuration(now - session.since)}`);
  lines.push(`registration: ${verdict?.line ?? 'not checked yet'}`);
  const used = api.endpoints.map(({ endpoint, left, perMinute }) => `${endpoint} ${left} of ${perMinute}`);
  if (!api.enabled) lines.push('API: off');
  else lines.push(`API: ${used.length === 0 ? 'nothing asked yet' : `left this minute: ${used.join(', ')}`}`);
  if (api.waiting === 1) lines.push('API: 1 request is waiting for its turn');
  else if (api.waiting > 1) lines.push(`API: ${api.waiting} requests are waiting for their turn`);
  if (api.lastFailure !== null) {
    const { endpoint, at, error } = api.lastFailure;
    const trace = error.traceId === null ? '' : ` (trace id ${error.traceId})`;
    lines.push(`API: the last failure, ${formatDuration(now - at)} ago: ${endpoint}: ${error.message}${trace}`);
  }
  for (const [what, { lastMs, failure }] of Object.entries(healing)) {
    if (lastMs !== null) lines.push(`${what}: compared with the CAD's ${formatDuration(lastMs)} ago`);
    if (failure !== null) lines.push(`${what}: could not be compared with the CAD's: ${failure}`);
  }
  return lines;
}

/** @returns in a few words what shows notifications to players now */
export function describeNotificationSystem(
  { notifications, notificationSystem }: Pick<NotificationsConfig, 'notifications' | 'notificationSystem'>,
  isStarted: (resource: string) => boolean,
): string {
  if (!notifications.enabled) return 'off';
  const wanted = notifications.system ?? notificationSystem;
  const chosen = chooseSystem(wanted, isStarted) ?? 'none';
  if (chosen === wanted) return chosen;
  return wanted === 'auto' ? `${chosen} (chosen by auto)` : `${chosen}, since ${wanted} is not started`;
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
export function createStatusCommand(
  parts: Omit<OperatorParts, 'name' | 'applyConfig' | 'debug' | 'register' | 'status' | 'inspector'>,
) {
  const { version, clock, traffic, forwarding, state, players, live, more } = parts;
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
      ({ target, state: now, reason, queued, deadLetters, counts }) =>
        `forwarding to ${target}: ${now}${reason === null ? '' : ` (${reason})`}, ${counts.delivered} delivered, ${queued} waiting, ${counted(deadLetters, 'dead letter')}`,
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
    const problems = [...live.problems(), ...forwarding.problems()];
    const found = problems.map(({ level, line }) => `config ${level}: ${line}`);
    return found.length === 0 ? ['config: nothing is wrong with it'] : found;
  }

  const lines = (): readonly string[] => [
    `sonorancad ${version}, running for ${formatDuration(clock.monotonic() - started)}`,
    ...received(),
    ...forwarded(),
    ...known(),
    `notifications: ${parts.isNotifying() ? describeNotificationSystem(live.current(), parts.isStarted) : 'off, beside the official resource'}`,
    ...more(),
    ...configured(),
  ];
  return { description: 'what comes in, what goes out, what is known, what is wrong', run: lines };
}
