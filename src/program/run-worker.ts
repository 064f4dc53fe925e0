import { createKeyRing } from '../events/api-keys.ts';
import type { PushEvent } from '../events/push-event.ts';
import type { Clock } from '../lib/clock.ts';
import type { Log } from '../lib/log.ts';
import { printableJson, reasonOf } from '../lib/text.ts';
import type { PushEventConsumer } from '../listener/push-event-listener.ts';
import { createConsumer } from '../listener/stream-worker.ts';
import { type ListenArguments, ProgramFault, type StreamArguments } from './arguments.ts';
import { createChildEnvironment, runCommand } from './run-command.ts';
import { readWorkerSettings, type WorkerSettings } from './settings.ts';
import { READER_GONE, Terminal, watchStopSignals } from './terminal.ts';

/**
 * Runs `sonorancad listen --from`: receives push events from a stream until a signal arrives, or the output's reader is
 * gone.
 *
 * @returns the exit code
 * @throws (as a rejection) a ProgramFault if the program cannot start
 */
export async function runWorker(
  given: ListenArguments,
  from: StreamArguments,
  version: string,
  clock: Clock,
): Promise<number> {
  const { env } = process;
  const stop = watchStopSignals();
  const { options, secrets } = readWorkerSettings(given, from, env);
  const terminal = new Terminal(given, createKeyRing(secrets).mask, clock);
  const { log } = terminal;
  const consumer = createProgramConsumer(options, clock, log);
  const commands =
    given.exec === null
      ? null
      : new RunningCommands({ command: given.exec, env: createChildEnvironment(env, secrets), clock });
  consumer.on('*', (event) => {
    terminal.print(event);
    return commands?.run(event);
  });
  consumer.onError((error, { id, type }) => {
    log.coalesce({}).warn('The command of --exec failed for an event.', { reason: reasonOf(error), type, id });
  });

  const starting = consumer.start();
  log.info(
    `sonorancad ${version} receives push events from the stream ${from.stream} as ${from.durable} ` +
      '(not affiliated with Sonoran Software Systems)',
  );
  const ended = Promise.race([terminal.ended, stop.requested.then(() => null)]);
  const running = await Promise.race([starting.catch(throwProgramFault), ended.then(() => null)]);
  const outputFault = await ended;

  void stop.forced.then(() => commands?.killAll());
  if (running !== null) await Promise.race([running.close(), stop.forced]);
  // The worker has given the events of commands that still run back to the broker.
  commands?.killAll();
  log.stop();
  await Promise.race([terminal.flush(), stop.forced]);
  return outputFault === null || outputFault === READER_GONE ? 0 : 1;
}

/** Runs the command of `--exec` for events of a stream, and can kill all running commands. */
class RunningCommands {
  readonly #options: Parameters<typeof runCommand>[0];
  readonly #kills = new Set<() => void>();

  constructor(options: Parameters<typeof runCommand>[0]) {
    this.#options = options;
  }

  /** @throws (as a rejection) an Error with the reason if the command fails, so that the event is delivered again */
  run(event: PushEvent): Promise<void> {
    return new Promise((resolve, reject) => {
      const kill = runCommand(this.#options, `${printableJson(event)}\n`, (fault) => {
        this.#kills.delete(kill);
        if (fault === null) resolve();
        else reject(new Error(fault));
      });
      this.#kills.add(kill);
    });
  }

  killAll(): void {
    for (const kill of this.#kills) kill();
  }
}

/** Rethrows an error of the worker's start, as a ProgramFault if the operator has to repair its cause. */
function throwProgramFault(error: unknown): never {
  const { code, message } = error as { code?: unknown; message?: unknown };
  throw code === 'SONORANCAD_WORKER' ? new ProgramFault(`--from: ${String(message)}`, 1) : error;
}

/** The options of the command line whose names differ from the library's options. */
const OPTION_NAMES: Readonly<Record<string, string>> = {
  servers: 'from',
  maxDeliver: 'max-deliver',
  secret: 'secret-file',
};

/** Faults of options that the library takes as an object and the command line as a file. */
const FILE_FAULTS: Readonly<Record<string, string>> = {
  credentials: '--credentials-file: expected a creds file, the seed of an nkey, user:password or a token.',
  tls: '--ca-file: expected certificates as PEM texts.',
};

/** @throws a ProgramFault that names the option of the command line if the library refuses an option */
function createProgramConsumer(options: WorkerSettings['options'], clock: Clock, log: Log): PushEventConsumer {
  try {
    return createConsumer({ ...options, warn: (line) => log.warn(line) }, clock, log.warn);
  } catch (error) {
    const [, option = '', rest = ''] = /^(\w+)(.*)$/s.exec(reasonOf(error)) ?? [];
    throw new ProgramFault(FILE_FAULTS[option] ?? `--${OPTION_NAMES[option] ?? option}${rest}`);
  }
}
