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
 * The environment for a command, without what holds a key: commands are often written by others.
 *
 * @param secrets keys, which are compared without regard to case as the listener does, and other secrets
 */
export function childEnvironment(env: NodeJS.ProcessEnv, secrets: readonly string[]): Record<string, string> {
  const keys = createKeyRing(secrets);
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    // Windows takes names in any case.
    if (value === undefined || name.toUpperCase() === KEY_VARIABLE) continue;
    if (keys.mask(value) === value) kept[name] = value;
  }
  return kept;
}

/**
 * Ends a shell that leads a process group of its own, and all that it has started.
 *
 * @param isFinal whether they are not asked but killed
 */
function endProcessTree(child: ChildProcess, isFinal: boolean): void {
  const { pid } = child;
  if (pid === undefined) return;
  if (process.platform === 'win32') {
    // Windows has no groups, and the end of a shell leaves what it has started running.
    const tool = spawn('taskkill', ['/pid', String(pid), '/t', '/f'], { stdio: 'ignore', windowsHide: true });
    tool.on('error', () => child.kill());
    return;
  }
  try {
    process.kill(-pid, isFinal ? 'SIGKILL' : 'SIGTERM');
  } catch {
    // All of them have ended already.
  }
}

/**
 * How a command is given one of the program's own outputs. It inherits terminals and files. A pipe that it inherits would be set to
 * wait for its reader, for the program as well: a slow reader would hold up all requests. So its output is passed on there.
 *
 * @param descriptor 1 or 2
 */
function outputFor(descriptor: number): 'inherit' | 'pipe' {
  const kind = fstatSync(descriptor);
  return kind.isFIFO() || kind.isSocket() ? 'pipe' : 'inherit';
}

/** Passes on what a command writes, only as fast as it is read. */
function relayOutput(from: Readable | null, to: Writable): void {
  from?.on('data', (chunk: Buffer) => {
    if (to.write(chunk)) return;
    from.pause();
    to.once('drain', () => from.resume());
  });
  from?.on('error', () => {});
}

interface CommandOptions {
  /** For the system's shell. */
  readonly command: string;
  readonly env: Readonly<Record<string, string>>;
  readonly clock: Clock;
}

const COMMAND_DEADLINE_MS = 30_000;
/** From being asked to end until being killed. */
const GRACE_MS = 5_000;
/** From its end until its last output must have come; what it has left running may hold its outputs open for good. */
const LAST_OUTPUT_MS = 1_000;

/** A command that has closed its standard input, or ended, without reading all of it: that is its affair. */
const TOLERATED: ReadonlySet<string> = new Set([
  'EPIPE',
  'ECONNRESET',
  'EOF',
  'ERR_STREAM_DESTROYED',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

/**
 * Runs a command once.
 *
 * @param input for its standard input, which it need not read
 * @param done called once, when it has ended. @param fault why it is to be complained of; null when all was well
 * @returns a function that kills it
 */
export function runCommand(
  { command, env, clock }: CommandOptions,
  input: string,
  done: (fault: string | null) => void,
): () => void {
  const started = startShell(command, env);
  if (typeof started === 'string') {
    clock.soon(() => done(notStarted(started)));
    return () => {};
  }
  const child = started;
  let isLate = false;
  let isSettled = false;
  let inputFault: string | null = null;
  let cancelKill = () => {};
  let cancelOutput = () => {};
  const cancelDeadline = clock.after(COMMAND_DEADLINE_MS, () => {
    isLate = true;
    endProcessTree(child, false);
    cancelKill = clock.after(GRACE_MS, () => endProcessTree(child, true));
  });

  function settle(fault: string | null): void {
    if (isSettled) return;
    isSettled = true;
    cancelDeadline();
    cancelKill();
    cancelOutput();
    // When no process can be made, there are none of these.
    child.stdin?.destroy();
    child.stdout?.destroy();
    child.stderr?.destroy();
    done(fault);
  }

  function ended(code: number | null, signal: NodeJS.Signals | null): void {
    cancelDeadline();
    cancelKill();
    // The shell may have gone before what it started, and the next command is to run alone.
    if (isLate) endProcessTree(child, true);
    const fault = faultOf(code, signal);
    child.once('close', () => settle(fault));
    cancelOutput = clock.after(LAST_OUTPUT_MS, () => settle(fault));
  }

  function faultOf(code: number | null, signal: NodeJS.Signals | null): string | null {
    if (isLate) return `took longer than ${COMMAND_DEADLINE_MS / 1_000} s and was ended`;
    if (signal !== null) return `was ended by ${signal}`;
    return code === 0 ? inputFault : `ended with exit code ${code}`;
  }

  relayOutput(child.stdout, process.stdout);
  relayOutput(child.stderr, process.stderr);
  child.on('error', (error) => settle(notStarted(errorCodeOf(error))));
  child.on('exit', ended);
  child.stdin?.on('error', (error) => {
    const code = errorCodeOf(error);
    if (!TOLERATED.has(code)) inputFault = `could not be given the event (${code})`;
  });
  child.stdin?.end(input);
  return () => endProcessTree(child, true);
}

/** @returns the shell, or the code of why there is none */
function startShell(command: string, env: CommandOptions['env']) {
  try {
    return spawn(command, {
      shell: true,
      env,
      stdio: ['pipe', outputFor(1), outputFor(2)],
      // The leader of a group, so that what it starts ends with it, and Ctrl+C leaves it its time.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
  } catch (error) {
    return errorCodeOf(error);
  }
}

const notStarted = (code: string): string => `could not be started (${code})`;

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
      if (fault !== null) log.coalesce({}).warn(`The command of --exec ${fault}.`, { type, id });
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
        const details = { type, id, dropped };
        log.coalesce({}).error('Too many events wait for the command of --exec: this one was dropped.', details);
        return;
      }
      waiting.push({ id, type, input });
      waitingLength += input.length;
      if (kill === null) next();
    },
    /** @returns when the command has run for all events, or they were abandoned */
    idle(): Promise<void> {
      if (isAbandoned || (kill === null && waiting.length === 0)) return Promise.resolve();
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
