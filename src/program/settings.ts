import { closeSync, openSync, readSync } from 'node:fs';
import { keyFault } from '../events/api-keys.ts';
import { errorCodeOf, reasonOf } from '../lib/text.ts';
import { type ListenerSettings, readOptions } from '../listener/options.ts';
import type { BrokerCredentials, PushEventConsumerOptions } from '../listener/push-event-listener.ts';
import { type ListenArguments, ProgramFault, type StreamArguments } from './arguments.ts';

export const KEY_VARIABLE = 'SONORANCAD_KEY';

/** How the program receives events on a port. */
export interface ProgramSettings {
  readonly listener: ListenerSettings;
  /** The accepted API keys. Forwarded events carry the first one. */
  readonly apiKeys: readonly string[];
  /** All keys and signing secrets, which commands of `--exec` must not see. */
  readonly secrets: readonly string[];
}

/**
 * Reads keys and secrets from options, files and the environment, and checks the settings of the listener.
 *
 * @throws a ProgramFault that names the option or variable, and never quotes its value
 */
export function readSettings(given: ListenArguments, env: NodeJS.ProcessEnv): ProgramSettings {
  const { path } = given;
  const apiKeys = readRequiredKeys(given, env);
  const secret = given.secretFile === null ? undefined : readLines('--secret-file', given.secretFile);
  try {
    const listener = readOptions({ apiKeys, path, secret });
    return { listener, apiKeys, secrets: [...apiKeys, ...listener.secrets] };
  } catch (error) {
    throw new ProgramFault(`--${reasonOf(error).replace(/^secret:/, 'secret-file:')}`);
  }
}

/** How the program receives events from a stream. */
export interface WorkerSettings {
  readonly options: PushEventConsumerOptions;
  /** All keys, signing secrets and credentials, which commands of `--exec` must not see. */
  readonly secrets: readonly string[];
}

/**
 * Reads the settings of a worker from options, files and the environment.
 *
 * @throws a ProgramFault that names the option or variable, and never quotes its value
 */
export function readWorkerSettings(
  given: ListenArguments,
  from: StreamArguments,
  env: NodeJS.ProcessEnv,
): WorkerSettings {
  const { credentialsFile, caFile, order, ...options } = from;
  const secret = given.secretFile === null ? undefined : readLines('--secret-file', given.secretFile);
  const apiKeys = readKeys(given, env);
  const credentials = credentialsFile === null ? undefined : readCredentials(credentialsFile);
  // The user name is no secret. It is often equal to the durable, which must stay readable in the log.
  const { user: _, ...secretCredentials } = credentials ?? {};
  const secrets = [...apiKeys, ...(secret ?? []), ...Object.values(secretCredentials)];
  const ca = caFile === null ? undefined : readLines('--ca-file', caFile).join('\n');
  return {
    options: {
      ...options,
      // The worker refuses an unknown order.
      order: order as 'none',
      apiKeys,
      secret,
      credentials,
      tls: ca === undefined ? undefined : { ca },
    },
    secrets,
  };
}

function readCredentials(file: string): BrokerCredentials {
  const lines = readLines('--credentials-file', file);
  const [first = ''] = lines;
  if (lines.length > 1) return { creds: lines.join('\n') };
  if (/^SU[A-Z2-7]{56}$/.test(first)) return { nkey: first };
  const colon = first.indexOf(':');
  return colon < 0 ? { token: first } : { user: first.slice(0, colon), password: first.slice(colon + 1) };
}

function readRequiredKeys(given: ListenArguments, env: NodeJS.ProcessEnv): string[] {
  const keys = readKeys(given, env);
  if (keys.length > 0) return keys;
  throw new ProgramFault(
    'The API key that the CAD sends is missing: ' +
      `put it into the environment variable ${KEY_VARIABLE}, or give --key-file FILE.`,
  );
}

function readKeys({ key, keyFile }: ListenArguments, env: NodeJS.ProcessEnv): string[] {
  if (key !== null) return [requireValidKey('--key', key.trim())];
  if (keyFile !== null) {
    const keys = readLines('--key-file', keyFile).map((line) => requireValidKey('--key-file: the key', line));
    if (keys.length === 0) throw new ProgramFault('--key-file: the file contains no key.');
    return keys;
  }
  const environmentKey = env[KEY_VARIABLE]?.trim() ?? '';
  return environmentKey === '' ? [] : [requireValidKey(KEY_VARIABLE, environmentKey)];
}

/** @param origin the option or variable of the key, which begins the sentence of a fault */
function requireValidKey(origin: string, key: string): string {
  const fault = key === '' ? 'is empty' : keyFault(key);
  if (fault !== null) throw new ProgramFault(`${origin} ${fault}.`);
  return key;
}

/** Largest accepted file of keys, secrets or certificates. A larger file is refused: it is probably the wrong file. */
const MAX_FILE_BYTES = 64 * 1024;

/**
 * Reads the lines of a small secret file: trimmed, without empty lines.
 *
 * @param option the option that named the file, for the fault
 * @throws a ProgramFault that names the option and the reason, and quotes nothing from the file
 */
export function readLines(option: string, file: string): string[] {
  const text = readSmallFile(option, file);
  // `trim` also removes a byte order mark, which Windows editors write.
  const lines = text.split(/\r\n|\r|\n/).map((line) => line.trim());
  return lines.filter((line) => line !== '');
}

function readSmallFile(option: string, file: string): string {
  const buffer = Buffer.alloc(MAX_FILE_BYTES + 1);
  let length = 0;
  try {
    const descriptor = openSync(file, 'r');
    try {
      // Reads until the end instead of by file size, because a pipe has no size.
      for (let bytesRead = -1; bytesRead !== 0 && length < buffer.length; length += bytesRead) {
        bytesRead = readSync(descriptor, buffer, length, buffer.length - length, null);
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw new ProgramFault(`${option}: the file cannot be read (${errorCodeOf(error)}).`);
  }
  if (length > MAX_FILE_BYTES) throw new ProgramFault(`${option}: the file is larger than 64 KiB.`);
  return buffer.toString('utf8', 0, length);
}
