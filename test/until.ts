import { setTimeout as sleep } from 'node:timers/promises';

/** Much longer than anything takes on a busy machine, and shorter than Jest's own limit, so that the message says what is missing. */
const DEADLINE_MS = 60_000;

/**
 * Waits for something that comes by itself.
 *
 * @param reached is asked every few milliseconds, the longer it takes the more seldom: asking takes time from what is waited for
 * @throws after a minute, with the condition in its message
 */
export async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  const began = performance.now();
  while (!(await reached())) {
    const waited = performance.now() - began;
    if (waited > DEADLINE_MS) throw new Error(`This did not come about within a minute: ${reached}`);
    await sleep(Math.min(20, 2 + waited / 10));
  }
}
