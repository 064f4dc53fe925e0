import { isMeant } from '../forward/signed-headers.ts';
import { counted, formatDuration, formatDurationCell, formatTable } from './console-text.ts';
import type { OperatorParts, Subcommand } from './subcommand.ts';

type Parts = Pick<OperatorParts, 'name' | 'forwarding' | 'clock'>;

const NO_LETTERS = 'There are no dead letters.';
const USAGE = 'status | list [target] | retry <target> | replay <id|all> [target] | drop <id> [target]';

/** `forward`: how forwarding is doing, and what an operator can do about it. */
export function createForwardCommand(parts: Parts): Subcommand {
  const { name, forwarding } = parts;
  const actions: Readonly<Record<string, (words: readonly string[]) => readonly string[] | null>> = {
    status: () => describeStatus(parts),
    list: ([target]) => listDeadLetters(parts, target),
    retry: ([target]) => {
      if (target === undefined) return null;
      return [forwarding.retry(target) ? `${target} is tried again now.` : noTarget(target)];
    },
    replay: ([id, target]) => {
      if (id === undefined) return null;
      const count = forwarding.replay(id, target);
      return [count > 0 ? `${count} on the way again.` : whyNoReplay(parts, id, target)];
    },
    drop: ([id, target]) => {
      if (id === undefined) return null;
      const count = forwarding.drop(id, target);
      return [count > 0 ? `${count} dropped.` : noDeadLetter(name)];
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
const noDeadLetter = (name: string): string => `There is no dead letter with that id; see "${name} forward list".`;

/** @returns why none was sent again, when none was */
function whyNoReplay({ name, forwarding }: Parts, id: string, target: string | undefined): string {
  const { targets, removed } = forwarding.status();
  if (target !== undefined && !targets.some((each) => each.target === target)) return noTarget(target);
  // Those of the targets that are configured would have been sent.
  const left = removed.filter(
    (each) =>
      id === 'all' || forwarding.deadLetters(each.target, each.deadLetters).some((event) => isMeant(id, event.id)),
  );
  if (left.length === 0) {
    if (id !== 'all') return noDeadLetter(name);
    return target === undefined ? NO_LETTERS : `There are no dead letters for ${target}.`;
  }
  if (targets.length === 0)
    return `There is no target to send to: ${forwarding.idleBecause() ?? 'no target is configured.'}`;
  const names = left.map((each) => each.target).join(', ');
  return `${names}: not configured any more; "${name} forward replay ${id} <another target>" sends to another.`;
}

function describeStatus({ name, forwarding }: Parts): string[] {
  const { store, targets, removed, leaving, recovering } = forwarding.status();
  const lines =
    targets.length === 0
      ? [forwarding.idleBecause() ?? 'Nothing is forwarded: no target is configured.']
      : formatTable(targets, {
          target: ({ target }) => target,
          state: ({ state, silent }) => (silent ? `${state}, never answers` : state),
          waiting: ({ queued }) => queued,
          dead: ({ deadLetters }) => deadLetters,
          delivered: ({ counts }) => counts.delivered,
          lost: ({ counts }) => counts.lost,
          oldest: ({ oldestMs }) => formatDurationCell(oldestMs),
          next: ({ nextAttemptInMs }) => formatDurationCell(nextAttemptInMs),
          address: ({ url }) => url,
        });
  for (const { target, reason, advice } of targets)
    if (reason !== null) lines.push(`${target}: ${reason}${advice === null ? '' : `; ${advice}`}.`);
  for (const { target, queued } of leaving)
    lines.push(`${target} was removed: ${queued} of its events are becoming dead letters.`);
  for (const { target, deadLetters } of removed)
    lines.push(
      `${target} is not configured any more and has ${counted(deadLetters, 'dead letter')}: "${name} forward replay all <another target>" sends to another.`,
    );
  if (store.unusedBecause !== null)
    lines.push(`The database is not used (${store.unusedBecause}): events wait in memory only.`);
  else if (store.broken)
    lines.push(`The database does not keep what is written to it: ${store.eventsInMemory} events wait in memory only.`);
  if (recovering) lines.push('Events of an earlier run are still being read.');
  return lines;
}

function listDeadLetters({ forwarding, clock }: Parts, target: string | undefined): string[] {
  const deadLetters = forwarding.deadLetters(target);
  if (deadLetters.length === 0) {
    const isKnown = target === undefined || forwarding.status().targets.some((each) => each.target === target);
    return [isKnown ? NO_LETTERS : noTarget(target)];
  }
  return formatTable(deadLetters, {
    id: ({ id }) => id,
    target: ({ target: to }) => to,
    type: ({ type }) => type ?? '(cannot be read)',
    attempts: ({ attempts }) => attempts,
    'given up': ({ diedAt }) => (diedAt === null ? null : `${formatDuration(clock.now() - diedAt)} ago`),
    reason: ({ reason }) => reason,
  });
}
