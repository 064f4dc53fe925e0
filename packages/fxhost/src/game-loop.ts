import { performance } from 'node:perf_hooks';

/** 20 Hz. */
const TICK_MS = 50;

/**
 * The server's main loop: ticks, and between them passes of the script runtimes' event loops.
 * @param manual no tick and no pass happens unasked
 */
export function createGameLoop(manual: boolean, onTick: (now: number) => void, onPass: () => void) {
  const started = performance.now();
  let now = 0;
  let pass: NodeJS.Timeout | null = null;
  let stopped = false;

  const once = () => {
    // A tick has its nominal time, so that a jitter of a millisecond does not decide whether a timer fires; one that
    // comes late by whole ticks skips them.
    now += TICK_MS;
    if (!manual) now += Math.max(0, Math.floor((performance.now() - started - now) / TICK_MS)) * TICK_MS;
    onTick(now);
  };
  const timer = manual ? null : setInterval(once, TICK_MS);

  return {
    /** Milliseconds since the loop was made, as scripts see them: advances by whole ticks. */
    tickTime: (): number => now,
    /** Asks for a pass about a millisecond from now. */
    requestPass(): void {
      if (manual || stopped || pass !== null) return;
      pass = setTimeout(() => {
        pass = null;
        onPass();
      }, 1);
    },
    tick(count: number): void {
      for (let index = 0; index < count && !stopped; index++) once();
    },
    stop(): void {
      stopped = true;
      if (timer) clearInterval(timer);
      if (pass) clearTimeout(pass);
    },
  };
}
