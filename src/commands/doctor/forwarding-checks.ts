import type { Forwarding } from '../../forward/create-forwarding.ts';
import type { Finding } from '../../lib/finding.ts';
import { counted } from '../subcommand.ts';

type Target = ReturnType<Forwarding['status']>['targets'][number];

/** How a target is doing, as its deliveries show. */
export type TargetReport = Pick<
  Target,
  'target' | 'reason' | 'advice' | 'reached' | 'refusals' | 'queued' | 'deadLetters'
> & { readonly counts: Pick<Target['counts'], 'delivered'> };

/** @param command the name of the operator's command. @returns what its deliveries show of each: nothing is sent */
export function checkTargets(targets: readonly TargetReport[], command: string): Finding[] {
  return targets.flatMap((report) => [checkTarget(report, command), ...checkDeadLetters(report, command)]);
}

function checkTarget(
  { target, reason, advice, reached, refusals, queued, deadLetters, counts }: TargetReport,
  command: string,
): Finding {
  if (reason !== null)
    return { ok: false, text: `Events are not delivered to ${target}: ${reason}.`, ...(advice && { fix: advice }) };
  if (refusals !== null && deadLetters > 0) {
    return {
      ok: false,
      text: `${target} refused ${events(refusals.count)} (${refusals.reason}).`,
      fix: `see that server's own log; "${command} forward replay all ${target}" sends them again`,
    };
  }
  if (reached && counts.delivered > 0) return { ok: true, text: `Events are forwarded to ${target}.` };
  if (reached)
    return { ok: null, text: `${target} answers, and has taken none of the events that were sent to it so far.` };
  if (queued > 0) {
    return {
      ok: null,
      text: `${events(queued)} ${queued === 1 ? 'waits' : 'wait'} to be sent to ${target}; it has not answered yet.`,
    };
  }
  // What came before a change of the target says nothing of it as it is now.
  const since = counts.delivered === 0 ? 'yet' : 'since its settings were changed';
  return { ok: null, text: `Nothing was sent to ${target} ${since}, so it is not known whether it can be reached.` };
}

function checkDeadLetters({ target, refusals, deadLetters }: TargetReport, command: string): Finding[] {
  if (deadLetters === 0 || refusals !== null) return [];
  return [
    {
      ok: null,
      text: `${events(deadLetters)} for ${target} ${deadLetters === 1 ? 'was' : 'were'} given up on, and kept.`,
      fix: `see "${command} forward list ${target}"; "${command} forward replay all ${target}" sends them again`,
    },
  ];
}

const events = (count: number): string => counted(count, 'event');
