import { readFileSync } from 'node:fs';
import type { Writable } from 'node:stream';
import { createClock } from '../lib/clock.ts';
import { DEFAULT_PORT, formatHelp, ProgramFault, readArguments } from './arguments.ts';
import { runListener } from './run-listener.ts';
import { runWorker } from './run-worker.ts';
import type { Samples } from './send/samples.ts';
import { sendEvents } from './send/send-events.ts';
import { KEY_VARIABLE } from './settings.ts';

/** The sample events of the package, which the build writes beside the program. */
const SAMPLES_FILE = new URL('./sample-events.json', import.meta.url);

/**
 * Runs the program behind `bin/sonorancad.js`.
 *
 * @param args the arguments after the program's name
 * @param version the version of the package
 * @returns the exit code, once all output is written and the process can exit
 */
export async function runProgram(args: readonly string[], version: string): Promise<number> {
  const exitCode = await runCommandLine(args, version);
  await writeAndFlush(process.stderr);
  return exitCode;
}

async function runCommandLine(args: readonly string[], version: string): Promise<number> {
  try {
    const command = readArguments(args);
    if (command.kind === 'send') return await send(command.args);
    if (command.kind === 'listen') {
      const { given } = command;
      if (given.from === null) return await runListener(given, version, createClock());
      return await runWorker(given, given.from, version, createClock());
    }
    await writeAndFlush(process.stdout, `${command.kind === 'help' ? formatHelp() : version}\n`);
    return 0;
  } catch (error) {
    if (!(error instanceof ProgramFault)) throw error;
    await writeAndFlush(process.stderr, `sonorancad: ${error.message}\n`);
    return error.exitCode;
  }
}

/** @returns exit code 0 if every event was accepted, otherwise 1 */
async function send(args: readonly string[]): Promise<number> {
  const isAccepted = await sendEvents(args, {
    command: 'sonorancad send',
    url: `http://127.0.0.1:${DEFAULT_PORT}`,
    keyFrom: `the environment variable ${KEY_VARIABLE}`,
    refusedAdvice: 'Start your listener first, or give its address with --url.',
    samples: JSON.parse(readFileSync(SAMPLES_FILE, 'utf8')) as Samples,
    readDefaultKey: () => process.env[KEY_VARIABLE]?.trim() || null,
    print: (line) => void process.stdout.write(`${line}\n`),
  });
  await writeAndFlush(process.stdout);
  return isAccepted ? 0 : 1;
}

/** Writes a text and waits until the stream has taken everything, or fails. */
function writeAndFlush(stream: Writable, text = ''): Promise<void> {
  return new Promise((resolve) => {
    stream.once('error', () => resolve());
    stream.write(text, () => resolve());
  });
}
