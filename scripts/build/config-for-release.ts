import type { ConfigKey } from '../../src/config/config-key.ts';
import { configKeys } from '../../src/config/schema.ts';

/**
 * Checks the config.json that a release ships: whoever tried the resource with an edited one must not publish their keys.
 *
 * @returns the text as it is
 * @throws when a key that holds a secret has a value
 */
export function configForRelease(text: string): string {
  const secrets = Object.entries<ConfigKey>(configKeys).filter(([, { secret }]) => secret === true);
  const config = JSON.parse(text) as Readonly<Record<string, unknown>>;
  const filled = secrets.map(([name]) => name).filter((name) => (config[name] ?? '').toString() !== '');
  if (filled.length === 0) return text;
  throw new Error(`config.json holds a secret (${filled.join(', ')}), which the zip would publish: empty it first.`);
}
