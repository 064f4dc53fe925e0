import { setTimeout as sleep } from 'node:timers/promises';

/** Much longer than anything takes on a busy machine, and shorter than Jest's own limit, so that the message says what is missing. */
const DEADLINE_MS = 60_000;

/**
 * Waits for something that comes by itself.
 *
 * @param reached is asked every few milliseconds
 * @throws after a minute, with the condition in its message
 */
export async function until(reached: () => boolean | Promise<boolean>): Promise<void> {
  const deadline = performance.now() + DEADLINE_MS;
  while (!(await reached())) {
    if (performance.now() > deadline) throw new Error(`This did not come about within a minute: ${reached}`);
    await sleep(2);
  }
}
