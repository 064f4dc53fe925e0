import { anything } from './answers.ts';
import { endpoint, except, segment } from './endpoint.ts';

/** What a script sends, passed on as it is: the CAD says what is wrong with it. */
type AsSent = Readonly<Record<string, unknown>>;

interface OfRecord extends AsSent {
  readonly recordId: number;
}

const ofRecord = ({ recordId }: OfRecord) => `/v2/general/records/${segment(recordId)}`;

/** About records, characters, permissions: only for scripts. Answers hold fields that communities name, and stay as received. */
export const recordEndpoints = {
  lookup: endpoint({
    method: 'POST',
    path: (_input: AsSent) => '/v2/general/lookups',
    body: (input) => input,
    mayCoalesce: true,
    mayRepeat: true,
    keepsFields: true,
    answer: anything,
  }),
  lookupByValue: endpoint({
    method: 'POST',
    path: (_input: AsSent) => '/v2/general/lookups/by-value',
    body: (input) => input,
    mayCoalesce: true,
    mayRepeat: true,
    keepsFields: true,
    answer: anything,
  }),
  createRecord: endpoint({
    method: 'POST',
    path: (_input: AsSent) => '/v2/general/records',
    body: (input) => input,
    keepsFields: true,
    answer: anything,
  }),
  updateRecord: endpoint({
    method: 'PATCH',
    path: ofRecord,
    body: (input) => except(input, 'recordId'),
    about: 'record',
    keepsFields: true,
    answer: anything,
  }),
  removeRecord: endpoint({
    method: 'DELETE',
    path: ofRecord,
    about: 'record',
    keepsFields: true,
    answer: anything,
  }),
  getTemplates: endpoint({
    method: 'GET',
    path: ({ recordTypeId }: { readonly recordTypeId?: number | undefined }) =>
      recordTypeId === undefined ? '/v2/general/templates' : `/v2/general/templates/${segment(recordTypeId)}`,
    about: 'template',
    keepsFields: true,
    answer: anything,
  }),
  getCharacters: endpoint({
    method: 'GET',
    path: (_input: {
      readonly communityUserId?: string | undefined;
      readonly accountUuid?: string | undefined;
      readonly roblox?: string | number | undefined;
    }) => '/v2/civilian/characters',
    query: ({ communityUserId, accountUuid, roblox }) => ({ communityUserId, accountUuid, roblox }),
    about: 'account',
    keepsFields: true,
    answer: anything,
  }),
  sendPhoto: endpoint({
    method: 'POST',
    path: (_input: AsSent) => '/v2/general/photos',
    body: (input) => input,
    about: 'account',
    answer: anything,
  }),
  setAccountPermissions: endpoint({
    method: 'PATCH',
    path: (_input: AsSent) => '/v2/general/accounts/permissions',
    body: (input) => input,
    about: 'account',
    keepsFields: true,
    answer: anything,
  }),
  applyPermissionKey: endpoint({
    method: 'POST',
    path: (_input: AsSent) => '/v2/general/permission-keys/applications',
    body: (input) => input,
    about: 'account or permission key',
    answer: anything,
  }),
  banAccount: endpoint({
    method: 'POST',
    path: (_input: AsSent) => '/v2/general/account-bans',
    body: (input) => input,
    about: 'account',
    answer: anything,
  }),
};
