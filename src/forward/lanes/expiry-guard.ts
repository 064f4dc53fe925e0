import type { Clock } from '../../platform/clock.ts';
import type { Log } from '../../platform/log.ts';

/** Says whether events may be given up on for their age. */
export interface ExpiryGuard {
  /** @returns 0 when they may, otherwise the monotonic time from which they may again */
  forbiddenUntil(): number;
}

const JUMP_MS = 5 * 60_000;
const TRUCE_MS = 10 * 60_000;

/**
 * Ages across a restart come from the wall clock. When that jumps, whatever it said before is in doubt, and a machine
 * whose clock is set just after it booted must not lose a night's events to it.
 */
export function createExpiryGuard(clock: Clock, log: Log): ExpiryGuard {
  let offset = clock.now() - clock.monotonic();
  let until = 0;
  return {
    forbiddenUntil() {
      const now = clock.monotonic();
      const moved = clock.now() - now - offset;
      offset += moved;
      if (Math.abs(moved) > JUMP_MS) {
        until = now + TRUCE_MS;
        log.warn('The clock of this machine has jumped: no event is given up on for its age in the next ten minutes.', {
          minutes: Math.round(moved / 60_000),
        });
      }
      return now < until ? until : 0;
    },
  };
}
