import { closeSync, openSync, readSync } from 'node:fs';
import { keyFault } from '../events/api-keys.ts';
import { errorCodeOf, reasonOf } from '../lib/text.ts';
import { readOptions } from '../listener/options.ts';
import type { BrokerCredentials } from '../listener/push-event-listener.ts';
import { type FromArguments, type ListenArguments, programFault } from './arguments.ts';

export const KEY_VARIABLE = 'SONORANCAD_KEY';

export type ProgramSettings = ReturnType<typeof readSettings>;

/**
 * Collects the keys from where they are given, and checks everything about receiving.
 *
 * @returns how events are received, the keys (the first is sent on), and all that commands must not see
 * @throws a fault that names the option or variable and never its value
 */
export function readSettings(given: ListenArguments, env: NodeJS.ProcessEnv) {
  const { path } = given;
  const apiKeys = readKeys(given, env);
  const secret = given.secretFile === null ? undefined : readLines('--secret-file', given.secretFile);
  try {
    const listener = readOptions({ apiKeys, path, secret });
    return { listener, apiKeys, secrets: [...apiKeys, ...listener.secrets] };
  } catch (error) {
    throw programFault(`--${reasonOf(error).replace(/^secret:/, 'secret-file:')}`);
  }
}

/**
 * Collects what a worker of a stream is told, from where it is given.
 *
 * @throws a fault that names the option or variable and never its value
 */
export function readWorkerOptions(given: ListenArguments, from: FromArguments, env: NodeJS.ProcessEnv) {
  const { credentialsFile, caFile, order, ...options } = from;
  const secret = given.secretFile === null ? undefined : readLines('--secret-file', given.secretFile);
  const apiKeys = givenKeys(given, env);
  const credentials = credentialsFile === null ? undefined : readCredentials(credentialsFile);
  // The user's name is no secret: often it is that of the durable, which is to be read in the log.
  const { user: _, ...secretCredentials } = credentials ?? {};
  const secrets = [...apiKeys, ...(secret ?? []), ...Object.values(secretCredentials)];
  const ca = caFile === null ? undefined : readLines('--ca-file', caFile).join('\n');
  return {
    // Whether it is one of the orders, the worker says.
    options: {
      ...options,
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

/** @returns none where none is given */
function givenKeys({ key, keyFile }: ListenArguments, env: NodeJS.ProcessEnv): string[] {
  if (key !== null) return [checked('--key', key.trim())];
  if (keyFile !== null) {
    const keys = readLines('--key-file', keyFile).map((line) => checked('--key-file: its key', line));
    if (keys.length === 0) throw programFault('--key-file: there is no key in the file.');
    return keys;
  }
  const fromEnvironment = env[KEY_VARIABLE]?.trim() ?? '';
  return fromEnvironment === '' ? [] : [checked(KEY_VARIABLE, fromEnvironment)];
}

function readKeys(given: ListenArguments, env: NodeJS.ProcessEnv): string[] {
  const keys = givenKeys(given, env);
  if (keys.length > 0) return keys;
  throw programFault(
    `The API key that the CAD sends is missing: put it into the environment variable ${KEY_VARIABLE}, or give --key-file FILE.`,
  );
}

function checked(where: string, key: string): string {
  const fault = key === '' ? 'is empty' : keyFault(key);
  if (fault !== null) throw programFault(`${where} ${fault}.`);
  return key;
}

/** Far more than any number of keys takes. */
const MAX_BYTES = 64 * 1024;

/**
 * The lines of a small file in which something secret stands, trimmed, without the empty ones.
 *
 * @param option through which the file was named, for the sentence about what is wrong with it
 * @throws a fault that names the option and the reason, and nothing of the file
 */
export function readLines(option: string, file: string): string[] {
  const buffer = Buffer.alloc(MAX_BYTES + 1);
  let length = 0;
  try {
    const descriptor = openSync(file, 'r');
    try {
      // Not by its size, which a pipe does not have.
      for (let read = -1; read !== 0 && length < buffer.length; length += read) {
        read = readSync(descriptor, buffer, length, buffer.length - length, null);
      }
    } finally {
      closeSync(descriptor);
    }
  } catch (error) {
    throw programFault(`${option}: the file cannot be read (${errorCodeOf(error)}).`);
  }
  if (length > MAX_BYTES) throw programFault(`${option}: the file is too large, expected one key a line.`);
  const lines = buffer.toString('utf8', 0, length).split(/\r\n|\r|\n/);
  // A byte order mark, as Windows' editors write it, is white space to `trim`.
  return lines.map((line) => line.trim()).filter((line) => line !== '');
}
