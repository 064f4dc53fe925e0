import { foldKey, isProtectionMark } from './api-keys.ts';
import { operatorConvar, type ReadConvar } from './convar-text.ts';
import { type Config, convarOf, setterConvarOf } from './schema.ts';

export interface ConvarWrite {
  name: string;
  value: string;
}

/** The convars that other resources read. */
const shared = ['communityID', 'serverId', 'primaryIdentifier'] as const;

/**
 * The convars to write so that other resources find what they read from the official resource. Each comes with its
 * companion `_setter` = `framework`, by which the next start knows that the value is not the operator's: else it would
 * win over an edited file for ever. A convar that the operator set is left alone for the same reason.
 *
 * The API key goes out only where sonorancad.cfg has reserved (and so protected) its convar.
 * @param config - the configuration in force
 * @param convar - reads a convar as it is now
 * @returns only what differs from how it is now
 */
export function convarsToPublish(config: Config, convar: ReadConvar): ConvarWrite[] {
  const wanted: ConvarWrite[] = [];
  const publish = (key: keyof Config, value: string): void => {
    wanted.push({ name: setterConvarOf(key), value: 'framework' }, { name: convarOf(key), value });
  };

  for (const key of shared) {
    if (operatorConvar(convar, key) === null) publish(key, withoutApiKey(String(config[key]), config.apiKeys));
  }
  const [apiKey] = config.apiKeys;
  if (apiKey !== undefined && isProtectionMark(convar(convarOf('apiKey')) ?? '')) publish('apiKey', apiKey);
  return wanted.filter(({ name, value }) => convar(name) !== value);
}

/** An API key that somebody wrote into the wrong place would be there for all resources to read. */
function withoutApiKey(text: string, apiKeys: readonly string[]): string {
  const folded = foldKey(text);
  return apiKeys.some((apiKey) => folded.includes(foldKey(apiKey))) ? '' : text;
}
