import { reasonOf } from '../../text/reason-of.ts';
import type { Hub } from './hub.ts';
import type { SessionTarget } from './session-target.ts';

/** What came of authenticating; `words` are the CAD's own, without the key. */
export type Authentication = { readonly accepted: true } | { readonly accepted: false; readonly words: string };

/** Two versions of the hub's framework say so in two ways. */
const MISSING_METHOD = /unknown hub method|method does not exist/i;
/** How a hub's own refusal comes out of the client. Everything else that is thrown is about the connection. */
const REFUSAL = /\bHubException: (.*)/s;

/**
 * Says to the CAD whose session this is: only then it sends events.
 *
 * @throws when the connection is lost meanwhile
 */
export async function authenticate(hub: Pick<Hub, 'invoke'>, target: SessionTarget): Promise<Authentication> {
  try {
    return read(await call(hub, 'authenticatev2', target), target.key);
  } catch (error) {
    const [, words] = REFUSAL.exec(reasonOf(error)) ?? [];
    if (words === undefined) throw error;
    return refused(words, target.key);
  }
}

async function call(hub: Pick<Hub, 'invoke'>, method: string, target: SessionTarget): Promise<unknown> {
  const { communityId, key, serverId } = target;
  try {
    return await hub.invoke(method, communityId, key, serverId);
  } catch (error) {
    if (method === 'authenticate' || !MISSING_METHOD.test(reasonOf(error))) throw error;
    return call(hub, 'authenticate', target);
  }
}

function read(answer: unknown, key: string): Authentication {
  const { success, error } = (answer ?? {}) as { readonly success?: unknown; readonly error?: unknown };
  if (success === true) return { accepted: true };
  return refused(typeof error === 'string' && error !== '' ? error : 'no reason was given', key);
}

function refused(words: string, key: string): Authentication {
  const pattern = new RegExp(key.replace(/[^A-Za-z0-9]/g, '\\$&'), 'gi');
  return { accepted: false, words: words.replace(pattern, '(API key removed)') };
}
