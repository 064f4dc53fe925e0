import type { Writable } from 'node:stream';
import { createClock } from '../lib/clock.ts';
import { helpText, readArguments, readFault } from './arguments.ts';
import { listen } from './listen.ts';

/**
 * The program behind `bin/sonorancad.js`.
 *
 * @param args what stands after the program's name
 * @param version the package's
 * @returns the exit code, once all that it has to say is written: the process is to end then
 */
export async function runProgram(args: readonly string[], version: string): Promise<number> {
  const exitCode = await run(args, version);
  await written(process.stderr);
  return exitCode;
}

async function run(args: readonly string[], version: string): Promise<number> {
  try {
    const command = readArguments(args);
    if (command.kind === 'listen') return await listen(command.given, version, createClock());
    await written(process.stdout, `${command.kind === 'help' ? helpText() : version}\n`);
    return 0;
  } catch (error) {
    const fault = readFault(error);
    if (fault === null) throw error;
    await written(process.stderr, `sonorancad: ${fault.sentence}\n`);
    return fault.exitCode;
  }
}

/** @returns when a stream has taken what it was given, or cannot */
function written(stream: Writable, text = ''): Promise<void> {
  return new Promise((resolve) => {
    stream.once('error', () => resolve());
    stream.write(text, () => resolve());
  });
}
