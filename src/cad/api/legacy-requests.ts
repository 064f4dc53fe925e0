import {
  asList,
  type Fields,
  readFilledText,
  readFlag,
  readIds,
  readObject,
  readText,
  readTexts,
  readWhole,
  without,
} from '../../events/read-values.ts';
import type { Optional } from './endpoint.ts';
import {
  type ApiInput,
  type ApiOutput,
  type DispatchFields,
  type EndpointName,
  endpointOf,
  type UnitSelector,
} from './endpoints.ts';
import type { AccountSelector, ServerEntry } from './general-endpoints.ts';

/** Reads a part of what an endpoint takes: members of the same name, each by its reader, or what a function makes of the data. */
type Part<Input> =
  | ((data: Fields, whole: Fields | readonly unknown[]) => Optional<Input>)
  | { readonly [K in keyof Input]?: (given: unknown) => Input[K] | undefined };

/** What else there is to a request. */
interface More<Name extends EndpointName> {
  /** The text that version 1 of the API answered, for scripts that look into it. */
  readonly toText?: (output: ApiOutput<Name>) => string;
  /** What the official resource gives scripts, where that is not what the CAD answered. */
  readonly gives?: (output: ApiOutput<Name>, answers: readonly unknown[]) => unknown;
  /** For a list that may stand by itself: the names under which it may stand, too. */
  readonly listNames?: readonly string[];
  /** For what may be given as a list, each of which is a request of its own. */
  readonly entries?: (whole: Fields | readonly unknown[]) => readonly unknown[];
}

