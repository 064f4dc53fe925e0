import type { LinkStatus } from '../cad/cad-link.ts';
import type { SessionStatus } from '../cad/session/session.ts';
import type { Finding } from '../lib/finding.ts';
import { formatDuration } from './console-text.ts';

/** Describes the link to the CAD for the operator: session, registration, API and resync, a line each. */
export function describeLink({ session, verdict, api, healing }: LinkStatus, now: number): string[] {
  const lines = [`transport: ${reportSession(session).text}`];
  if (session.state === 'open') lines.push(`session: open for ${formatDuration(now - session.since)}`);
  lines.push(`registration: ${verdict?.line ?? 'not checked yet'}`);
  lines.push(...describeApi(api, now));
  for (const [what, { lastMs, failure }] of Object.entries(healing)) {
    if (lastMs !== null) lines.push(`${what}: compared with the CAD's ${formatDuration(lastMs)} ago`);
    if (failure !== null) lines.push(`${what}: could not be compared with the CAD's: ${failure}`);
  }
  return lines;
}

/** Reports by which transports events come in, and why not by the session. */
export function reportSession({ state, why, nextAttemptInMs }: SessionStatus): Finding {
  switch (state) {
    case 'open':
      return { ok: true, text: 'Events come in over the session with the CAD, and by HTTP.' };
    case 'connecting':
      return { ok: null, text: 'Events come in by HTTP; the session with the CAD is being opened.' };
    case 'off':
      return { ok: true, text: `Events come in by HTTP only. ${why ?? ''}`.trimEnd() };
    case 'waiting': {
      const retry = `The session is tried again in ${formatDuration(nextAttemptInMs ?? 0)}.`;
      return { ok: false, text: `Events come in by HTTP only. ${why ?? ''} ${retry}` };
    }
  }
}

function describeApi(api: LinkStatus['api'], now: number): string[] {
  const budgets = api.endpoints.map(({ endpoint, left, perMinute }) => `${endpoint} ${left} of ${perMinute}`);
  const lines: string[] = [];
  if (!api.enabled) lines.push('API: off');
  else if (budgets.length === 0) lines.push('API: nothing asked yet');
  else lines.push(`API: left this minute: ${budgets.join(', ')}`);

  if (api.waiting > 0) lines.push(`API: requests waiting for their turn: ${api.waiting}`);
  lines.push(...describeLastFailure(api, now));
  return lines;
}

function describeLastFailure({ lastFailure }: LinkStatus['api'], now: number): string[] {
  if (lastFailure === null) return [];
  const { endpoint, at, error } = lastFailure;
  const trace = error.traceId === null ? '' : ` (trace id ${error.traceId})`;
  return [`API: the last failure, ${formatDuration(now - at)} ago: ${endpoint}: ${error.message}${trace}`];
}
