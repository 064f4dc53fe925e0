/** For an answer 5xx: the target runs, and something in it fails. */
export const SERVER_ERROR_ADVICE = "see that server's own log";

const NO_ANSWER = 'see whether that server runs, and the firewalls in between';
const NO_NAME = 'there is no host of that name: correct the URL';

const ADVICE = new Map([
  ['ECONNREFUSED', 'nothing listens at that address and port: start the web server, or correct the URL'],
  ['ENOTFOUND', NO_NAME],
  ['ENODATA', NO_NAME],
  ['EAI_AGAIN', 'the name could not be looked up: see the DNS server of this machine'],
  ['timeout', NO_ANSWER],
  ['ETIMEDOUT', NO_ANSWER],
  ['EHOSTUNREACH', NO_ANSWER],
  ['ENETUNREACH', NO_ANSWER],
  ['ECONNRESET', `it breaks connections off: ${SERVER_ERROR_ADVICE}`],
  ['EPROTO', 'it does not speak https there: correct the URL'],
]);

/**
 * @param code of the failure, as Node names it, or `timeout`
 * @returns what may help; null when nobody knows
 */
export function failureAdvice(code: string): string | null {
  return ADVICE.get(code) ?? null;
}
