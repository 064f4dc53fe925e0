import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { until } from './until.ts';

/** For Node, in a process that runs our sources. */
export const SOURCE_FLAGS = [
  '--disable-warning=ExperimentalWarning',
  '--import',
  join(import.meta.dirname, 'strip-once.js'),
];

/** Flags that make Node report the version 20.1.0 to the program. */
export const NODE_20_FLAGS = [
  '--import',
  'data:text/javascript,Object.defineProperty(process, "versions", { value: { node: "20.1.0" } })',
];

/** A program as a process of its own, and what it has printed so far. */
export interface ChildProgram {
  readonly child: ChildProcess;
  /** On its standard output. */
  out(): string;
  /** On its standard error. */
  err(): string;
  /** On both, as it came. */
  output(): string;
  /** Waits until the output has this. @throws when the program ends without */
  printed(pattern: RegExp): Promise<RegExpExecArray>;
  /** The exit code once all of its output has come; null when a signal has ended it. */
  readonly exited: Promise<number | null>;
  /** Kills it unless it has ended, and waits for that. */
  kill(): Promise<void>;
}

/** @param options the folder, and the environment, which is ours unless given */
export function startProgram(
  command: string,
  args: readonly string[],
  options: Pick<SpawnOptions, 'cwd' | 'env'> = {},
): ChildProgram {
  const child = spawn(command, args, { ...options, stdio: 'pipe' });
  const chunks: { readonly isError: boolean; readonly chunk: Buffer }[] = [];
  child.stdout.on('data', (chunk: Buffer) => chunks.push({ isError: false, chunk }));
  child.stderr.on('data', (chunk: Buffer) => chunks.push({ isError: true, chunk }));
  child.stdin.on('error', () => {});
  const textOf = (some: typeof chunks) => Buffer.concat(some.map(({ chunk }) => chunk)).toString();
  const output = () => textOf(chunks);
  let hasEnded = false;
  const exited = once(child, 'close').then(([code]) => {
    hasEnded = true;
    return code as number | null;
  });
  return {
    child,
    out: () => textOf(chunks.filter(({ isError }) => !isError)),
    err: () => textOf(chunks.filter(({ isError }) => isError)),
    output,
    async printed(pattern) {
      await until(() => pattern.test(output()) || hasEnded);
      const match = pattern.exec(output());
      if (match === null) throw new Error(`It ended without ${pattern}:\n${output()}`);
      return match;
    },
    exited,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
  };
}
