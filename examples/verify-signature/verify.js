import { createHmac, timingSafeEqual } from 'node:crypto';

/**
 * Checks that a request has a Standard Webhooks signature of the secret, at most 5 minutes old.
 *
 * @param {Record<string, string | undefined>} headers names in lower case, as node:http gives them
 * @param {Buffer} rawBody the bytes as received, not parsed and serialised again
 * @param {string} secret the secret of the target, which begins with whsec_
 */
export function isGenuine(headers, rawBody, secret) {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers;
  // Older requests are refused, so that a recorded request cannot be sent again later.
  if (!(Math.abs(Date.now() / 1000 - Number(timestamp)) < 300)) return false;
  const key = Buffer.from(secret.replace(/^whsec_/, ''), 'base64');
  const digest = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(rawBody).digest('base64');
  const expected = Buffer.from(`v1,${digest}`);
  // The header has several signatures while the secret is being changed.
  return signatures.split(' ').some((signature) => {
    const given = Buffer.from(signature);
    return given.length === expected.length && timingSafeEqual(given, expected);
  });
}
