import {
  copyFields,
  type Fields,
  readFilledText,
  readFlag,
  readObject,
  readText,
  readTexts,
  readWhole,
  without,
} from '../../events/read-values.ts';
import type { ApiInput, ApiOutput, EndpointName, UnitSelector } from './endpoints.ts';
import type { AccountSelector } from './general-endpoints.ts';

const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;
const SELECTORS = [
  'account',
  'accountUuid',
  'apiId',
  'apiIds',
  'communityUserId',
  'communityUserIds',
  'discord',
  'identId',
  'identIds',
  'roblox',
  'units',
  'user',
] as const;

export const wholeOf = (given: unknown): number | undefined => readWhole(given) as number | undefined;
export const textOf = (given: unknown): string | undefined => readText(given) as string | undefined;
export const flagOf = (given: unknown): boolean | undefined => readFlag(given) as boolean | undefined;

const filledText = (given: unknown): string | undefined => readFilledText(given) as string | undefined;

/** A list, or the one thing that should be in it. */
export function listOf(given: unknown): readonly unknown[] | undefined {
  if (given === undefined || given === null) return undefined;
  return Array.isArray(given) ? given : [given];
}

export const wholesOf = (given: unknown): number[] | undefined =>
  listOf(given)
    ?.map(wholeOf)
    .filter((number) => number !== undefined);

function textsOf(given: unknown): string[] | undefined {
  return given === undefined || given === null ? undefined : (readTexts(given) as string[]);
}

/** The server, when the script names one. */
export const serverOf = (data: Fields): { serverId: number | undefined } => ({ serverId: wholeOf(data.serverId) });

/** What metadata holds as text: the CAD takes nothing else. */
export function metaDataOf(given: unknown): Record<string, string> | undefined {
  const object = readObject(given);
  if (object === undefined) return undefined;
  const texts = Object.entries(copyFields(object)).map(([name, value]) => [name, textOf(value)] as const);
  return Object.fromEntries(texts.filter((entry): entry is readonly [string, string] => entry[1] !== undefined));
}

/**
 * Which units a script means. Version 1 said `apiId`, `apiIds` or `units` for the ids of players, and `account` for the id of an
 * account; some scripts give a player's id as `account`.
 */
export function unitsOf(data: Fields): UnitSelector {
  const { accountUuid, communityUserId } = accountOf(data);
  const ids = textsOf(data.communityUserIds) ?? textsOf(data.apiIds) ?? textsOf(data.units);
  const identIds = wholesOf(data.identIds) ?? wholesOf(data.identId);
  return {
    ...(identIds !== undefined && { identIds }),
    ...(ids !== undefined && { communityUserIds: ids }),
    ...(ids === undefined && communityUserId !== undefined && { communityUserId }),
    ...(accountUuid !== undefined && { accountUuid }),
    ...(data.groupName !== undefined && { groupName: textOf(data.groupName) }),
    ...rawSelectors(data),
  };
}

/** As `unitsOf`, for requests that take players and accounts only as lists. */
export function unitListsOf(data: Fields): UnitSelector {
  const { accountUuid, communityUserId, communityUserIds, ...others } = unitsOf(data);
  const ids = communityUserIds ?? (communityUserId === undefined ? undefined : [communityUserId]);
  const accounts = textsOf(data.accounts) ?? (accountUuid === undefined ? undefined : [accountUuid]);
  return {
    ...others,
    ...(ids !== undefined && { communityUserIds: ids }),
    ...(accounts !== undefined && { accounts }),
  };
}

/** Which account a script means. */
export function accountOf(data: Fields): AccountSelector {
  const account = filledText(data.account) ?? filledText(data.user);
  const isUuid = account !== undefined && UUID.test(account);
  const accountUuid = filledText(data.accountUuid) ?? (isUuid ? account : undefined);
  const communityUserId = filledText(data.communityUserId) ?? filledText(data.apiId) ?? (isUuid ? undefined : account);
  const username = filledText(data.username);
  return {
    ...(accountUuid !== undefined && { accountUuid }),
    ...(communityUserId !== undefined && { communityUserId }),
    ...(username !== undefined && { username }),
    ...rawSelectors(data),
  };
}

/** The rest of the data under its own names, with the account under those of version 2. */
export function sentWithAccount(data: Fields): Record<string, unknown> {
  const { accountUuid, communityUserId } = accountOf(data);
  return {
    ...without(data, 'account', 'apiId', 'user'),
    ...(accountUuid !== undefined && { accountUuid }),
    ...(communityUserId !== undefined && { communityUserId }),
  };
}

/** The data without what says which units are meant. */
export function withoutUnits(data: Fields, ...more: readonly string[]): Record<string, unknown> {
  return without(data, ...SELECTORS, 'groupName', 'accounts', 'serverId', ...more);
}

function rawSelectors({ roblox, discord }: Fields): Pick<UnitSelector, 'roblox' | 'discord'> & AccountSelector {
  const found = { roblox: textOf(roblox), discord: textOf(discord) };
  return {
    ...(found.roblox !== undefined && { roblox: found.roblox }),
    ...(found.discord !== undefined && { discord: found.discord }),
  };
}

/** What a script asks for by one of the old names. */
export interface LegacyRequest {
  readonly endpoint: EndpointName;
  /**
   * @param data as the script gave it, out of its one-element list; a list only for what is one
   * @returns what the endpoint takes; what the script left out is missing from it, and refused with the request
   */
  toInput(data: Fields | readonly unknown[]): object;
  /** The text that version 1 of the API answered, for scripts that look into it. */
  toText?(output: unknown): string;
}

/** An input of which a script may have left out anything. */
type Unproven<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Joins a name's way of asking to an endpoint, so that both fit. */
export function legacyRequest<Name extends EndpointName>(
  endpoint: Name,
  toInput: (data: Fields, whole: Fields | readonly unknown[]) => Unproven<ApiInput<Name>>,
  toText?: (output: ApiOutput<Name>) => string,
): LegacyRequest {
  return {
    endpoint,
    toInput: (data) => toInput(Array.isArray(data) ? {} : (data as Fields), data),
    ...(toText && { toText: (output: unknown) => toText(output as ApiOutput<Name>) }),
  };
}
