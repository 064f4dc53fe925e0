import * as v from 'valibot';
import type { AsSent, OnServer, Optional } from './endpoint.ts';

/** Identifies an account. Exactly one member is given. */
export type AccountSelector = Optional<{
  communityUserId: string;
  accountUuid: string;
  username: string;
  roblox: string | number;
  discord: string;
}>;

/** A page of a list: at most `limit` entries, after the first `offset`. */
export type Page = Optional<{ limit: number; offset: number }>;
export type OfAccount = { readonly accountUuid: string };
/** A server in the CAD's list with all fields as received, because unknown fields must survive a write of the list. */
export type ServerEntry = AsSent;

export const serverEntry = v.custom<ServerEntry>(
  (given) => typeof given === 'object' && given !== null && !Array.isArray(given),
  'another value',
);

/** Identifies units. One member is given. */
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

/** Metadata that scripts attach to a call. All values are text. */
export type MetaData = Readonly<Record<string, string>>;

/** The fields of a dispatch call that can be set. */
export type DispatchFields = Optional<{
  /** 0 caller, 1 radio dispatch, 2 observed, 3 walk-up */
  origin: number;
  /** 0 pending, 1 active, 2 closed */
  status: number;
  /** From 1 to 3. */
  priority: number;
  title: string;
  block: string;
  address: string;
  postal: string;
  code: string;
  description: string;
  notes: readonly unknown[];
  /** Replaces the call's metadata. */
  metaData: MetaData;
}>;

export type OfCall = OnServer & { readonly callId: number };
