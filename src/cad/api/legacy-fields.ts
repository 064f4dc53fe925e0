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
const SELECTORS =
  'account accountUuid apiId apiIds communityUserId communityUserIds discord identId identIds roblox units user'.split(
    ' ',
  );

const ifGiven =
  <Value>(read: (given: unknown) => Value) =>
  (given: unknown): Value | undefined =>
    given === undefined || given === null ? undefined : read(given);

/** Lists, or the one thing that should be in them. */
export const listOf = ifGiven(asList);
export const wholesOf = ifGiven(readIds);
const textsOf = ifGiven(readTexts);

/** What metadata holds as text: the CAD takes nothing else. */
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
 * Which units a script means. Version 1 said `apiId`, `apiIds` or `units` for the ids of players, and `account` for the id of an
 * account; some scripts give a player's id as `account`.
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

/** As `unitsOf`, for requests that take players and accounts only as lists. */
export function unitListsOf(data: Fields): UnitSelector {
  const { accountUuid, communityUserId, communityUserIds, ...others } = unitsOf(data);
  return {
    ...others,
    communityUserIds: communityUserIds ?? listOfOne(communityUserId),
    accounts: textsOf(data.accounts) ?? listOfOne(accountUuid),
  };
}

const listOfOne = <T>(value: T | undefined): T[] | undefined => (value === undefined ? undefined : [value]);

/** Which account a script means. */
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

/** The rest of the data under its own names, with the account under those of version 2. */
export function sentWithAccount(data: Fields): Fields {
  const { accountUuid, communityUserId } = accountOf(data);
  return {
    ...without(data, 'account', 'apiId', 'user'),
    ...(accountUuid !== undefined && { accountUuid }),
    ...(communityUserId !== undefined && { communityUserId }),
  };
}

/** Version 1 told a lookup whom to show what it found by `apiId`. */
export function lookupFields(data: Fields): Fields {
  const notify = readText(data.apiId ?? data.communityUserId);
  return { ...without(data, 'apiId', 'communityUserId'), ...(notify && { notifyCommunityUserId: notify }) };
}

/** What the official resource looks for unless it is told: warrants, BOLOs, licences and vehicles. */
export const USUAL_TYPES = [2, 3, 4, 5];

export const RECORD_NUMBERS = ['id', 'recordId', 'recordID'] as const;

/** The record's number, wherever the script put it. */
export const recordOf = (data: Fields) => ({
  recordId: [...RECORD_NUMBERS.map((name) => data[name]), readObject(data.record)?.id]
    .map(readWhole)
    .find((id) => id !== undefined),
});

/** A blip is the data itself, or the only one in `blip` or `blips`. */
export const blipOf = (data: Fields): Fields => readObject(data.blip) ?? readObject(data.blips) ?? data;

const DISPATCH_READERS = new Map<string, (given: unknown) => unknown>([
  ...['origin', 'status', 'priority'].map((name) => [name, readWhole] as const),
  ...['title', 'block', 'address', 'postal', 'code', 'description'].map((name) => [name, readText] as const),
]);

/**
 * What is set of a call: neither which call it is, nor which units. Scripts have a postal code as a number, and numbers as text; what is
 * undefined in JavaScript arrives as null.
 */
export function dispatchFields(data: Fields): DispatchFields {
  const metaData = metaDataOf(data.metaData);
  const given = without(data, ...SELECTORS, 'groupName', 'accounts', 'serverId', 'callId', 'metaData');
  const changes = Object.entries(given).flatMap(([name, value]) => {
    const read = DISPATCH_READERS.get(name)?.(value) ?? value;
    return read === null || read === undefined ? [] : [[name, read]];
  });
  return { ...Object.fromEntries(changes), ...(metaData !== undefined && { metaData }) };
}

/** What each 911 call says, as scripts that take one count on it. */
export function emergencyMetaData({ metaData, coords }: Fields): Record<string, string> {
  const { silenceAlert, ...given } = metaDataOf(metaData) ?? {};
  const { x, y, z } = readObject(coords) ?? {};
  const usual = { plate: '', postal: '', silentAlert: silenceAlert ?? 'false', useCallLocation: 'false' };
  return { ...usual, ...metaDataOf({ x, y, z }), ...given };
}

/** A request for an endpoint that takes a list, which scripts give as it is or under one of these names. */
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

/** Stations are a table, its JSON, or either of them in `config`. */
export function stationsOf(data: Fields): unknown {
  const config = data.config ?? without(data, 'serverId');
  if (typeof config !== 'string') return readObject(config) ?? config;
  try {
    return JSON.parse(config);
  } catch {
    return config;
  }
}

/** Blips in a list, or in `blips`, each with the server that is named beside it. */
export function blipsOf(whole: Fields | readonly unknown[]): readonly unknown[] {
  if (Array.isArray(whole)) return whole;
  const { blips, serverId } = whole as Fields;
  return Array.isArray(blips) ? blips.map((blip) => ({ serverId, ...readObject(blip) })) : [whole];
}

/** Text; empty for what is none. */
export const textOrNothing = (given: unknown): string => readText(given) ?? '';
export const done = () => ({ ok: true });
export const callOf = ({ callId, id }: Fields) => ({ callId: readWhole(callId ?? id) });
export const page = { limit: readWhole, offset: readWhole };
