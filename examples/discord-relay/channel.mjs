import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {{ readonly body: string, readonly since: number }} Waiting a waiting message, and its time of arrival */

/** Wait before the second attempt. It doubles with each further attempt, up to LONGEST_WAIT_MS. */
const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Creates a queue that posts messages to Discord one after the other, within Discord's rate limits. Messages wait while
 * Discord cannot be reached. A message that becomes too old is dropped, and so is the oldest one if the queue is full.
 *
 * @param {object} options
 * @param {ReturnType<typeof import('./webhook.mjs').createWebhook>} options.webhook
 * @param {number} options.queueLength the most messages that can wait
 * @param {number} options.giveUpAfterMs the age at which a waiting message is dropped
 * @param {(line: string) => void} options.say prints one line for the operator
 * @param {(reason: string) => void} options.gone called once, when Discord says that the webhook does not exist
 */
export function createChannel({ webhook, queueLength, giveUpAfterMs, say, gone }) {
  /** @type {Waiting[]} */
  const queue = [];
  const over = new AbortController();
  /** @type {Promise<void> | null} */
  let running = null;
  /** Nothing is sent before this time. The relay has one webhook, so every rate limit, global or not, applies to it. */
  let quietUntil = 0;
  let isFailing = false;
  let leftOut = 0;
  /** The message that is being sent. @type {Waiting | null} */
  let inHand = null;

  async function run() {
    while (!over.signal.aborted) {
      inHand = queue.shift() ?? null;
      if (inHand === null) break;
      if (await deliver(inHand)) inHand = null;
    }
    running = null;
  }

  /**
   * Sends a message until it is posted or dropped.
   *
   * @param {Waiting} message
   * @returns {Promise<boolean>} whether the message is posted or dropped
   */
  async function deliver({ body, since }) {
    for (let failures = 0; ; ) {
      await quiet();
      if (over.signal.aborted) return false;
      if (performance.now() - since > giveUpAfterMs) return leaveOut();
      const { kind, quietMs, reason } = await webhook.post(body, over.signal);
      quietUntil = performance.now() + quietMs;
      if (kind === 'posted') return posted();
      if (over.signal.aborted) return false;
      if (kind === 'refused') {
        say(`Discord refused a message (${reason}); it is left out.`);
        return true;
      }
      if (kind === 'gone') {
        over.abort();
        gone(reason);
        return false;
      }
      if (kind === 'later') {
        if (reason.startsWith('global')) say(`Discord asks for ${Math.ceil(quietMs / 1_000)} s of quiet (${reason}).`);
        continue;
      }
      quietUntil = performance.now() + Math.max(quietMs, Math.min(FIRST_WAIT_MS * 2 ** failures, LONGEST_WAIT_MS));
      failures += 1;
      if (!isFailing) say(`Discord takes no messages (${reason}): trying again.`);
      isFailing = true;
    }
  }

  async function quiet() {
    while (!over.signal.aborted) {
      const ms = quietUntil - performance.now();
      if (ms <= 0) return;
      await sleep(ms, undefined, { signal: over.signal }).catch(() => undefined);
    }
  }

  function posted() {
    if (isFailing || leftOut > 0) say(`Discord takes messages again; ${leftOut} were left out.`);
    isFailing = false;
    leftOut = 0;
    return true;
  }

  function leaveOut() {
    if (leftOut === 0) say('Messages are left out: they are too old, or too many wait.');
    leftOut += 1;
    return true;
  }

  /** Counts the messages that are not posted yet. */
  const waiting = () => queue.length + (inHand === null ? 0 : 1);

  return {
    /** Queues a message. @param {string} body JSON */
    post(body) {
      if (over.signal.aborted) return;
      if (queue.length >= queueLength) {
        queue.shift();
        leaveOut();
      }
      queue.push({ body, since: performance.now() });
      running ??= run();
    },
    waiting,
    /**
     * Waits until all messages are posted, or the time is over.
     *
     * @param {Promise<unknown>} last resolves when no further message can arrive
     * @param {number} withinMs
     * @returns {Promise<number>} how many messages were not posted
     */
    async finish(last, withinMs) {
      const deadline = sleep(withinMs, undefined, { signal: over.signal }).catch(() => undefined);
      const idle = last.then(() => running);
      await Promise.race([deadline, idle]);
      over.abort();
      await running;
      return waiting();
    },
  };
}
