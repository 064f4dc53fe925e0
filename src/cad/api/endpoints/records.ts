import { readWhole, without } from '../../../events/read-values.ts';
import { type AsSent, asSent, endpoint, type Optional, takes } from '../endpoint.ts';
import type { AccountSelector } from '../inputs.ts';
import {
  accountOf,
  DEFAULT_LOOKUP_TYPES,
  lookupFields,
  RECORD_ID_FIELDS,
  recordOf,
  sentWithAccount,
} from '../legacy-fields.ts';

const lookups = { perMinute: 30, mayCoalesce: true, mayRepeat: true, keepsFields: true };

/**
 * Endpoints about records and characters, for scripts. Communities name the fields of the answers, so they keep their
 * casing.
 */
export const records = {
  lookup: asSent('POST /v2/general/lookups', {
    says: 'Looks for records by name or plate',
    client: ['lookupV2', '...'],
    ...lookups,
    legacy: { LOOKUP: { reads: [(data) => ({ types: DEFAULT_LOOKUP_TYPES, ...lookupFields(data) })] } },
  }),
  lookupByValue: asSent('POST /v2/general/lookups/by-value', {
    says: 'Looks for records by the value of a field',
    client: ['lookupByValueV2', '...'],
    ...lookups,
    legacy: { 'LOOKUP_BY_VALUE LOOKUP_VALUE LOOKUP_INT*': { reads: [lookupFields] } },
  }),
  lookupCustom: asSent('POST /v2/general/lookups/custom', {
    says: "Looks in the community's own database",
    client: ['lookupCustomV2', '...'],
    ...lookups,
  }),
  sendRecordDraft: asSent('POST /v2/general/record-drafts', {
    says: 'Opens a draft of a record for a unit',
    client: ['sendRecordDraftV2', '...'],
    keepsFields: true,
  }),
  createRecord: asSent('POST /v2/general/records', {
    says: 'Creates a record',
    client: ['createRecordV2', '...'],
    perMinute: 30,
    keepsFields: true,
    legacy: { 'CREATE_RECORD NEW_RECORD*': { reads: [sentWithAccount] } },
  }),
  updateRecord: endpoint('PATCH /v2/general/records/{recordId}', {
    says: 'Changes a record',
    client: ['updateRecordV2', 'recordId', '...'],
    input: takes<AsSent & { recordId: number }>(),
    keepsFields: true,
    legacy: { 'EDIT_RECORD*': { reads: [(data) => without(sentWithAccount(data), ...RECORD_ID_FIELDS), recordOf] } },
  }),
  removeRecord: endpoint('DELETE /v2/general/records/{recordId}', {
    says: 'Removes a record',
    client: ['removeRecordV2', 'recordId'],
    input: takes<{ recordId: number }>(),
    keepsFields: true,
    legacy: { 'REMOVE_RECORD*': { reads: [recordOf] } },
  }),
  getTemplates: endpoint('GET /v2/general/templates/{recordTypeId?}', {
    says: 'The templates of records',
    client: ['getTemplatesV2', 'recordTypeId'],
    input: takes<Optional<{ recordTypeId: number }>>(),
    about: 'template',
    keepsFields: true,
    legacy: { GET_TEMPLATES: { reads: [{ recordTypeId: readWhole }] } },
  }),
  getCharacters: endpoint('GET /v2/civilian/characters', {
    says: 'The characters of an account',
    client: ['getCharactersV2', '...'],
    input: takes<Omit<AccountSelector, 'username' | 'discord'>>(),
    about: 'account',
    keepsFields: true,
    legacy: { GET_CHARACTERS: { reads: [(data) => without({ ...accountOf(data) }, 'username', 'discord')] } },
  }),
  removeCharacter: endpoint('DELETE /v2/civilian/characters/{characterId}', {
    says: 'Removes a character',
    client: ['removeCharacterV2', 'characterId'],
    input: takes<{ characterId: number }>(),
  }),
  setSelectedCharacter: asSent('PUT /v2/civilian/selected-character', {
    says: 'Selects a character',
    client: ['setSelectedCharacterV2', '...'],
    about: 'account or character',
  }),
  getCharacterLinks: endpoint('GET /v2/civilian/character-links', {
    says: 'The characters that are linked with an account',
    client: ['getCharacterLinksV2', '...'],
    input: takes<Omit<AccountSelector, 'username'>>(),
    about: 'account',
  }),
  addCharacterLink: endpoint('PUT /v2/civilian/character-links/{syncId}', {
    says: 'Links a character with an account',
    client: ['addCharacterLinkV2', 'syncId', '...'],
    input: takes<AsSent & { syncId: string }>(),
    about: 'account',
  }),
  removeCharacterLink: endpoint('DELETE /v2/civilian/character-links/{syncId}', {
    says: 'Unlinks a character from an account',
    client: ['removeCharacterLinkV2', 'syncId', '...'],
    input: takes<AsSent & { syncId: string }>(),
    about: 'account or character link',
  }),
  sendPhoto: asSent('POST /v2/general/photos', {
    says: 'Sends a photo to a unit',
    client: ['sendPhotoV2', '...'],
    about: 'account',
    legacy: { SEND_PHOTO: { reads: [sentWithAccount] } },
  }),
};
