import { createKeyRing } from '../events/api-keys.ts';
import type { PushEvent } from '../events/push-event.ts';
import type { Clock } from '../lib/clock.ts';
import { printableJson, reasonOf } from '../lib/text.ts';
import { createConsumer } from '../listener/stream-worker.ts';
import { type FromArguments, type ListenArguments, programFault } from './arguments.ts';
import { createOutput, createPrinter, createTerminalLog, wantsColours } from './output.ts';
import { childEnvironment, runCommand } from './run-command.ts';
import { readWorkerOptions } from './settings.ts';

interface WorkParts {
  readonly version: string;
  readonly clock: Clock;
  /** Kept when the operator wants an end, and when at once. */
  readonly stop: { readonly asked: Promise<void>; readonly insisted: Promise<unknown> };
}

/**
 * Takes events out of a stream until a signal says to stop, or the reader of the output has gone.
 *
 * @returns the exit code
 * @throws a fault when it cannot begin
 */
export async function work(given: ListenArguments, from: FromArguments, parts: WorkParts): Promise<number> {
  const { version, clock, stop } = parts;
  const { env, stdout, stderr } = process;
  const { options, secrets } = readWorkerOptions(given, from, env);
  const log = createTerminalLog(stderr, wantsColours(stderr, env, given.noColour), clock, createKeyRing(secrets).mask);
  let isOver = (_code: string): void => {};
  const readerGone = new Promise<string>((resolve) => {
    isOver = resolve;
  });
  const output = createOutput(stdout, {
    clock,
    ended: (code) => isOver(code),
    leftOut: (lines) => log.warn('The reader of the output is too slow: some events were not printed.', { lines }),
  });
  const print = createPrinter(given.json, wantsColours(stdout, env, given.noColour), stdout);
  const consumer = createConsumerOrFault(() =>
    createConsumer({ ...options, warn: (line) => log.warn(line) }, clock, log.warn),
  );
  const kills = new Set<() => void>();
  const command = given.exec;
  const childEnv = command === null ? {} : childEnvironment(env, secrets);
  consumer.on('*', (event) => {
    output.write(print(event));
    return command === null ? undefined : run(command, event);
  });
  // The command's end is told below, with its exit code.
  consumer.onError((error, { id, type }) => log.warn(`An event was not handled: ${reasonOf(error)}`, { type, id }));

  function run(command: string, event: PushEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      const kill = runCommand({ command, env: childEnv, clock }, `${printableJson(event)}\n`, (fault) => {
        kills.delete(kill);
        if (fault === null) resolve();
        else reject(new Error(`the command of --exec ${fault}`));
      });
      kills.add(kill);
    });
  }

  const starting = consumer.start();
  log.info(
    `sonorancad ${version} takes push events from the stream ${from.stream} as ${from.durable} (not affiliated with Sonoran Software Systems)`,
  );
  const end = Promise.race([readerGone, stop.asked.then(() => null)]);
  const begun = await Promise.race([starting.catch(toFault), end.then(() => null)]);
  const code = await end;
  void stop.insisted.then(() => {
    for (const kill of kills) kill();
  });
  if (begun !== null) await Promise.race([begun.close(), stop.insisted]);
  // What runs has been given back to other workers.
  for (const kill of kills) kill();
  await Promise.race([output.flush(), stop.insisted]);
  return code === null || code === 'EPIPE' ? 0 : 1;
}

function toFault(error: unknown): never {
  const { code, message } = error as { code?: unknown; message?: unknown };
  throw code === 'SONORANCAD_WORKER' ? programFault(`--from: ${String(message)}.`, 1) : error;
}

/** The option's name in the worker's sentence, as it is on the command line. */
const FLAGS: Readonly<Record<string, string>> = {
  servers: 'from',
  credentials: 'credentials-file',
  tls: 'ca-file',
  maxDeliver: 'max-deliver',
  secret: 'secret-file',
};

function createConsumerOrFault<Result>(create: () => Result): Result {
  try {
    return create();
  } catch (error) {
    const [, option = '', rest = ''] = /^(\w+)(.*)$/s.exec(reasonOf(error)) ?? [];
    throw programFault(`--${FLAGS[option] ?? option}${rest}`);
  }
}
