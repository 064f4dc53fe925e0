import type { LinkStatus } from '../cad/create-cad-link.ts';
import type { Finding } from '../cad/registration/checks.ts';
import type { SessionStatus } from '../cad/session/session.ts';
import { formatDuration } from './format-duration.ts';

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
  lines.push(`registration: ${verdict?.line ?? 'not looked at yet'}`);
  const used = api.endpoints.map(({ endpoint, left, perMinute }) => `${endpoint} ${left} of ${perMinute}`);
  if (!api.enabled) lines.push('API: off');
  else lines.push(`API: ${used.length === 0 ? 'nothing asked yet' : `left this minute: ${used.join(', ')}`}`);
  if (api.waiting > 0) lines.push(`API: ${api.waiting} requests are waiting for their turn`);
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
