import { setTimeout as sleep } from 'node:timers/promises';

/** @typedef {{ readonly body: string, readonly since: number }} Waiting a message, and when it came */

const FIRST_WAIT_MS = 1_000;
const LONGEST_WAIT_MS = 60_000;

/**
 * Posts messages one after the other, at the pace that Discord asks for. While Discord is out of reach they wait: a message
 * that gets too old, and the oldest when there are too many, are left out.
 *
 * @param {object} options
 * @param {ReturnType<typeof import('./webhook.mjs').createWebhook>} options.webhook
 * @param {number} options.queueLength most messages that wait
 * @param {number} options.giveUpAfterMs age from which on a message is not sent any more
 * @param {(line: string) => void} options.say
 * @param {(reason: string) => void} options.gone called once, when no message can be posted ever again
 */
export function createChannel({ webhook, queueLength, giveUpAfterMs, say, gone }) {
  /** @type {Waiting[]} */
  const queue = [];
  const over = new AbortController();
  /** @type {Promise<void> | null} */
  let running = null;
  /** Before this moment nothing is sent: every limit of Discord, global or not, holds for the one webhook there is. */
  let quietUntil = 0;
  let isFailing = false;
  let leftOut = 0;
  /** The one that is being sent. @type {Waiting | null} */
  let inHand = null;

  async function run() {
    while (!over.signal.aborted) {
      inHand = queue.shift() ?? null;
      if (inHand === null) break;
      if (await deliver(inHand)) inHand = null;
    }
    running = null;
  }

  /** @param {Waiting} message @returns {Promise<boolean>} whether nothing more is to be done for it */
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

  /** Messages that are not posted yet. */
  const waiting = () => queue.length + (inHand === null ? 0 : 1);

  return {
    /** @param {string} body JSON */
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
     * Waits until all is posted.
     *
     * @param {Promise<unknown>} last settles when no more messages come
     * @param {number} withinMs
     * @returns {Promise<number>} how many messages are left when it has to end before that
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