/** Joins an old name to an endpoint, so that both fit. */
function asks<Name extends EndpointName>(
  endpoint: Name,
  parts: readonly Part<ApiInput<Name>>[],
  more: More<Name> = {},
) {
  const isOfServer = endpointOf(endpoint).request.includes('{serverId}');
  return {
    endpoint: endpoint as EndpointName,
    /** Takes what a script gave out of its one-element list, unless that list is itself what is to be sent. */
    unwrap(given: unknown): Fields | readonly unknown[] {
      const only = readObject(given) ?? {};
      const isBare = more.listNames?.every((name) => only[name] === undefined) === true;
      return Array.isArray(given) && (given.length !== 1 || isBare) ? given : only;
    },
    /**
     * @param whole as `unwrap` gives it; a list only for what is one
     * @returns what the endpoint takes; what the script left out is missing from it, and refused with the request
     */
    toInput(whole: Fields | readonly unknown[]): object {
      const data = Array.isArray(whole) ? {} : (whole as Fields);
      const read = parts.map((part) => {
        if (typeof part === 'function') return part(data, whole);
        const readers = Object.entries(part) as [string, (given: unknown) => unknown][];
        return Object.fromEntries(readers.map(([name, reader]) => [name, reader(data[name])]));
      });
      const input: Fields = Object.assign({}, ...read, isOfServer && { serverId: readWhole(data.serverId) });
      return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
    },
    ...(more as More<EndpointName>),
  };
}

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
const listOf = ifGiven(asList);
const wholesOf = ifGiven(readIds);
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
function unitsOf(data: Fields): UnitSelector {
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
function unitListsOf(data: Fields): UnitSelector {
  const { accountUuid, communityUserId, communityUserIds, ...others } = unitsOf(data);
  return {
    ...others,
    communityUserIds: communityUserIds ?? listOfOne(communityUserId),
    accounts: textsOf(data.accounts) ?? listOfOne(accountUuid),
  };
}

const listOfOne = <T>(value: T | undefined): T[] | undefined => (value === undefined ? undefined : [value]);

/** Which account a script means. */
function accountOf(data: Fields): AccountSelector {
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

const uuidOf = (data: Fields) => ({ accountUuid: accountOf(data).accountUuid });
const playerOf = (data: Fields) => ({ communityUserId: accountOf(data).communityUserId });

/** The rest of the data under its own names, with the account under those of version 2. */
function sentWithAccount(data: Fields): Fields {
  const { accountUuid, communityUserId } = accountOf(data);
  return {
    ...without(data, 'account', 'apiId', 'user'),
    ...(accountUuid !== undefined && { accountUuid }),
    ...(communityUserId !== undefined && { communityUserId }),
  };
}

/** Version 1 told a lookup whom to show what it found by `apiId`. */
function lookupFields(data: Fields): Fields {
  const notify = readText(data.apiId ?? data.communityUserId);
  return { ...without(data, 'apiId', 'communityUserId'), ...(notify && { notifyCommunityUserId: notify }) };
}

/** What the official resource looks for unless it is told: warrants, BOLOs, licences and vehicles. */
const USUAL_TYPES = [2, 3, 4, 5];

const NUMBERED = ['id', 'recordId', 'recordID'] as const;

/** The record's number, wherever the script put it. */
const recordOf = (data: Fields) => ({
  recordId: [...NUMBERED.map((name) => data[name]), readObject(data.record)?.id]
    .map(readWhole)
    .find((id) => id !== undefined),
});

/** A blip is the data itself, or the only one in `blip` or `blips`. */
const blipOf = (data: Fields): Fields => readObject(data.blip) ?? readObject(data.blips) ?? data;

const DISPATCH_READERS = new Map<string, (given: unknown) => unknown>([
  ...['origin', 'status', 'priority'].map((name) => [name, readWhole] as const),
  ...['title', 'block', 'address', 'postal', 'code', 'description'].map((name) => [name, readText] as const),
]);

/**
 * What is set of a call: neither which call it is, nor which units. Scripts have a postal code as a number, and numbers as text; what is
 * undefined in JavaScript arrives as null.
 */
function dispatchFields(data: Fields): DispatchFields {
  const metaData = metaDataOf(data.metaData);
  const given = without(data, ...SELECTORS, 'groupName', 'accounts', 'serverId', 'callId', 'metaData');
  const changes = Object.entries(given).flatMap(([name, value]) => {
    const read = DISPATCH_READERS.get(name)?.(value) ?? value;
    return read === null || read === undefined ? [] : [[name, read]];
  });
  return { ...Object.fromEntries(changes), ...(metaData !== undefined && { metaData }) };
}

/** What each 911 call says, as scripts that take one count on it. */
function emergencyMetaData({ metaData, coords }: Fields): Record<string, string> {
  const { silenceAlert, ...given } = metaDataOf(metaData) ?? {};
  const { x, y, z } = readObject(coords) ?? {};
  const usual = { plate: '', postal: '', silentAlert: silenceAlert ?? 'false', useCallLocation: 'false' };
  return { ...usual, ...metaDataOf({ x, y, z }), ...given };
}

/** An endpoint that takes a list, which scripts give as it is or under one of these names. */
function asksForList<Name extends EndpointName>(
  endpoint: Name,
  name: keyof ApiInput<Name> & string,
  ...others: string[]
) {
  const listNames = [name, ...others];
  const named = (data: Fields) => listNames.map((each) => data[each]).find((value) => value !== undefined);
  const part: Part<ApiInput<Name>> = (data, whole) =>
    ({ [name]: Array.isArray(whole) ? whole : listOf(named(data)) }) as Optional<ApiInput<Name>>;
  return asks(endpoint, [part], { listNames });
}

/** Stations are a table, its JSON, or either of them in `config`. */
function stationsOf(data: Fields): unknown {
  const config = data.config ?? without(data, 'serverId');
  if (typeof config !== 'string') return readObject(config) ?? config;
  try {
    return JSON.parse(config);
  } catch {
    return config;
  }
}

/** Blips in a list, or in `blips`, each with the server that is named beside it. */
function blipsOf(whole: Fields | readonly unknown[]): readonly unknown[] {
  if (Array.isArray(whole)) return whole;
  const { blips, serverId } = whole as Fields;
  return Array.isArray(blips) ? blips.map((blip) => ({ serverId, ...readObject(blip) })) : [whole];
}

const emptyUnlessText = (given: unknown): string => readText(given) ?? '';
const done = () => ({ ok: true });
const callOf = ({ callId, id }: Fields) => ({ callId: readWhole(callId ?? id) });
const page = { limit: readWhole, offset: readWhole };
const callId = { callId: readWhole };

/**
 * By name: those of the official resource's version 4, and those of version 1 that scripts still send. A star marks what it answered by
 * text.
 */
const REQUESTS: Readonly<Record<string, ReturnType<typeof asks>>> = {
  // The community, its servers, accounts and units
  GET_VERSION: asks('getVersion', [], { gives: ({ version }) => String(version) }),
  GET_SERVERS: asks('getServers', []),
  SET_SERVERS: asks('setServers', [{ servers: (given) => listOf(given) as readonly ServerEntry[] | undefined }]),
  HEARTBEAT: asks('heartbeat', [{ playerCount: readWhole }]),
  'AUTH_STREETSIGNS AUTHORIZE_STREET_SIGNS': asks('authorizeStreetSigns', []),
  GET_ACCOUNT: asks('getAccount', [accountOf]),
  GET_ACCOUNTS: asks('getAccounts', [page, { status: readWhole, username: readText }]),
  'CHECK_APIID*': asks('getAccount', [accountOf], { toText: ({ username }) => readText(username) ?? '' }),
  VERIFY_SECRET: asks('verifySecret', [{ secret: readText }]),
  CREATE_COMMUNITY_LINK: asks('createLink', [playerOf]),
  CHECK_COMMUNITY_LINK: asks('checkLink', [playerOf]),
  GET_ACTIVE_UNITS: asks('getUnits', [page, { includeOffline: readFlag, onlyUnits: readFlag }]),
  GET_ACCOUNT_UNITS: asks('getAccountUnits', [uuidOf, page, { onlyOnline: readFlag, onlyUnits: readFlag }]),
  GET_CURRENT_CALL: asks('getCurrentCall', [uuidOf]),
  GET_IDENTIFIERS: asks('getIdentifiers', [uuidOf]),
  'SET_UNIT_STATUS UNIT_STATUS*': asks('setUnitStatus', [unitsOf, { status: readWhole }]),
  'SET_UNIT_PANIC UNIT_PANIC PANIC': asks('setUnitPanic', [unitsOf, { isPanic: (given) => readFlag(given) ?? true }]),
  KICK_UNIT: asks('kickUnit', [unitsOf, { reason: emptyUnlessText }], { gives: done }),

  // Records, the map and administration
  LOOKUP: asks('lookup', [(data) => ({ types: USUAL_TYPES, ...lookupFields(data) })]),
  'LOOKUP_BY_VALUE LOOKUP_VALUE LOOKUP_INT*': asks('lookupByValue', [lookupFields]),
  'CREATE_RECORD NEW_RECORD*': asks('createRecord', [sentWithAccount]),
  'EDIT_RECORD*': asks('updateRecord', [(data) => without(sentWithAccount(data), ...NUMBERED), recordOf]),
  'REMOVE_RECORD*': asks('removeRecord', [recordOf]),
  GET_TEMPLATES: asks('getTemplates', [{ recordTypeId: readWhole }]),
  GET_CHARACTERS: asks('getCharacters', [(data) => without({ ...accountOf(data) }, 'username', 'discord')]),
  SEND_PHOTO: asks('sendPhoto', [sentWithAccount]),
  SET_ACCOUNT_PERMISSIONS: asks('setAccountPermissions', [sentWithAccount]),
  APPLY_PERMISSION_KEY: asks('applyPermissionKey', [sentWithAccount]),
  BAN_USER: asks('banAccount', [sentWithAccount]),
  GET_BLIPS: asks('getBlips', []),
  'CREATE_BLIPS ADD_BLIP*': asks('createBlip', [(data) => without(blipOf(data), 'id')], {
    entries: blipsOf,
    gives: (_last, answers) => answers,
  }),
  'UPDATE_BLIPS MODIFY_BLIP*': asks(
    'updateBlip',
    [(data) => without(blipOf(data), 'id'), (data) => ({ blipId: readWhole(blipOf(data).blipId ?? blipOf(data).id) })],
    { entries: blipsOf, gives: done },
  ),
  'DELETE_BLIPS REMOVE_BLIP*': asks('deleteBlips', [
    ({ ids, id, blipId }) => ({ ids: wholesOf(ids) ?? wholesOf(id ?? blipId) ?? [] }),
  ]),
  SET_POSTALS: asksForList('setPostals', 'postals'),
  SET_STREETSIGN_CONFIG: asksForList('setStreetSignConfig', 'signs', 'signConfig'),
  UPDATE_STREETSIGN: asks('updateStreetSigns', [(data) => without(data)]),
  SET_STATIONS: asks('setStations', [(data) => ({ config: stationsOf(data) })]),

  // Calls
  GET_CALLS: asks('getCalls', [{ closedLimit: readWhole, closedOffset: readWhole, type: readWhole }]),
  'CREATE_EMERGENCY_CALL CREATE_911_CALL CALL_911': asks('create911', [
    (data) => without(data, 'deleteAfter', 'coords'),
    {
      isEmergency: (given) => readFlag(given) ?? false,
      caller: emptyUnlessText,
      location: (given) => readText(given) ?? 'Unknown',
      description: emptyUnlessText,
    },
    (data) => ({
      deleteAfterMinutes: readWhole(data.deleteAfterMinutes ?? data.deleteAfter),
      metaData: emergencyMetaData(data),
    }),
  ]),
  'DELETE_EMERGENCY_CALL DELETE_911_CALL REMOVE_911*': asks('remove911', [callOf]),
  'CREATE_DISPATCH_CALL CREATE_CALL NEW_DISPATCH*': asks('createDispatch', [dispatchFields, unitListsOf], {
    toText: (output) => `NEW DISPATCH CREATED - ID: ${output.callId}`,
  }),
  'UPDATE_DISPATCH_CALL EDIT_DISPATCH*': asks('updateDispatch', [
    callOf,
    (data) => ({ changes: without(dispatchFields(data), 'id') }),
  ]),
  'CLOSE_CALL*': asks('closeCalls', [(data) => ({ callIds: wholesOf(data.callIds) ?? wholesOf(data.callId) ?? [] })]),
  ATTACH_UNIT: asks('attachUnits', [callId, unitsOf]),
  DETACH_UNIT: asks('detachUnits', [unitsOf]),
  'ADD_DISPATCH_NOTE ADD_CALL_NOTE': asks('addNote', [callId, { note: readText, noteType: readText, label: readText }]),
  SET_CALL_POSTAL: asks('setPostal', [callId, { postal: readText }]),
  'SET_CALL_PRIMARY*': asks('setPrimary', [
    callId,
    ({ identId, primary }) => ({ identId: readWhole(identId ?? primary) }),
    { trackPrimary: readFlag },
  ]),
  SET_AVAILABLE_CALLOUTS: asksForList('setAvailableCallouts', 'callouts'),
};

const byName = new Map(
  Object.entries(REQUESTS).flatMap(([names, request]) =>
    names.split(' ').map((name) => {
      const isAnsweredByText = name.endsWith('*');
      return [isAnsweredByText ? name.slice(0, -1) : name, { ...request, isAnsweredByText }] as const;
    }),
  ),
);

/**
 * What a script means by a type that it gives to the export `performApiRequest`.
 *
 * @param type in any case
 * @returns null for a name that stands for nothing here
 */
export function legacyRequestOf(type: string) {
  return byName.get(type.trim().toUpperCase()) ?? null;
}

/** @returns what makes the input of an endpoint of what scripts give by an old name for it. @throws where that asks another endpoint */
export function legacyInputOf<Name extends EndpointName>(
  type: string,
  endpoint: Name,
): (data: Fields) => ApiInput<Name> {
  const request = legacyRequestOf(type);
  if (request?.endpoint !== endpoint) throw new Error(`${type} does not ask ${endpoint}`);
  return (data) => request.toInput(data) as ApiInput<Name>;
}
