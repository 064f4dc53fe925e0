import { type Signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { ApiFailure } from '../api.ts';

/** The latest answer to a question that is asked again and again. */
export interface Polled<Answer> {
  readonly answer: Signal<Answer | null>;
  /** Why the last question got none. */
  readonly failure: Signal<string | null>;
  /** Asks now. */
  readonly refresh: () => Promise<void>;
}

/**
 * Asks while the component is shown and the page can be seen, never twice at the same time.
 *
 * @param ask must be the same question each time
 */
export function usePolled<Answer>(ask: () => Promise<Answer>, everyMs: number): Polled<Answer> {
  const answer = useSignal<Answer | null>(null);
  const failure = useSignal<string | null>(null);
  const asking = useSignal<Promise<void> | null>(null);

  const refresh = (): Promise<void> => {
    asking.value ??= ask()
      .then(
        (got) => {
          answer.value = got;
          failure.value = null;
        },
        (error: ApiFailure) => {
          failure.value = error.message;
        },
      )
      .finally(() => {
        asking.value = null;
      });
    return asking.value;
  };

  useEffect(() => {
    const askIfSeen = () => void (document.hidden || refresh());
    askIfSeen();
    const timer = setInterval(askIfSeen, everyMs);
    document.addEventListener('visibilitychange', askIfSeen);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', askIfSeen);
    };
  }, []);

  return { answer, failure, refresh };
}
