import type { ApiError } from '../api/api-result.ts';
import type { Assessment } from './assess.ts';
import type { Pauses } from './pauses.ts';
import type { RegistrationApi, ServerList } from './registration-api.ts';
import { hasLostServers } from './server-entry.ts';

export interface AmendOptions {
  readonly api: Pick<RegistrationApi, 'getServers' | 'setServers'>;
  readonly pauses: Pauses;
  /** Gives numbers from 0 to below 1. */
  random(): number;
  /** Judges a list by the configuration in force now. */
  assess(list: ServerList): Promise<Assessment>;
  serverId(): number;
  /** Whether the configuration in force now lets anything be written. */
  mayWrite(): boolean;
}

/** What came of it. */
export interface Amended {
  /** The list as last read. */
  readonly list: ServerList;
  /** What was done; null when nothing was, or needed to be. */
  readonly change: Assessment['change'] | null;
  /** Why it did not come about, in words; null when it did. */
  readonly failure: string | null;
  /** Whether it did not come about because the CAD could not be asked, which may be over later. */
  readonly mayPass: boolean;
  /** How many of the tries are left. */
  readonly triesLeft: number;
}

/** Servers that boot together must not write together. */
const MAX_WAIT_MS = 30_000;

/** Whether another try may end better. */
export function isPassing({ kind }: ApiError): boolean {
  return kind === 'unreachable' || kind === 'limit' || kind === 'unreadable';
}

/**
 * Changes this server's entry in the CAD's list, which can only be written whole: waits a random time, reads the list again, changes
 * nothing else in it, writes it, and reads it once more to see that it holds. Writes nothing when the list cannot be read, or
 * lacks servers that it had a moment before.
 *
 * @param before the list as last read
 * @param tries how often that may be done at most
 */
export async function amendList(options: AmendOptions, before: ServerList, tries: number): Promise<Amended> {
  const { api, pauses } = options;
  let list = before;
  let whole = before;
  let attempted: Amended['change'] = null;
  let failure: string | null = 'it was not tried';
  let triesLeft = tries;
  let mayPass = false;

  /** @returns why it did not come about; null when it did, or need not */
  async function tryOnce(): Promise<{ readonly why: string; readonly isFinal: boolean } | null> {
    mayPass = false;
    const read = await api.getServers();
    if (!read.ok) return refused(read.error);
    const isShorter = hasLostServers(whole, read.data.servers, options.serverId());
    list = read.data.servers;
    // What it lacks twice is gone: it was removed by somebody, or its own server brings it back.
    whole = list;
    const assessed = await options.assess(list);
    if (assessed.next === null) return null;
    if (isShorter) return { why: 'the list came with fewer servers than before', isFinal: false };
    if (pauses.isStopped() || !options.mayWrite()) return { why: 'it was called off', isFinal: true };
    attempted = assessed.change;
    const written = await api.setServers(assessed.next);
    if (!written.ok) return refused(written.error);
    const verified = await api.getServers();
    if (!verified.ok) return refused(verified.error);
    list = verified.data.servers;
    if ((await options.assess(list)).next === null) return null;
    return { why: 'the CAD took the list, but does not show the entry in it', isFinal: false };
  }

  function refused(error: ApiError): { readonly why: string; readonly isFinal: boolean } {
    mayPass = isPassing(error);
    return { why: error.message, isFinal: !mayPass };
  }

  while (triesLeft > 0 && failure !== null) {
    triesLeft -= 1;
    if (!(await pauses.wait(Math.round(options.random() * MAX_WAIT_MS)))) break;
    const outcome = await tryOnce();
    failure = outcome?.why ?? null;
    if (outcome?.isFinal) break;
  }
  return { list, change: failure === null ? attempted : null, failure, mayPass, triesLeft };
}
