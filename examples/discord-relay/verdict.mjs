/**
 * The outcome of a request that posts a message:
 * - `posted`: the message is in the channel.
 * - `later`: a rate limit applies, and the message has to be sent again.
 * - `failed`: Discord has an error or cannot be reached, and the message has to be sent again.
 * - `refused`: Discord refuses this message for good.
 * - `gone`: the webhook was deleted or its token is wrong, so no message can be posted.
 *
 * @typedef {object} Verdict
 * @property {'posted' | 'later' | 'failed' | 'refused' | 'gone'} kind
 * @property {number} quietMs how long nothing may be sent, in milliseconds
 * @property {string} reason
 */

/** The longest wait that is obeyed. Discord blocks a sender that ignores rate limits for at most one hour. */
const LONGEST_QUIET_MS = 3_600_000;
/** The wait for a rate limit whose answer does not state a time. */
const QUIET_MS = 5_000;

/**
 * Reads the outcome from Discord's answer.
 *
 * @param {number} status
 * @param {Headers} headers
 * @param {string} text the body
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
    // The body is more precise than the header, but the proxy in front of Discord answers without a body.
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
 * Converts a wait to milliseconds.
 *
 * @param {string | number | null} seconds
 * @param {number} otherwise the result in milliseconds if `seconds` is no valid wait
 */
function quietOf(seconds, otherwise) {
  const wanted = Number.parseFloat(String(seconds)) * 1_000;
  return wanted >= 0 ? Math.min(Math.ceil(wanted), LONGEST_QUIET_MS) : otherwise;
}

/** Parses a JSON object. @param {string} text @returns {Record<string, unknown>} an empty object for any other text */
function parse(text) {
  try {
    const value = JSON.parse(text);
    return typeof value === 'object' && value !== null ? value : {};
  } catch {
    return {};
  }
}
