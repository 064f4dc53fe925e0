import type { ServerEntry } from '../endpoints/general.ts';
import { accountOf, flagOf, listOf, serverOf, textOf, unitsOf, wholeOf } from './legacy-fields.ts';
import { legacyRequest } from './legacy-request.ts';

const setUnitStatus = legacyRequest('setUnitStatus', (data) => ({
  ...serverOf(data),
  ...unitsOf(data),
  status: wholeOf(data.status),
}));
const setUnitPanic = legacyRequest('setUnitPanic', (data) => ({
  ...serverOf(data),
  ...unitsOf(data),
  isPanic: flagOf(data.isPanic) ?? true,
}));
const authorizeStreetSigns = legacyRequest('authorizeStreetSigns', serverOf);

/** The community, its servers, accounts and units by their old names. */
export const legacyGeneral = {
  GET_VERSION: legacyRequest(
    'getVersion',
    () => ({}),
    ({ version }) => String(version),
  ),
  GET_SERVERS: legacyRequest('getServers', () => ({})),
  SET_SERVERS: legacyRequest(
    'setServers',
    (data) => ({ servers: listOf(data.servers) as readonly ServerEntry[] | undefined }),
    () => 'Server config updated',
  ),
  HEARTBEAT: legacyRequest('heartbeat', (data) => ({ ...serverOf(data), playerCount: wholeOf(data.playerCount) })),
  AUTH_STREETSIGNS: authorizeStreetSigns,
  AUTHORIZE_STREET_SIGNS: authorizeStreetSigns,
  GET_ACCOUNT: legacyRequest('getAccount', accountOf),
  GET_ACCOUNTS: legacyRequest('getAccounts', (data) => ({
    limit: wholeOf(data.limit),
    offset: wholeOf(data.offset),
    status: wholeOf(data.status),
    username: textOf(data.username),
  })),
  CHECK_APIID: legacyRequest('getAccount', accountOf, ({ username }) => textOf(username) ?? ''),
  VERIFY_SECRET: legacyRequest(
    'verifySecret',
    (data) => ({ secret: textOf(data.secret) }),
    ({ accountUuid }) => accountUuid ?? '',
  ),
  CREATE_COMMUNITY_LINK: legacyRequest('createLink', (data) => ({ communityUserId: accountOf(data).communityUserId })),
  CHECK_COMMUNITY_LINK: legacyRequest('checkLink', (data) => ({ communityUserId: accountOf(data).communityUserId })),
  GET_ACTIVE_UNITS: legacyRequest('getUnits', (data) => ({
    ...serverOf(data),
    includeOffline: flagOf(data.includeOffline),
    onlyUnits: flagOf(data.onlyUnits),
    limit: wholeOf(data.limit),
    offset: wholeOf(data.offset),
  })),
  GET_ACCOUNT_UNITS: legacyRequest('getAccountUnits', (data) => ({
    ...serverOf(data),
    accountUuid: accountOf(data).accountUuid,
    onlyOnline: flagOf(data.onlyOnline),
    onlyUnits: flagOf(data.onlyUnits),
    limit: wholeOf(data.limit),
    offset: wholeOf(data.offset),
  })),
  GET_CURRENT_CALL: legacyRequest('getCurrentCall', (data) => ({ accountUuid: accountOf(data).accountUuid })),
  GET_IDENTIFIERS: legacyRequest('getIdentifiers', (data) => ({ accountUuid: accountOf(data).accountUuid })),
  SET_UNIT_STATUS: setUnitStatus,
  UNIT_STATUS: setUnitStatus,
  SET_UNIT_PANIC: setUnitPanic,
  UNIT_PANIC: setUnitPanic,
  PANIC: setUnitPanic,
  KICK_UNIT: legacyRequest('kickUnit', (data) => ({
    ...serverOf(data),
    ...unitsOf(data),
    reason: textOf(data.reason) ?? '',
  })),
};
