import * as v from 'valibot';
import { needed, optional } from '../../events/fields.ts';
import { filledText, strictly } from '../../events/kinds.ts';
import {
  type AsSent,
  asSent,
  endpoint,
  kindOf,
  listOrNone,
  loose,
  neededFlag,
  neededWhole,
  type OnServer,
  type Optional,
  only,
  takes,
  textOrEmpty,
  textOrNull,
  wholeOrNull,
} from './endpoint.ts';

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
/** With all that stands beside the list: it may hint that there is more. */
const serverList = loose({ servers: needed(kindOf(v.array(serverEntry, 'a list'))) });

const lookups = { perMinute: 30, mayCoalesce: true, mayRepeat: true, keepsFields: true };

/** About the community, its servers, the accounts of its players, and its records. */
export const generalEndpoints = {
  getVersion: endpoint('GET /v2/general/version', {
    output: only({ version: neededWhole, name: textOrEmpty }),
  }),
  getCommunity: endpoint('GET /v2/general/info', {
    output: v.pipe(
      only({
        uuid: textOrEmpty,
        community: needed(kindOf(only({ comId: textOrEmpty, name: textOrEmpty, timezone: textOrEmpty }))),
      }),
      v.transform((answer) => ({ uuid: answer.uuid, ...answer.community })),
    ),
  }),
  getLoginPage: endpoint('GET /v2/general/login-page', {
    input: takes<Optional<{ communityId: string; url: string }>>(),
  }),
  getTurnCredentials: endpoint('GET /v2/general/turn', { input: takes<Optional<{ userId: string }>>(), perMinute: 20 }),
  getPenalCodes: endpoint('GET /v2/general/penal-codes', { perMinute: 4 }),
  setPenalCodes: endpoint('PUT /v2/general/penal-codes', {
    input: takes<{ codes: readonly unknown[] }>(),
    perMinute: 4,
    replacesBy: 'codes',
  }),
  /** The list is written whole, so what others have written since must be in the answer. */
  getServers: endpoint('GET /v2/general/servers', {
    input: takes<Page>(),
    mustBeNew: true,
    output: serverList,
  }),
  /** Replaces the whole list. */
  setServers: endpoint('PUT /v2/general/servers', {
    input: takes<{ servers: readonly ServerEntry[] } & Optional<{ deployMap: boolean }>>(),
    presets: { deployMap: false },
    // A list that was read too long ago would take back what others have written since.
    mayRepeat: false,
    mayWait: false,
    replacesBy: 'servers',
    output: serverList,
  }),
  heartbeat: endpoint('POST /v2/general/servers/{serverId}/heartbeat', {
    input: takes<OnServer & { playerCount: number }>(),
    mayRepeat: true,
  }),
  /** Fails when the CAD knows another address of this server than the one that asks. */
  authorizeStreetSigns: endpoint('POST /v2/general/servers/{serverId}/street-sign-auth', {
    input: takes<OnServer>(),
    mayRepeat: true,
    output: loose({}),
  }),
  createLink: endpoint('POST /v2/general/links', {
    input: takes<{ communityUserId: string }>(),
    perMinute: 30,
    output: v.pipe(
      only({ code: needed(strictly(filledText)), expiresInSeconds: wholeOrNull }),
      v.transform(({ code, expiresInSeconds }) => ({ code, expiresInSeconds: expiresInSeconds ?? 600 })),
    ),
  }),
  checkLink: endpoint('POST /v2/general/links/check', {
    input: takes<{ communityUserId: string }>(),
    perMinute: 30,
    mayCoalesce: true,
    mayRepeat: true,
    output: only({ linked: neededFlag, accountUuid: textOrNull }),
  }),
  setLink: endpoint('POST /v2/general/links/set', {
    input: takes<OfAccount & { secretUuid: string; communityUserId: string }>(),
    perMinute: 30,
    output: only({ linked: neededFlag, accountUuid: textOrNull, communityUserId: textOrEmpty }),
  }),
  getAccount: endpoint('GET /v2/general/accounts/account', {
    input: takes<AccountSelector>(),
    about: 'account',
    output: loose({}),
  }),
  getAccounts: endpoint('GET /v2/general/accounts', {
    // `status`: 0 pending, 1 validated, 2 expired, 3 removed, 4 banned
    input: takes<Page & Optional<{ status: number; username: string }>>(),
    output: v.pipe(
      only({ accounts: listOrNone, pagination: optional(kindOf(only({ total: wholeOrNull })), { isRefused: true }) }),
      v.transform(({ accounts, pagination }) => ({ accounts, total: pagination?.total ?? accounts.length })),
    ),
  }),
  verifySecret: endpoint('POST /v2/general/secrets/verify', {
    input: takes<{ secret: string }>(),
    mayRepeat: true,
    keepsFields: true,
    // One field, named like the secret, holds the account.
    output: v.pipe(
      loose({}),
      v.transform((answer) => ({
        accountUuid: Object.values(answer).find((value) => typeof value === 'string') ?? null,
      })),
    ),
  }),

  // Records, characters, permissions: only for scripts. Answers hold fields that communities name, and stay as received.
  lookup: asSent('POST /v2/general/lookups', lookups),
  lookupByValue: asSent('POST /v2/general/lookups/by-value', lookups),
  lookupCustom: asSent('POST /v2/general/lookups/custom', lookups),
  sendRecordDraft: asSent('POST /v2/general/record-drafts', { keepsFields: true }),
  createRecord: asSent('POST /v2/general/records', { perMinute: 30, keepsFields: true }),
  updateRecord: endpoint('PATCH /v2/general/records/{recordId}', {
    input: takes<AsSent & { recordId: number }>(),
    keepsFields: true,
  }),
  removeRecord: endpoint('DELETE /v2/general/records/{recordId}', {
    input: takes<{ recordId: number }>(),
    keepsFields: true,
  }),
  getTemplates: endpoint('GET /v2/general/templates/{recordTypeId?}', {
    input: takes<Optional<{ recordTypeId: number }>>(),
    about: 'template',
    keepsFields: true,
  }),
  getCharacters: endpoint('GET /v2/civilian/characters', {
    input: takes<Omit<AccountSelector, 'username' | 'discord'>>(),
    about: 'account',
    keepsFields: true,
  }),
  removeCharacter: endpoint('DELETE /v2/civilian/characters/{characterId}', {
    input: takes<{ characterId: number }>(),
  }),
  setSelectedCharacter: asSent('PUT /v2/civilian/selected-character', { about: 'account or character' }),
  getCharacterLinks: endpoint('GET /v2/civilian/character-links', {
    input: takes<Omit<AccountSelector, 'username'>>(),
    about: 'account',
  }),
  addCharacterLink: endpoint('PUT /v2/civilian/character-links/{syncId}', {
    input: takes<AsSent & { syncId: string }>(),
    about: 'account',
  }),
  removeCharacterLink: endpoint('DELETE /v2/civilian/character-links/{syncId}', {
    input: takes<AsSent & { syncId: string }>(),
    about: 'account or character link',
  }),
  sendPhoto: asSent('POST /v2/general/photos', { about: 'account' }),
  setAccountPermissions: asSent('PATCH /v2/general/accounts/permissions', {
    about: 'account',
    keepsFields: true,
  }),
  applyPermissionKey: asSent('POST /v2/general/permission-keys/applications', {
    about: 'account or permission key',
  }),
  banAccount: asSent('POST /v2/general/account-bans', { about: 'account' }),
};
