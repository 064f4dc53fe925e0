import type { DurableForwarder } from '../forward/durable-forwarder.ts';
import type { Subcommand } from './create-command.ts';
import { formatDuration } from './format-duration.ts';
import { formatTable } from './format-table.ts';

type Steering = Pick<DurableForwarder, 'status' | 'deadLetters' | 'replay' | 'drop' | 'retry'>;

const USAGE = 'forward status | list [target] | retry <target> | replay <id|all> [target] | drop <id>';

/** `forward`: how forwarding is doing, and what an operator can do about it. */
export function createForwardCommand(forwarder: Steering, now: () => number): Subcommand {
  const actions: Readonly<Record<string, (words: readonly string[]) => readonly string[] | null>> = {
    status: () => describeStatus(forwarder.status()),
    list: ([target]) => listDeadLetters(forwarder, target, now()),
    retry: ([target]) => {
      if (target === undefined) return null;
      return [forwarder.retry(target) ? `${target} is tried again now.` : `There is no target named ${target}.`];
    },
    replay: ([id, target]) => (id === undefined ? null : [replayed(forwarder.replay(id, target))]),
    drop: ([id]) => (id === undefined ? null : [`${forwarder.drop(id)} dropped.`]),
  };
  return {
    description: `${USAGE.slice('forward '.length)}: events on their way to your web servers`,
    run([action = 'status', ...words]) {
      const chosen = Object.hasOwn(actions, action.toLowerCase()) ? actions[action.toLowerCase()] : undefined;
      return chosen?.(words) ?? [USAGE];
    },
  };
}

function replayed(count: number): string {
  return count === 0 ? 'There is no such dead letter, or no target to send it to.' : `${count} on the way again.`;
}

function describeStatus(status: ReturnType<Steering['status']>): string[] {
  const { store, targets, removed, leaving } = status;
  const lines: string[] = [];
  if (targets.length === 0) lines.push('Nothing is forwarded: no target is configured.');
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
      if (reason !== null) lines.push(`${target}: ${reason}. ${advice ?? ''}`.trimEnd());
  }
  for (const { target, queued } of leaving)
    lines.push(`${target} was removed: ${queued} of its events are becoming dead letters.`);
  for (const { target, deadLetters } of removed) {
    lines.push(
      `${target} is not configured any more and has ${deadLetters} dead letters: forward replay all <another target>`,
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
  if (letters.length === 0) return ['There are no dead letters.'];
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
