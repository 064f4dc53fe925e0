import { foldKey } from '../../config/api-keys.ts';
import { KEY_VARIABLE } from '../read-settings.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * The environment for a command, without whatever holds a key: commands often come from somebody else.
 *
 * @param secrets keys, which are compared without regard to case as the listener does, and other secrets
 */
export function childEnvironment(env: Environment, secrets: readonly string[]): Record<string, string> {
  const hidden = secrets.map(foldKey);
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries(env)) {
    // Windows takes names in any case.
    if (value === undefined || name.toUpperCase() === KEY_VARIABLE) continue;
    const folded = foldKey(value);
    if (!hidden.some((secret) => folded.includes(secret))) kept[name] = value;
  }
  return kept;
}
