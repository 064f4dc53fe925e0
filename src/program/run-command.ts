import { type ChildProcess, spawn } from 'node:child_process';
import { fstatSync } from 'node:fs';
import type { Readable, Writable } from 'node:stream';
import { createKeyRing } from '../events/api-keys.ts';
import type { PushEvent } from '../events/push-event.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { errorCodeOf, printableJson } from '../lib/text.ts';
import { KEY_VARIABLE } from './settings.ts';

/**
 * Creates the environment of a command: the program's, without variables that contain a key or secret. The command may
 * be a script of a third party.
 *
 * @param secrets keys, which are compared case-insensitively as the listener does, and other secrets
 */
export function createChildEnvironment(env: NodeJS.ProcessEnv, secrets: readonly string[]): Record<string, string> {
  const keys = createKeyRing(secrets);
  const childEnvironment: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    // Names of variables are case-insensitive on Windows.
    if (value === undefined || name.toUpperCase() === KEY_VARIABLE) continue;
    if (keys.mask(value) === value) childEnvironment[name] = value;
  }
  return childEnvironment;
}

interface CommandOptions {
  /** A command line for the system's shell. */
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
}

/** Maximum run time of a command. After it, the command and its child processes get SIGTERM. */
const COMMAND_TIMEOUT_MS = 30_000;
/** Time from SIGTERM to SIGKILL. */
const KILL_GRACE_MS = 5_000;
/** Maximum wait for a command's last output after its exit. A background process can hold the output open forever. */
const LAST_OUTPUT_TIMEOUT_MS = 1_000;

