import * as v from 'valibot';
import type { AsSent, OnServer, Optional } from './endpoint.ts';

/** By which an account is asked for: exactly one of them. */
export type AccountSelector = Optional<{
  communityUserId: string;
  accountUuid: string;
  username: string;
  roblox: string | number;
  discord: string;
}>;

/** `limit`: how many at most. */
export type Page = Optional<{ limit: number; offset: number }>;
export type OfAccount = { readonly accountUuid: string };
/** A server in the CAD's list, every field as it was read: what is not known must survive being written back. */
export type ServerEntry = AsSent;

export const serverEntry = v.custom<ServerEntry>(
  (given) => typeof given === 'object' && given !== null && !Array.isArray(given),
  'another value',
);

/** By which units are meant: one of them. */
export type UnitSelector = Optional<{
  communityUserIds: readonly string[];
  communityUserId: string;
  identIds: readonly number[];
  groupName: string;
  accounts: readonly string[];
  accountUuid: string;
  roblox: string | number | readonly (string | number)[];
  discord: string | readonly string[];
}>;

/** What scripts attach to a call: all of it text. */
export type MetaData = Readonly<Record<string, string>>;

/** What a dispatch call holds, as far as it can be set. */
export type DispatchFields = Optional<{
  /** 0 caller, 1 radio dispatch, 2 observed, 3 walk-up */
  origin: number;
  /** 0 pending, 1 active, 2 closed */
  status: number;
  /** 1 to 3 */
  priority: number;
  title: string;
  block: string;
  address: string;
  postal: string;
  code: string;
  description: string;
  notes: readonly unknown[];
  /** Replaces what is there. */
  metaData: MetaData;
}>;

export type OfCall = OnServer & { readonly callId: number };
