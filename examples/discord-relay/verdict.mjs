/**
 * What becomes of a message after a request:
 * - `posted`: it is in the channel;
 * - `later`: it has to be sent again, not because anything failed: too many were sent;
 * - `failed`: it has to be sent again, since Discord is in trouble or out of reach;
 * - `refused`: it is never going to be taken;
 * - `gone`: no message is, since the webhook was deleted or its token is wrong.
 *
 * @typedef {object} Verdict
 * @property {'posted' | 'later' | 'failed' | 'refused' | 'gone'} kind
 * @property {number} quietMs for how long nothing may be sent
 * @property {string} reason
 */

/** Discord shuts out a sender that goes on for up to one hour. */
const LONGEST_QUIET_MS = 3_600_000;
/** When an answer asks for patience and does not say for how long. */
const QUIET_MS = 5_000;

/**
 * @param {number} status of Discord's answer
 * @param {Headers} headers
 * @param {string} text its body
 * @returns {Verdict}
 */
export function verdictOn(status, headers, text) {
  if (status >= 200 && status <= 299) {
    const isLast = headers.get('x-ratelimit-remaining') === '0';
    const quietMs = isLast ? quietOf(headers.get('x-ratelimit-reset-after'), QUIET_MS) : 0;
    return { kind: 'posted', quietMs, reason: '' };
  }
  const { retry_after: retryAfter, global, code } = parse(text);
  if (status === 429) {
    // The body has fractions of a second. What stands before Discord answers without such a body.
    const wanted = typeof retryAfter === 'number' ? retryAfter : headers.get('retry-after');
    const isGlobal = global === true || headers.get('x-ratelimit-global') === 'true';
    return { kind: 'later', quietMs: quietOf(wanted, QUIET_MS), reason: isGlobal ? 'global rate limit' : 'rate limit' };
  }
  if (status === 401 || status === 404) return { kind: 'gone', quietMs: 0, reason: `HTTP ${status}` };
  if (status >= 500) {
    return { kind: 'failed', quietMs: quietOf(headers.get('retry-after'), 0), reason: `HTTP ${status}` };
  }
  const reason = typeof code === 'number' ? `HTTP ${status}, code ${code}` : `HTTP ${status}`;
  return { kind: 'refused', quietMs: 0, reason };
}

/**
 * @param {string | number | null} seconds
 * @param {number} otherwise milliseconds
 */
function quietOf(seconds, otherwise) {
  const wanted = Number.parseFloat(String(seconds)) * 1_000;
  return wanted >= 0 ? Math.min(Math.ceil(wanted), LONGEST_QUIET_MS) : otherwise;
}

/** @param {string} text @returns {Record<string, unknown>} */
function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
