import { keyFault } from '../config/api-keys.ts';
import { type ListenerSettings, readOptions } from '../listener/read-options.ts';
import { reasonOf } from '../text/reason-of.ts';
import { programFault } from './program-fault.ts';
import type { ListenArguments } from './read-arguments.ts';
import { readLines } from './read-lines.ts';

export const KEY_VARIABLE = 'SONORANCAD_KEY';

/** How events are received, and what must be kept from commands and answers. */
export interface ProgramSettings {
  readonly listener: ListenerSettings;
  /** The first is the one that is sent on. */
  readonly apiKeys: readonly string[];
  /** Keys and webhook secrets. */
  readonly secrets: readonly string[];
}

/**
 * Collects the keys from where they are given, and checks everything about receiving.
 *
 * @throws a fault that names the option or variable and never its value
 */
export function readSettings(
  given: ListenArguments,
  env: Readonly<Record<string, string | undefined>>,
): ProgramSettings {
  const { path } = given;
  const apiKeys = readKeys(given, env);
  const secret = given.secretFile === null ? undefined : readLines('--secret-file', given.secretFile);
  try {
    const listener = readOptions({ apiKeys, path, secret });
    return { listener, apiKeys, secrets: [...apiKeys, ...listener.secrets] };
  } catch (error) {
    throw programFault(`--${reasonOf(error).replace(/^secret:/, 'secret-file:')}`, 2);
  }
}

function readKeys({ key, keyFile }: ListenArguments, env: Readonly<Record<string, string | undefined>>): string[] {
  if (key !== null) return [checked('--key', key.trim())];
  if (keyFile !== null) {
    const keys = readLines('--key-file', keyFile).map((line) => checked('--key-file: its key', line));
    if (keys.length === 0) throw programFault('--key-file: there is no key in the file.', 2);
    return keys;
  }
  const fromEnvironment = env[KEY_VARIABLE]?.trim() ?? '';
  if (fromEnvironment !== '') return [checked(KEY_VARIABLE, fromEnvironment)];
  throw programFault(
    `The API key that the CAD sends is missing: put it into the environment variable ${KEY_VARIABLE}, or give --key-file FILE.`,
    2,
  );
}

function checked(where: string, key: string): string {
  const fault = key === '' ? 'is empty' : keyFault(key);
  if (fault !== null) throw programFault(`${where} ${fault}.`, 2);
  return key;
}
