import { signal, useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';
import type { About } from '../api-types.ts';
import { Api, type ApiFailure, pause } from './api.ts';
import { LiveEvents } from './live/live-events.ts';

/** Why there is no session: the page was opened without a token, or the token is not good any more. */
export const closed = signal<'no token' | 'over'>('no token');
/** What the page knows while it has a good token. When that ends, all of it is gone. */
export const session = signal<Session | null>(null);

/** 32 bytes in base64url, or as long. */
const TOKEN = /^#([\w-]{32,128})$/;

/** When the server does not answer. */
const AGAIN_MS = 5_000;

/** Takes the token out of the address, so that neither the history nor a picture of the screen has it. */
export function takeToken(): void {
  const token = TOKEN.exec(location.hash)?.[1];
  if (token === undefined) return;
  history.replaceState(null, '', location.pathname + location.search);
  session.value?.end();
  session.value = new Session(token, location.pathname);
}

/** One token, and what the page learns with it. */
export class Session {
  readonly about = signal<About | null>(null);
  readonly api: Api;
  readonly live: LiveEvents;
  #hasEnded = false;

  constructor(token: string, path: string) {
    this.api = new Api(token, path, () => this.#over());
    this.live = new LiveEvents(this.api, () => this.#over());
    void this.#learn();
  }

  end(): void {
    this.#hasEnded = true;
    this.live.stop();
  }

  /** What is wrong when it takes long, the list of events tells. */
  async #learn(): Promise<void> {
    while (!this.#hasEnded && this.about.peek() === null) {
      try {
        this.about.value = await this.api.ask<About>('about');
      } catch {
        await pause(AGAIN_MS);
      }
    }
  }

  #over(): void {
    this.end();
    if (session.peek() !== this) return;
    closed.value = 'over';
    session.value = null;
  }
}

/**
 * Asks again and again while the component is shown and the page can be seen, never twice at the same time.
 *
 * @param ask must be the same question each time
 * @returns the latest answer, why the last question got none, and what asks now
 */
export function usePolled<Answer>(ask: () => Promise<Answer>, everyMs: number) {
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
