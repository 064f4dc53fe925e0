import type { PushEvent } from '../events/push-event.ts';
import type { Clock } from '../lib/clock.ts';
import type { ConsoleLog } from '../lib/log.ts';
import type { ListenArguments } from './arguments.ts';
import { createEventFormatter, createTerminalLog, LineWriter, wantsColours } from './output.ts';

/** The error code of an output whose reader has ended, such as `head`. That is no failure. */
export const READER_GONE = 'EPIPE';

/** The program's outputs: events on the standard output, and the log on the standard error. */
export class Terminal {
  readonly log: ConsoleLog;
  /** Resolves with the error code once events cannot be printed any more. */
  readonly ended: Promise<string>;
  readonly #writer: LineWriter;
  readonly #formatEvent: (event: PushEvent) => string;

  /** @param mask removes keys and secrets from a text of the log */
  constructor({ json, noColour }: ListenArguments, mask: (text: string) => string, clock: Clock) {
    const { env, stdout, stderr } = process;
    this.log = createTerminalLog(stderr, wantsColours(stderr, env, noColour), clock, mask);
    this.#formatEvent = createEventFormatter(json, wantsColours(stdout, env, noColour), stdout);

    const ended = Promise.withResolvers<string>();
    this.ended = ended.promise;
    this.#writer = new LineWriter(stdout, {
      clock,
      onEnd: (code) => {
        if (code !== READER_GONE) this.log.error('Events cannot be printed any more; the program stops.', { code });
        ended.resolve(code);
      },
      onDropped: (lines) =>
        this.log.coalesce({}).warn('Some events were not printed: the reader of the output is too slow.', { lines }),
    });
  }

  print(event: PushEvent): void {
    this.#writer.write(this.#formatEvent(event));
  }

  /** Waits until all events are printed, but at most 30 s. @returns whether every event was printed */
  flush(): Promise<boolean> {
    return this.#writer.flush();
  }
}

/** The operator's requests to stop the program, by SIGINT, SIGTERM or SIGHUP. */
interface StopSignals {
  /** Resolves at the first signal, which asks for a graceful shutdown. */
  readonly requested: Promise<void>;
  /** Resolves with false at the second signal, which asks to stop at once. */
  readonly forced: Promise<false>;
}

/** Starts to listen for signals that stop the program. */
export function watchStopSignals(): StopSignals {
  const requested = Promise.withResolvers<void>();
  const forced = Promise.withResolvers<false>();
  let isRequested = false;
  const onSignal = () => {
    if (isRequested) forced.resolve(false);
    isRequested = true;
    requested.resolve();
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, onSignal);
  return { requested: requested.promise, forced: forced.promise };
}