/** Errors of the standard input that are no failure: the command closed it, or ended, without reading everything. */
const IGNORED_INPUT_ERRORS: ReadonlySet<string> = new Set([
  'EPIPE',
  'ECONNRESET',
  'EOF',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/**
 * Runs a command once.
 *
 * @param input written to the command's standard input, which the command may ignore
 * @param done called once, after the command has ended, with the reason of its failure, or null if it succeeded
 * @returns a function that kills the command
 */
export function runCommand(
  { command, env, clock }: CommandOptions,
  input: string,
  done: (fault: string | null) => void,
): () => void {
  const started = startShell(command, env);
  if (typeof started === 'string') {
    clock.soon(() => done(describeStartFailure(started)));
    return () => {};
  }
  const child = started;
  let isTimedOut = false;
  let isSettled = false;
  let inputFault: string | null = null;
  let cancelKill = () => {};
  let cancelOutputTimeout = () => {};
  const cancelTimeout = clock.after(COMMAND_TIMEOUT_MS, () => {
    isTimedOut = true;
    endProcessTree(child, 'SIGTERM');
    cancelKill = clock.after(KILL_GRACE_MS, () => endProcessTree(child, 'SIGKILL'));
  });

  function settle(fault: string | null): void {
    if (isSettled) return;
    isSettled = true;
    cancelTimeout();
    cancelKill();
    cancelOutputTimeout();
    // The streams are missing if the process could not be created.
    child.stdin?.destroy();
    child.stdout?.destroy();
    child.stderr?.destroy();
    done(fault);
  }

  function onExit(code: number | null, signal: NodeJS.Signals | null): void {
    cancelTimeout();
    cancelKill();
    // The shell may end before its child processes, and the next command must run alone.
    if (isTimedOut) endProcessTree(child, 'SIGKILL');
    const fault = describeExit(code, signal);
    child.once('close', () => settle(fault));
    cancelOutputTimeout = clock.after(LAST_OUTPUT_TIMEOUT_MS, () => settle(fault));
  }

  function describeExit(code: number | null, signal: NodeJS.Signals | null): string | null {
    if (isTimedOut) return `stopped after ${COMMAND_TIMEOUT_MS / 1_000} s`;
    if (signal !== null) return `ended by ${signal}`;
    return code === 0 ? inputFault : `exit code ${code}`;
  }

  relayOutput(child.stdout, process.stdout);
  relayOutput(child.stderr, process.stderr);
  child.on('error', (error) => settle(describeStartFailure(errorCodeOf(error))));
  child.on('exit', onExit);
  child.stdin?.on('error', (error) => {
    const code = errorCodeOf(error);
    if (!IGNORED_INPUT_ERRORS.has(code)) inputFault = `the event could not be written to its standard input (${code})`;
  });
  child.stdin?.end(input);
  return () => endProcessTree(child, 'SIGKILL');
}

function describeStartFailure(code: string): string {
  return `could not be started (${code})`;
}

/** @returns the shell's process, or the error code if the shell could not be started */
function startShell(command: string, env: CommandOptions['env']): ChildProcess | string {
  try {
    return spawn(command, {
      shell: true,
      env,
      stdio: ['pipe', chooseOutput(1), chooseOutput(2)],
      // The shell leads its own process group: its child processes can be ended with it, and Ctrl+C does not reach it.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
  } catch (error) {
    return errorCodeOf(error);
  }
}

/**
 * Chooses how a command gets one of the program's outputs. Terminals and files are inherited. An inherited pipe would
 * become blocking for the program as well, so that a slow reader would stall all requests; its output is relayed
 * instead.
 *
 * @param descriptor 1 for the standard output, 2 for the standard error
 */
function chooseOutput(descriptor: 1 | 2): 'inherit' | 'pipe' {
  const stats = fstatSync(descriptor);
  return stats.isFIFO() || stats.isSocket() ? 'pipe' : 'inherit';
}

/** Copies a command's output with back-pressure: the command is paused while the reader is slow. */
function relayOutput(from: Readable | null, to: Writable): void {
  from?.on('data', (chunk: Buffer) => {
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  from?.on('error', () => {});
}

/** Ends a shell, which leads its own process group, and all processes that it has started. */
function endProcessTree(child: ChildProcess, signal: 'SIGTERM' | 'SIGKILL'): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    // Windows has no process groups: killing the shell alone would leave its child processes running.
    const taskkill = spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true });
    taskkill.on('error', () => child.kill());
    return;
  }
  try {
    process.kill(-pid, signal);
  } catch {
    // The whole group has ended already.
  }
}

/** Upper bound for events that wait for the command. Beyond it, new events are dropped for the command. */
const MAX_WAITING_EVENTS = 1_000;
/** Upper bound for the text of waiting events, because 1,000 events of maximum size would fill the memory. */
const MAX_WAITING_CHARACTERS = 128 * 1024 * 1024;

interface WaitingEvent {
  readonly id: string;
  readonly type: string;
  readonly input: string;
}

/** Runs the command of `--exec` for each event: one at a time, in the order of the events. */
export class ExecQueue {
  readonly #options: CommandOptions & { readonly log: Log };
  readonly #waiting: WaitingEvent[] = [];
  readonly #idleCallbacks: (() => void)[] = [];
  #waitingCharacters = 0;
  #droppedCount = 0;
  /** Kills the running command; null if none is running. */
  #killRunning: (() => void) | null = null;
  #isAbandoned = false;

  constructor(options: CommandOptions & { readonly log: Log }) {
    this.#options = options;
  }

  /** Queues an event, or drops it and logs an error if too many events wait already. */
  push(event: PushEvent): void {
    if (this.#isAbandoned) return;
    const { id, type } = event;
    const input = `${printableJson(event)}\n`;
    const isFull =
      this.#waiting.length >= MAX_WAITING_EVENTS || this.#waitingCharacters + input.length > MAX_WAITING_CHARACTERS;
    if (isFull) {
      this.#droppedCount += 1;
      const lines = this.#options.log.coalesce({});
      const details = { type, id, dropped: this.#droppedCount };
      lines.error(
        'Event dropped: too many events wait for the command of --exec (limit: 1,000 events or 128 MiB).',
        details,
      );
      return;
    }
    this.#waiting.push({ id, type, input });
    this.#waitingCharacters += input.length;
    if (this.#killRunning === null) this.#runNext();
  }

  #runNext(): void {
    const event = this.#waiting.shift();
    if (event === undefined) {
      this.#resolveIdle();
      return;
    }
    const { id, type, input } = event;
    this.#waitingCharacters -= input.length;
    this.#killRunning = runCommand(this.#options, input, (fault) => {
      this.#killRunning = null;
      if (this.#isAbandoned) return;
      if (fault !== null) {
        const details = { reason: fault, type, id };
        this.#options.log.coalesce({}).warn('The command of --exec failed for an event.', details);
      }
      this.#runNext();
    });
  }

  #resolveIdle(): void {
    for (const resolve of this.#idleCallbacks.splice(0)) resolve();
  }

  /** Waits until the command has run for all events, or the queue is abandoned. */
  waitUntilIdle(): Promise<void> {
    const isIdle = this.#killRunning === null && this.#waiting.length === 0;
    if (this.#isAbandoned || isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#idleCallbacks.push(resolve));
  }

  /**
   * Kills the running command and drops the waiting events.
   *
   * @returns for how many events the command has not finished
   */
  abandon(): number {
    if (this.#isAbandoned) return 0;
    const unfinished = this.#waiting.length + (this.#killRunning === null ? 0 : 1);
    this.#isAbandoned = true;
    this.#waiting.length = 0;
    this.#killRunning?.();
    this.#resolveIdle();
    return unfinished;
  }
}
