import type { Clock } from '../../platform/clock.ts';

/** Waits that end at once when the resource stops. */
export interface Pauses {
  /** @returns false when it was stopped meanwhile */
  wait(milliseconds: number): Promise<boolean>;
  isStopped(): boolean;
  stop(): void;
}

export function createPauses(clock: Clock): Pauses {
  const waiting = new Set<() => void>();
  let stopped = false;
  return {
    wait(milliseconds) {
      if (stopped) return Promise.resolve(false);
      return new Promise((resolve) => {
        const end = () => {
          callOff();
          waiting.delete(end);
          resolve(!stopped);
        };
        const callOff = clock.after(milliseconds, end);
        waiting.add(end);
      });
    },
    isStopped: () => stopped,
    stop() {
      stopped = true;
      for (const end of [...waiting]) end();
    },
  };
}
