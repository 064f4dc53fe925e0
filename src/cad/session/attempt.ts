import type { Clock } from '../../platform/clock.ts';
import { reasonOf } from '../../text/reason-of.ts';
import { authenticate } from './authenticate.ts';
import type { Hub, OpenHub } from './hub.ts';
import type { SessionTarget } from './session-target.ts';

/** One try to hold a session, from connecting to its end. */
export interface Attempt {
  invoke(method: string, ...args: unknown[]): Promise<unknown>;
  /** Closes it at once; none of the callbacks is called afterwards. */
  end(): void;
}

export interface AttemptOptions {
  readonly target: SessionTarget;
  readonly negotiates: boolean;
  readonly loadHub: () => Promise<OpenHub>;
  readonly clock: Clock;
  /** The CAD knows us; events follow. @param missed how many came before that and were too many to keep */
  opened(missed: number): void;
  /** Gets what the CAD sends, only once it knows us. */
  received(payload: unknown): void;
  /** The CAD does not take us. @param words its own */
  refused(words: string): void;
  /** It has ended otherwise. @param hadStarted whether there was a connection to the hub */
  failed(reason: string, hadStarted: boolean): void;
  trace(line: string): void;
}

const CONNECT_MS = 15_000;
const AUTHENTICATE_MS = 10_000;
/** The first events may overtake the answer that we are authenticated. */
const MAX_EARLY = 1_000;

/** Connects and authenticates, each with a deadline. Of `refused` and `failed` one is called, once, unless it is ended before. */
export function beginAttempt(options: AttemptOptions): Attempt {
  const { target, clock } = options;
  const early: unknown[] = [];
  let missed = 0;
  let hub: Hub | null = null;
  let hadStarted = false;
  let isOpen = false;
  let ended = false;
  let cancelDeadline = clock.after(CONNECT_MS, () => fail('the CAD did not answer within 15 s'));

  function end(): void {
    ended = true;
    cancelDeadline();
    hub?.close();
  }

  function fail(reason: string): void {
    if (ended) return;
    end();
    options.failed(reason, hadStarted);
  }

  function received(payload: unknown): void {
    if (ended) return;
    if (isOpen) options.received(payload);
    else if (early.length < MAX_EARLY) early.push(payload);
    else missed += 1;
  }

  async function run(): Promise<void> {
    const openHub = await options.loadHub();
    if (ended) return;
    hub = openHub({
      url: target.url,
      negotiates: options.negotiates,
      received,
      lost: fail,
      trace: options.trace,
      clock,
    });
    await hub.start();
    if (ended) return;
    hadStarted = true;
    cancelDeadline();
    cancelDeadline = clock.after(AUTHENTICATE_MS, () => {
      // When the game stood still, the answer may lie there unread, and events behind it that the CAD sends only once.
      clock.soon(() => {
        if (!isOpen) fail('the CAD did not answer within 10 s who we are');
      });
    });
    const answer = await authenticate(hub, target);
    if (ended) return;
    cancelDeadline();
    if (!answer.accepted) {
      end();
      options.refused(answer.words);
      return;
    }
    isOpen = true;
    options.opened(missed);
    for (const payload of early.splice(0)) received(payload);
  }

  run().catch((error: unknown) => fail(reasonOf(error)));
  return {
    invoke: (method, ...args) =>
      hub === null ? Promise.reject(new Error('not connected')) : hub.invoke(method, ...args),
    end,
  };
}
