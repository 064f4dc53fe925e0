import * as v from 'valibot';
import { filledText, needed, optional, strictly } from '../../../events/fields.ts';
import {
  anything,
  fields,
  kindOf,
  listOrNone,
  loose,
  neededFlag,
  neededWhole,
  only,
  textOrEmpty,
  textOrNull,
  wholeOrNull,
} from './answers.ts';
import { endpoint, type OnServer, segment } from './endpoint.ts';

/** A server in the CAD's list, every field as it was read: what is not known must survive being written back. */
export type ServerEntry = Readonly<Record<string, unknown>>;

const serverEntry = v.custom<ServerEntry>(
  (given) => typeof given === 'object' && given !== null && !Array.isArray(given),
  'another value',
);
/** With all that stands beside the list: it may hint that there is more. */
const servers = loose({ servers: needed(kindOf(v.array(serverEntry, 'a list'))) });
const linksPerMinute = 30;

/** By which an account is asked for: exactly one of them. */
export interface AccountSelector {
  readonly communityUserId?: string | undefined;
  readonly accountUuid?: string | undefined;
  readonly username?: string | undefined;
  readonly roblox?: string | number | undefined;
  readonly discord?: string | undefined;
}

/** About the community, its servers, and the accounts of its players. */
export const generalEndpoints = {
  getVersion: endpoint({
    method: 'GET',
    path: () => '/v2/general/version',
    answer: only({ version: neededWhole, name: textOrEmpty }),
  }),
  getCommunity: endpoint({
    method: 'GET',
    path: () => '/v2/general/info',
    answer: v.pipe(
      only({
        uuid: textOrEmpty,
        community: needed(kindOf(only({ comId: textOrEmpty, name: textOrEmpty, timezone: textOrEmpty }))),
      }),
      v.transform(({ uuid, community }) => ({ uuid, ...community })),
    ),
  }),
  /** The list is written whole, so what others have written since must be in the answer. */
  getServers: endpoint({
    method: 'GET',
    path: (_input: { readonly limit?: number | undefined; readonly offset?: number | undefined }) =>
      '/v2/general/servers',
    query: ({ limit, offset }) => ({ limit, offset }),
    mustBeNew: true,
    answer: servers,
  }),
  /** Replaces the whole list. */
  setServers: endpoint({
    method: 'PUT',
    path: (_input: { readonly servers: readonly ServerEntry[] }) => '/v2/general/servers',
    body: (input) => ({ deployMap: false, servers: input.servers }),
    // A list that was read too long ago would take back what others have written since.
    mayRepeat: false,
    mayWait: false,
    replacesBy: 'servers',
    answer: servers,
  }),
  heartbeat: endpoint({
    method: 'POST',
    path: (input: OnServer & { readonly playerCount: number }, serverId) =>
      `/v2/general/servers/${segment(input.serverId ?? serverId)}/heartbeat`,
    body: ({ playerCount }) => ({ playerCount }),
    mayRepeat: true,
    answer: anything,
  }),
  /** Fails when the CAD knows another address of this server than the one that asks. */
  authorizeStreetSigns: endpoint({
    method: 'POST',
    path: (input: OnServer, serverId) => `/v2/general/servers/${segment(input.serverId ?? serverId)}/street-sign-auth`,
    mayRepeat: true,
    answer: fields,
  }),
  createLink: endpoint({
    method: 'POST',
    path: (_input: { readonly communityUserId: string }) => '/v2/general/links',
    body: ({ communityUserId }) => ({ communityUserId }),
    perMinute: linksPerMinute,
    answer: v.pipe(
      only({ code: needed(strictly(filledText)), expiresInSeconds: wholeOrNull }),
      v.transform(({ code, expiresInSeconds }) => ({ code, expiresInSeconds: expiresInSeconds ?? 600 })),
    ),
  }),
  checkLink: endpoint({
    method: 'POST',
    path: (_input: { readonly communityUserId: string }) => '/v2/general/links/check',
    body: ({ communityUserId }) => ({ communityUserId }),
    perMinute: linksPerMinute,
    mayCoalesce: true,
    mayRepeat: true,
    answer: only({ linked: neededFlag, accountUuid: textOrNull }),
  }),
  setLink: endpoint({
    method: 'POST',
    path: (_input: { readonly accountUuid: string; readonly secretUuid: string; readonly communityUserId: string }) =>
      '/v2/general/links/set',
    body: ({ accountUuid, secretUuid, communityUserId }) => ({ accountUuid, secretUuid, communityUserId }),
    perMinute: linksPerMinute,
    answer: only({ linked: neededFlag, accountUuid: textOrNull, communityUserId: textOrEmpty }),
  }),
  getAccount: endpoint({
    method: 'GET',
    path: (_input: AccountSelector) => '/v2/general/accounts/account',
    query: ({ communityUserId, accountUuid, username, roblox, discord }) => ({
      communityUserId,
      accountUuid,
      username,
      roblox,
      discord,
    }),
    about: 'account',
    answer: fields,
  }),
  getAccounts: endpoint({
    method: 'GET',
    path: (_input: {
      readonly limit?: number | undefined;
      readonly offset?: number | undefined;
      /** 0 pending, 1 validated, 2 expired, 3 removed, 4 banned */
      readonly status?: number | undefined;
      readonly username?: string | undefined;
    }) => '/v2/general/accounts',
    query: ({ limit, offset, status, username }) => ({ limit, offset, status, username }),
    answer: v.pipe(
      only({
        accounts: listOrNone,
        pagination: optional(kindOf(only({ total: wholeOrNull })), { isRefused: true }),
      }),
      v.transform(({ accounts, pagination }) => ({ accounts, total: pagination?.total ?? accounts.length })),
    ),
  }),
  verifySecret: endpoint({
    method: 'POST',
    path: (_input: { readonly secret: string }) => '/v2/general/secrets/verify',
    body: ({ secret }) => ({ secret }),
    mayRepeat: true,
    keepsFields: true,
    // One field, named like the secret, holds the account.
    answer: v.pipe(
      fields,
      v.transform((answer) => ({
        accountUuid: Object.values(answer).find((value) => typeof value === 'string') ?? null,
      })),
    ),
  }),
};
