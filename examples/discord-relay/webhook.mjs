import { verdictOn } from './verdict.mjs';

const TIMEOUT_MS = 10_000;
/** Discord answers with the message, which is shorter. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Requests to one webhook. @param {URL} url the whole address, which is a secret */
export function createWebhook(url) {
  /**
   * @param {RequestInit} init
   * @param {AbortSignal} [ended]
   * @returns {Promise<import('./verdict.mjs').Verdict>} never rejects
   */
  async function ask(init, ended) {
    const timeout = AbortSignal.timeout(TIMEOUT_MS);
    const signal = ended === undefined ? timeout : AbortSignal.any([timeout, ended]);
    try {
      const response = await fetch(url, { ...init, redirect: 'manual', signal });
      return verdictOn(response.status, response.headers, await readStart(response));
    } catch (error) {
      return { kind: 'failed', quietMs: 0, reason: timeout.aborted ? 'no answer in time' : codeOf(error) };
    }
  }

  return {
    /** Asks whether there is such a webhook. */
    check: () => ask({ method: 'GET' }),
    /**
     * @param {string} body JSON
     * @param {AbortSignal} ended
     */
    post: (body, ended) => ask({ method: 'POST', body, headers: { 'content-type': 'application/json' } }, ended),
  };
}

/** @param {Response} response */
async function readStart(response) {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_ANSWER_BYTES) break;
  }
  return text;
}

/** What fetch itself says names no cause. @param {unknown} error */
function codeOf(error) {
  const { cause } = /** @type {{ cause?: { code?: string } }} */ (error);
  return cause?.code ?? 'no connection';
}
