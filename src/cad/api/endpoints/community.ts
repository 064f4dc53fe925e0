import * as v from 'valibot';
import { needed, optional } from '../../../events/fields.ts';
import { filledText, strictly, text } from '../../../events/kinds.ts';
import { readText, readWhole } from '../../../events/read-values.ts';
import {
  kindOf,
  listOrNone,
  loose,
  mapped,
  neededFlag,
  neededWhole,
  only,
  textOrEmpty,
  textOrNull,
  wholeOrNull,
} from '../answers.ts';
import { asSent, endpoint, type OnServer, type Optional, takes } from '../endpoint.ts';
import { type AccountSelector, type OfAccount, type Page, type ServerEntry, serverEntry } from '../inputs.ts';
import { accountOf, listOf, page, playerOf, sentWithAccount } from '../legacy-fields.ts';

/** The answer with all its fields, because fields beside the list may indicate that it is incomplete. */
const serverList = loose({
  servers: needed(kindOf({ schema: v.array(serverEntry, 'a list'), fieldNames: [] })),
});

/** Endpoints about the community, its servers and the accounts of its players. */
export const community = {
  getVersion: endpoint('GET /v2/general/version', {
    says: "The community's plan",
    client: ['getVersionV2'],
    output: only({ version: neededWhole, name: textOrEmpty }),
    legacy: { GET_VERSION: { gives: ({ version }) => String(version) } },
  }),
  getCommunity: endpoint('GET /v2/general/info', {
    says: "The community's name and time zone",
    client: ['getInfoV2'],
    output: mapped(
      only({
        uuid: textOrEmpty,
        community: needed(kindOf(only({ comId: textOrEmpty, name: textOrEmpty, timezone: textOrEmpty }))),
      }),
      (answer) => ({ uuid: answer.uuid, ...answer.community }),
    ),
  }),
  getLoginPage: endpoint('GET /v2/general/login-page', {
    says: 'The login page of a community',
    client: ['getLoginPageV2', '...'],
    input: takes<Optional<{ communityId: string; url: string }>>(),
  }),
  getTurnCredentials: endpoint('GET /v2/general/turn', {
    says: 'Credentials for the voice relay',
    client: ['getTurnCredentialsV2', '...'],
    input: takes<Optional<{ userId: string }>>(),
    perMinute: 20,
  }),
  getPenalCodes: endpoint('GET /v2/general/penal-codes', {
    says: 'The penal codes',
    client: ['getPenalCodesV2'],
    perMinute: 4,
  }),
  setPenalCodes: endpoint('PUT /v2/general/penal-codes', {
    says: 'Replaces all penal codes',
    client: ['setPenalCodesV2', 'codes'],
    input: takes<{ codes: readonly unknown[] }>(),
    perMinute: 4,
    replacesBy: 'codes',
  }),
  /**
   * Never shares an older answer: the list is written back whole, and must contain what other programs wrote before.
   */
  getServers: endpoint('GET /v2/general/servers', {
    says: 'The list of servers',
    client: ['getServersV2'],
    input: takes<Page>(),
    mustBeNew: true,
    output: serverList,
    legacy: { GET_SERVERS: {} },
  }),
  /** Replaces the whole list. */
  setServers: endpoint('PUT /v2/general/servers', {
    says: 'Replaces the list of servers',
    client: ['setServersV2', 'servers', 'deployMap'],
    input: takes<{ servers: readonly ServerEntry[] } & Optional<{ deployMap: boolean }>>(),
    presets: { deployMap: false },
    // A delayed write would undo what other programs wrote since the list was read.
    mayRepeat: false,
    mayWait: false,
    replacesBy: 'servers',
    output: serverList,
    legacy: { SET_SERVERS: { reads: [{ servers: (given) => listOf(given) as readonly ServerEntry[] | undefined }] } },
  }),
  heartbeat: endpoint('POST /v2/general/servers/{serverId}/heartbeat', {
    says: 'Reports that this server is running, and its number of players',
    client: ['heartbeatV2', 'serverId', 'playerCount'],
    input: takes<OnServer & { playerCount: number }>(),
    mayRepeat: true,
    legacy: { HEARTBEAT: { reads: [{ playerCount: readWhole }] } },
  }),
  /** Fails when the request comes from another address than the CAD knows for this server. */
  authorizeStreetSigns: endpoint('POST /v2/general/servers/{serverId}/street-sign-auth', {
    says: 'Lets this server change street signs',
    client: ['authorizeStreetSignsV2', 'serverId'],
    input: takes<OnServer>(),
    mayRepeat: true,
    output: loose({}),
    legacy: { 'AUTH_STREETSIGNS AUTHORIZE_STREET_SIGNS': {} },
  }),
  createLink: endpoint('POST /v2/general/links', {
    says: 'A code with which a player links their account',
    client: ['createCommunityLinkV2', '...'],
    input: takes<{ communityUserId: string }>(),
    perMinute: 30,
    output: mapped(
      only({ code: needed(strictly(filledText)), expiresInSeconds: wholeOrNull }),
      ({ code, expiresInSeconds }) => ({ code, expiresInSeconds: expiresInSeconds ?? 600 }),
    ),
    legacy: { CREATE_COMMUNITY_LINK: { reads: [playerOf] } },
  }),
  checkLink: endpoint('POST /v2/general/links/check', {
    says: 'Whether a player has linked their account',
    client: ['checkCommunityLinkV2', '...'],
    input: takes<{ communityUserId: string }>(),
    perMinute: 30,
    mayCoalesce: true,
    mayRepeat: true,
    output: only({ linked: neededFlag, accountUuid: textOrNull }),
    legacy: { CHECK_COMMUNITY_LINK: { reads: [playerOf] } },
  }),
  setLink: endpoint('POST /v2/general/links/set', {
    says: 'Links a player with an account',
    client: ['setCommunityLinkV2', '...'],
    input: takes<OfAccount & { secretUuid: string; communityUserId: string }>(),
    perMinute: 30,
    output: only({ linked: neededFlag, accountUuid: textOrNull, communityUserId: textOrEmpty }),
  }),
  getAccount: endpoint('GET /v2/general/accounts/account', {
    says: 'One account',
    client: ['getAccountV2', '...'],
    input: takes<AccountSelector>(),
    about: 'account',
    output: loose({ username: optional(text) }),
    legacy: {
      GET_ACCOUNT: { reads: [accountOf] },
      'CHECK_APIID*': { reads: [accountOf], toText: ({ username }) => username ?? '' },
    },
  }),
  getAccounts: endpoint('GET /v2/general/accounts', {
    says: 'All accounts, page by page',
    client: ['getAccountsV2', '...'],
    // `status`: 0 pending, 1 validated, 2 expired, 3 removed, 4 banned
    input: takes<Page & Optional<{ status: number; username: string }>>(),
    output: mapped(
      only({ accounts: listOrNone(), pagination: optional(kindOf(only({ total: wholeOrNull })), { isRefused: true }) }),
      ({ accounts, pagination }) => ({ accounts, total: pagination?.total ?? accounts.length }),
    ),
    legacy: { GET_ACCOUNTS: { reads: [page, { status: readWhole, username: readText }] } },
  }),
  verifySecret: endpoint('POST /v2/general/secrets/verify', {
    says: 'The account that a secret belongs to',
    client: ['verifySecretV2', 'secret'],
    input: takes<{ secret: string }>(),
    mayRepeat: true,
    keepsFields: true,
    // The answer has one field, named like the secret, with the account as its value.
    output: mapped(loose({}), (answer) => ({
      accountUuid: Object.values(answer).find((value) => typeof value === 'string') ?? null,
    })),
    legacy: { VERIFY_SECRET: { reads: [{ secret: readText }] } },
  }),
  setAccountPermissions: asSent('PATCH /v2/general/accounts/permissions', {
    says: 'Changes what an account may do',
    client: ['setAccountPermissionsV2', '...'],
    about: 'account',
    keepsFields: true,
    legacy: { SET_ACCOUNT_PERMISSIONS: { reads: [sentWithAccount] } },
  }),
  applyPermissionKey: asSent('POST /v2/general/permission-keys/applications', {
    says: 'Applies a permission key to an account',
    client: ['applyPermissionKeyV2', '...'],
    about: 'account or permission key',
    legacy: { APPLY_PERMISSION_KEY: { reads: [sentWithAccount] } },
  }),
  banAccount: asSent('POST /v2/general/account-bans', {
    says: 'Bans an account',
    client: ['banUserV2', '...'],
    about: 'account',
    legacy: { BAN_USER: { reads: [sentWithAccount] } },
  }),
};
