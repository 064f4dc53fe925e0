import type { PushEvent } from '../events/push-event.ts';
import type { Log } from '../lib/log.ts';
import { printableJson } from '../lib/text.ts';
import { type CommandOptions, runCommand } from './run-command.ts';

/** Beside the one for which the command runs. */
const MAX_WAITING = 1_000;
/** Of text: the largest events are a thousand times the usual size. */
const MAX_WAITING_LENGTH = 128 * 1024 * 1024;

/** Runs a command for each event, one at a time, in their order. */
export function createExecQueue({ log, ...options }: CommandOptions & { readonly log: Log }) {
  const waiting: { readonly id: string; readonly type: string; readonly input: string }[] = [];
  let waitingLength = 0;
  let dropped = 0;
  let kill: (() => void) | null = null;
  let isAbandoned = false;
  const onIdle: (() => void)[] = [];

  function next(): void {
    const entry = waiting.shift();
    if (entry === undefined) {
      for (const resolve of onIdle.splice(0)) resolve();
      return;
    }
    waitingLength -= entry.input.length;
    const { id, type, input } = entry;
    kill = runCommand(options, input, (fault) => {
      kill = null;
      if (isAbandoned) return;
      if (fault !== null) log.warn(`The command of --exec ${fault}.`, { type, id });
      next();
    });
  }

  return {
    /** Queues an event, or drops it with a line when 1,000 wait already. */
    push(event: PushEvent): void {
      if (isAbandoned) return;
      const { id, type } = event;
      const input = `${printableJson(event)}\n`;
      if (waiting.length >= MAX_WAITING || waitingLength + input.length > MAX_WAITING_LENGTH) {
        dropped += 1;
        log.error('Too many events wait for the command of --exec: this one was dropped.', { type, id, dropped });
        return;
      }
      waiting.push({ id, type, input });
      waitingLength += input.length;
      if (kill === null) next();
    },
    /** @returns when the command has run for all events, or they were abandoned */
    idle(): Promise<void> {
      if (kill === null && waiting.length === 0) return Promise.resolve();
      return new Promise((resolve) => onIdle.push(resolve));
    },
    /** Kills the command that runs and drops what waits. @returns for how many events it has not run to its end */
    abandon(): number {
      if (isAbandoned) return 0;
      const left = waiting.length + (kill === null ? 0 : 1);
      isAbandoned = true;
      waiting.length = 0;
      kill?.();
      for (const resolve of onIdle.splice(0)) resolve();
      return left;
    },
  };
}
