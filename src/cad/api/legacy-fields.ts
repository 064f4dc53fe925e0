import {
  asList,
  type Fields,
  readFilledText,
  readIds,
  readObject,
  readText,
  readTexts,
  readWhole,
  without,
} from '../../events/read-values.ts';
import type { InputReader, LegacyRequest } from './endpoint.ts';
import type { AccountSelector, DispatchFields, UnitSelector } from './inputs.ts';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
/** Members that name a unit or an account. */
const SELECTOR_FIELDS =
  'account accountUuid apiId apiIds communityUserId communityUserIds discord identId identIds roblox units user'.split(
    ' ',
  );

const ifGiven =
  <Value>(read: (given: unknown) => Value) =>
  (given: unknown): Value | undefined =>
    given === undefined || given === null ? undefined : read(given);

/** Reads a list, or makes one of a single value; undefined when the value is missing. */
export const listOf = ifGiven(asList);
export const wholesOf = ifGiven(readIds);
const textsOf = ifGiven(readTexts);

/** Reads metadata, keeping only values that can be text, because the CAD accepts only text. */
function metaDataOf(given: unknown): Record<string, string> | undefined {
  const object = readObject(given);
  if (object === undefined) return undefined;
  return Object.fromEntries(
    Object.entries(without(object)).flatMap(([name, value]) => {
      const text = readText(value);
      return text === undefined ? [] : [[name, text]];
    }),
  );
}

/**
 * Reads which units a script means. Version 1 names players by `apiId`, `apiIds` or `units`, and accounts by `account`.
 * Some scripts give a player's id as `account`.
 */
export function unitsOf(data: Fields): UnitSelector {
  const { accountUuid, communityUserId, roblox, discord } = accountOf(data);
  const communityUserIds = textsOf(data.communityUserIds) ?? textsOf(data.apiIds) ?? textsOf(data.units);
  return {
    identIds: wholesOf(data.identIds) ?? wholesOf(data.identId),
    communityUserIds,
    communityUserId: communityUserIds === undefined ? communityUserId : undefined,
    accountUuid,
    groupName: readText(data.groupName),
    roblox,
    discord,
  };
}

/** Reads which units a script means, like `unitsOf`, for endpoints that take only lists of players and accounts. */
export function unitListsOf(data: Fields): UnitSelector {
  const { accountUuid, communityUserId, communityUserIds, ...others } = unitsOf(data);
  return {
    ...others,
    communityUserIds: communityUserIds ?? listOfOne(communityUserId),
    accounts: textsOf(data.accounts) ?? listOfOne(accountUuid),
  };
}

const listOfOne = <T>(value: T | undefined): T[] | undefined => (value === undefined ? undefined : [value]);

/** Reads which account a script means. */
export function accountOf(data: Fields): AccountSelector {
  const account = readFilledText(data.account) ?? readFilledText(data.user);
  const isUuid = account !== undefined && UUID.test(account);
  return {
    accountUuid: readFilledText(data.accountUuid) ?? (isUuid ? account : undefined),
    communityUserId:
      readFilledText(data.communityUserId) ?? readFilledText(data.apiId) ?? (isUuid ? undefined : account),
    username: readFilledText(data.username),
    roblox: readText(data.roblox),
    discord: readText(data.discord),
  };
}

export const uuidOf = (data: Fields) => ({ accountUuid: accountOf(data).accountUuid });
export const playerOf = (data: Fields) => ({ communityUserId: accountOf(data).communityUserId });

/** Passes on a script's data, with the account renamed to the fields of version 2. */
export function sentWithAccount(data: Fields): Fields {
  const { accountUuid, communityUserId } = accountOf(data);
  return {
    ...without(data, 'account', 'apiId', 'user'),
    ...(accountUuid !== undefined && { accountUuid }),
    ...(communityUserId !== undefined && { communityUserId }),
  };
}

/** Renames `apiId`, which named the player who sees the result in version 1. */
export function lookupFields(data: Fields): Fields {
  const notify = readText(data.apiId ?? data.communityUserId);
  return { ...without(data, 'apiId', 'communityUserId'), ...(notify && { notifyCommunityUserId: notify }) };
}

