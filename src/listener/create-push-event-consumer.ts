import { clearInterval, setInterval } from 'node:timers';
import type { Clock } from '../lib/clock.ts';
import { readConsumerOptions } from './consumer-options.ts';
import { createHandlers, handlerMethods } from './handlers.ts';
import type { PushEventConsumer, PushEventConsumerOptions } from './push-event-consumer.ts';
import { StreamWorker, USUAL_TIMING } from './stream-worker.ts';

/** Of the timer that keeps the program running while the broker is waited for. */
const ALIVE_MS = 2 ** 30;

/**
 * Makes a worker over a clock of the caller's.
 *
 * @param warn takes the lines that no option takes
 * @throws a TypeError that says which option is not as expected
 */
export function createConsumer(
  options: PushEventConsumerOptions,
  clock: Clock,
  warn: (line: string) => void,
  timing = USUAL_TIMING,
): PushEventConsumer {
  const settings = readConsumerOptions(options);
  const say = options.warn ?? warn;
  const handlers = createHandlers(clock, say);
  const consumer: PushEventConsumer = {
    ...handlerMethods(handlers, () => consumer),
    async start() {
      const worker = new StreamWorker({ settings, handlers, clock, timing, warn: say });
      const alive = setInterval(() => {}, ALIVE_MS);
      const close = () => worker.close().finally(() => clearInterval(alive));
      try {
        await worker.start();
      } catch (error) {
        await close();
        throw error;
      }
      let closed: Promise<void> | null = null;
      return {
        close() {
          closed ??= close();
          return closed;
        },
      };
    },
  };
  return consumer;
}
