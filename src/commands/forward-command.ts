import type { Forwarding } from '../forward/create-forwarding.ts';
import type { Subcommand } from './command.ts';
import { counted, formatDuration, formatTable } from './tables.ts';

type Steering = Pick<Forwarding, 'status' | 'idleBecause' | 'deadLetters' | 'replay' | 'drop' | 'retry'>;

export interface ForwardCommandOptions {
  /** The command's. */
  readonly name: string;
  readonly forwarder: Steering;
  /** @returns milliseconds since 1970 */
  now(): number;
}

const NO_LETTERS = 'There are no dead letters.';
const USAGE = 'status | list [target] | retry <target> | replay <id|all> [target] | drop <id>';

/** `forward`: how forwarding is doing, and what an operator can do about it. */
export function createForwardCommand({ name, forwarder, now }: ForwardCommandOptions): Subcommand {
  const actions: Readonly<Record<string, (words: readonly string[]) => readonly string[] | null>> = {
    status: () => describeStatus(forwarder, name),
    list: ([target]) => listDeadLetters(forwarder, target, now()),
    retry: ([target]) => {
      if (target === undefined) return null;
      return [forwarder.retry(target) ? `${target} is tried again now.` : noTarget(target)];
    },
    replay: ([id, target]) => {
      if (id === undefined) return null;
      const count = forwarder.replay(id, target);
      return [count > 0 ? `${count} on the way again.` : whyNoReplay(forwarder, name, id, target)];
    },
    drop: ([id]) => {
      if (id === undefined) return null;
      const count = forwarder.drop(id);
      return [count > 0 ? `${count} dropped.` : noLetter(name)];
    },
  };
  return {
    usage: USAGE,
    description: 'events on their way to your web servers',
    run([action = 'status', ...words]) {
      const chosen = Object.hasOwn(actions, action.toLowerCase()) ? actions[action.toLowerCase()] : undefined;
      return chosen?.(words) ?? [`${name} forward ${USAGE}`];
    },
  };
}

const noTarget = (target: string): string => `There is no target named ${target}.`;
const noLetter = (name: string): string => `There is no dead letter with that id; see "${name} forward list".`;

/** @returns why none was sent again, when none was */
function whyNoReplay(forwarder: Steering, name: string, id: string, target: string | undefined): string {
  const { targets, removed } = forwarder.status();
  if (target !== undefined && !targets.some((lane) => lane.target === target)) return noTarget(target);
  // Those of the targets that are configured would have been sent.
  const left = removed.filter(
    (lane) => id === 'all' || forwarder.deadLetters(lane.target, lane.deadLetters).some((letter) => letter.id === id),
  );
  if (left.length === 0) {
    if (id !== 'all') return noLetter(name);
    return target === undefined ? NO_LETTERS : `There are no dead letters for ${target}.`;
  }
  const names = left.map((lane) => lane.target).join(', ');
  if (targets.length === 0) {
    return `There is no target to send to: ${forwarder.idleBecause() ?? 'no target is configured.'}`;
  }
  return `${names}: not configured any more; "${name} forward replay ${id} <another target>" sends to another.`;
}

function describeStatus(forwarder: Steering, name: string): string[] {
  const status = forwarder.status();
  const { store, targets, removed, leaving } = status;
  const lines: string[] = [];
  if (targets.length === 0) lines.push(forwarder.idleBecause() ?? 'Nothing is forwarded: no target is configured.');
  else {
    const rows = targets.map((target) => [
      target.target,
      target.silent ? `${target.state}, never answers` : target.state,
      String(target.queued),
      String(target.deadLetters),
      String(target.counts.delivered),
      String(target.counts.lost),
      target.oldestMs === null ? '-' : formatDuration(target.oldestMs),
      target.nextAttemptInMs === null ? '-' : formatDuration(target.nextAttemptInMs),
      target.url,
    ]);
    lines.push(
      ...formatTable(['target', 'state', 'waiting', 'dead', 'delivered', 'lost', 'oldest', 'next', 'address'], rows),
    );
    for (const { target, reason, advice } of targets)
      if (reason !== null) lines.push(`${target}: ${reason}${advice === null ? '' : `; ${advice}`}.`);
  }
  for (const { target, queued } of leaving)
    lines.push(`${target} was removed: ${queued} of its events are becoming dead letters.`);
  for (const { target, deadLetters } of removed) {
    lines.push(
      `${target} is not configured any more and has ${counted(deadLetters, 'dead letter')}: "${name} forward replay all <another target>" sends to another.`,
    );
  }
  if (store.unusedBecause !== null)
    lines.push(`The database is not used (${store.unusedBecause}): events wait in memory only.`);
  else if (store.broken)
    lines.push(`The database does not keep what it is given: ${store.eventsInMemory} events wait in memory only.`);
  if (status.recovering) lines.push('What an earlier run left is still being read.');
  return lines;
}

function listDeadLetters(forwarder: Steering, target: string | undefined, now: number): string[] {
  const letters = forwarder.deadLetters(target);
  if (letters.length === 0) {
    const isKnown = target === undefined || forwarder.status().targets.some((lane) => lane.target === target);
    return [isKnown ? NO_LETTERS : noTarget(target)];
  }
  const rows = letters.map(({ id, target: to, type, reason, attempts, diedAt }) => [
    id,
    to,
    type ?? '(cannot be read)',
    attempts === null ? '-' : String(attempts),
    diedAt === null ? '-' : `${formatDuration(now - diedAt)} ago`,
    reason ?? '-',
  ]);
  return formatTable(['id', 'target', 'type', 'attempts', 'given up', 'reason'], rows);
}