/** The record types of a lookup without types, like the official resource's: warrants, BOLOs, licences and vehicles. */
export const DEFAULT_LOOKUP_TYPES = [2, 3, 4, 5];

/** The members in which scripts give a record's id. */
export const RECORD_ID_FIELDS = ['id', 'recordId', 'recordID'] as const;

/** Reads a record's id from any member in which scripts give it. */
export const recordOf = (data: Fields) => ({
  recordId: [...RECORD_ID_FIELDS.map((name) => data[name]), readObject(data.record)?.id]
    .map(readWhole)
    .find((id) => id !== undefined),
});

/** Reads a blip: the data itself, or its member `blip` or `blips`. */
export const blipOf = (data: Fields): Fields => readObject(data.blip) ?? readObject(data.blips) ?? data;

const DISPATCH_READERS = new Map<string, (given: unknown) => unknown>([
  ...['origin', 'status', 'priority'].map((name) => [name, readWhole] as const),
  ...['title', 'block', 'address', 'postal', 'code', 'description'].map((name) => [name, readText] as const),
]);

/**
 * Reads the fields of a call that a script sets, without the ids of the call and the units. Scripts give postal codes
 * as numbers, and numbers as text. Undefined values of JavaScript arrive as null and are skipped.
 */
export function dispatchFields(data: Fields): DispatchFields {
  const metaData = metaDataOf(data.metaData);
  const given = without(data, ...SELECTOR_FIELDS, 'groupName', 'accounts', 'serverId', 'callId', 'metaData');
  const changes = Object.entries(given).flatMap(([name, value]) => {
    const read = DISPATCH_READERS.get(name)?.(value) ?? value;
    return read === null || read === undefined ? [] : [[name, read]];
  });
  return { ...Object.fromEntries(changes), ...(metaData !== undefined && { metaData }) };
}

/** Builds the metadata of a 911 call, with the defaults that scripts rely on. */
export function emergencyMetaData({ metaData, coords }: Fields): Record<string, string> {
  const { silenceAlert, ...given } = metaDataOf(metaData) ?? {};
  const { x, y, z } = readObject(coords) ?? {};
  const defaults = { plate: '', postal: '', silentAlert: silenceAlert ?? 'false', useCallLocation: 'false' };
  return { ...defaults, ...metaDataOf({ x, y, z }), ...given };
}

/** Creates the legacy request of an endpoint that takes a list: scripts give a bare list, or one under a given name. */
export function listRequest<const Name extends string>(
  name: Name,
  ...others: string[]
): LegacyRequest<{ readonly [K in Name]: readonly unknown[] }, unknown> {
  const listNames = [name, ...others];
  const named = (data: Fields) => listNames.map((each) => data[each]).find((value) => value !== undefined);
  const read = (data: Fields, whole: Fields | readonly unknown[]) => ({
    [name]: Array.isArray(whole) ? whole : listOf(named(data)),
  });
  return { listNames, reads: [read as InputReader<{ readonly [K in Name]: readonly unknown[] }>] };
}

/** Reads stations: a table or its JSON, given directly or as `config`. */
export function stationsOf(data: Fields): unknown {
  const config = data.config ?? without(data, 'serverId');
  if (typeof config !== 'string') return readObject(config) ?? config;
  try {
    return JSON.parse(config);
  } catch {
    return config;
  }
}

/** Splits a script's data into blips: a bare list, or `blips` with a common `serverId`. */
export function blipsOf(whole: Fields | readonly unknown[]): readonly unknown[] {
  if (Array.isArray(whole)) return whole;
  const { blips, serverId } = whole as Fields;
  return Array.isArray(blips) ? blips.map((blip) => ({ serverId, ...readObject(blip) })) : [whole];
}

/** Reads text; empty for a value that is not text. */
export const readTextOrEmpty = (given: unknown): string => readText(given) ?? '';
export const done = () => ({ ok: true });
export const callOf = ({ callId, id }: Fields) => ({ callId: readWhole(callId ?? id) });
export const page = { limit: readWhole, offset: readWhole };
