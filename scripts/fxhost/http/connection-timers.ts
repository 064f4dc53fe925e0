import { clearTimeout, setTimeout } from 'node:timers';

/** Milliseconds, read anew whenever a timer starts. */
export interface TimeoutSettings {
  idle(): number;
  handler(): number;
}

export interface ConnectionTimers {
  read(): void;
  headParsed(): void;
  wrote(): void;
  stop(): void;
}

// Armed by the first write and never stopped: a request on a reused connection has no more than this.
const SINCE_LAST_WRITE = 30_000;

/**
 * Decides when a connection is closed for silence, as FXServer does: the long time that a handler gets begins when the
 * head has been read and is lost again with the next segment or write.
 */
export function createConnectionTimers(settings: TimeoutSettings, expired: () => void): ConnectionTimers {
  const activity = createRestartable(expired);
  const writing = createRestartable(expired);

  return {
    read: () => activity.start(settings.idle()),
    headParsed: () => activity.start(settings.handler()),
    wrote() {
      activity.start(settings.idle());
      writing.start(SINCE_LAST_WRITE);
    },
    stop() {
      activity.stop();
      writing.stop();
    },
  };
}

function createRestartable(expired: () => void) {
  let timer: NodeJS.Timeout | null = null;
  let duration = 0;
  const stop = () => {
    if (timer) clearTimeout(timer);
    timer = null;
  };

  return {
    stop,
    start(milliseconds: number) {
      if (timer && milliseconds === duration) {
        timer.refresh();
        return;
      }
      stop();
      duration = milliseconds;
      timer = setTimeout(expired, milliseconds);
    },
  };
}
