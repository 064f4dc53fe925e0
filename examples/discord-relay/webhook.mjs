import { verdictOn } from './verdict.mjs';

const TIMEOUT_MS = 10_000;
/** The part of an answer that is read. Discord's answer contains the message and is shorter. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** Creates a client for one webhook. @param {URL} url the whole address, which is a secret */
export function createWebhook(url) {
  /**
   * Sends one request with a timeout.
   *
   * @param {RequestInit} init
   * @param {AbortSignal} [ended] aborts the request
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
    /** Checks whether the webhook exists. */
    check: () => ask({ method: 'GET' }),
    /**
     * Posts a message.
     *
     * @param {string} body JSON
     * @param {AbortSignal} ended aborts the request
     */
    post: (body, ended) => ask({ method: 'POST', body, headers: { 'content-type': 'application/json' } }, ended),
  };
}

/** Reads the first 64 KiB of an answer. @param {Response} response */
async function readStart(response) {
  let text = '';
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > MAX_ANSWER_BYTES) break;
  }
  return text;
}

/**
 * Reads the error code from the cause of an error of `fetch`, whose own message is only "fetch failed".
 *
 * @param {unknown} error
 */
function codeOf(error) {
  const { cause } = /** @type {{ cause?: { code?: string } }} */ (error);
  return cause?.code ?? 'no connection';
}
