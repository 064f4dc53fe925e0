import * as v from 'valibot';
import { findOne, problem } from '../rest/reply.ts';
import { accountOf } from './identifiers.ts';

/** A person who may sign in to the CAD. */
export interface Account {
  readonly uuid: string;
  readonly username: string;
  communityUserId?: string;
  /** 0 pending, 1 validated, 2 expired, 3 removed, 4 banned. */
  readonly status: number;
  readonly joined?: string;
  readonly lastLogin?: string;
  readonly permissions?: Readonly<Record<string, boolean>>;
  readonly roblox?: number;
  readonly discord?: string;
}

/** What is known of accounts. */
type Accounts = Parameters<typeof accountOf>[0] & { readonly accounts: readonly Account[] };

const is: Readonly<Record<string, (account: Account, value: string, known: Accounts) => boolean>> = {
  communityUserId: ({ uuid, communityUserId }, value, known) =>
    communityUserId === value || accountOf(known, value) === uuid,
  roblox: ({ roblox }, value) => String(roblox) === value,
  discord: ({ discord }, value) => discord === value,
  accountUuid: ({ uuid }, value) => uuid === value,
  username: ({ username }, value) => username.toLowerCase() === value.toLowerCase(),
};

/** The ways in which a request says whose account it means; most endpoints take no user name. */
export const ACCOUNT_WAYS = ['communityUserId', 'roblox', 'discord', 'accountUuid'] as const;

const one = v.optional(v.pipe(v.string(), v.minLength(1), v.maxLength(255)));

/** Of a body that says whose account it means. */
export const ownerEntries = {
  communityUserId: one,
  roblox: v.optional(v.union([v.string(), v.number()])),
  discord: one,
  accountUuid: one,
};

/**
 * @param named what is given for each way
 * @returns the account that exactly one way names
 * @throws what says that there is none
 */
export function findAccount(
  known: Accounts,
  named: Readonly<Record<string, unknown>>,
  ways: readonly string[] = ACCOUNT_WAYS,
): Account {
  const given = ways.filter((way) => named[way] !== undefined && named[way] !== null && named[way] !== '');
  const [way] = given;
  if (way === undefined || given.length > 1) throw problem(400, `Exactly one of ${ways.join(', ')} is required.`);
  return findOne('Account', known.accounts, (account) => is[way]?.(account, String(named[way]), known));
}
