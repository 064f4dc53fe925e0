import { filled, needed, optional, shape } from '../fields.ts';
import {
  anything,
  filledText,
  type Kind,
  listOf,
  type OutputOf,
  readAs,
  text,
  textOrNumber,
  whole,
  wholeOrText,
} from '../kinds.ts';
import { readText } from '../read-values.ts';
import { type Description, type Detail, joined, unitDetail, unitName } from './description.ts';
import { entry, MADE_UP } from './entry.ts';
import { legacyEvent } from './legacy-events.ts';

export const charSelected = entry({
  type: 'EVENT_CHAR_SELECTED',
  description: 'A person has selected a character in the CAD.',
  // Whose account, and which character.
  data: shape('CharSelectedData', {
    accId: needed(text, { says: 'Account UUID' }),
    id: needed(textOrNumber, {
      says: "The record's number, or the key of the character in the community's own database, always as received",
      client: 'number',
    }),
  }),
  sample: { accId: MADE_UP.account, id: 1 },
  accepts: ['`id` as number or text: text is never turned into a number, since "007" is a key like any other'],
  concerns: { identities: ({ id }) => (typeof id === 'string' ? [id] : []) },
  legacyEvents: { after: (data) => [legacyEvent('CharacterSelected', data)] },
  describe: ({ id, accId }) => ({
    kind: 'account',
    sentence: joined(' ', [`Character ${id} selected by the account`, accId]),
    details: [
      ['Character', id],
      ['Account', accId],
    ],
  }),
});

export const communityLinkVerified = entry({
  type: 'EVENT_COMMUNITY_LINK_VERIFIED',
  description: 'A person has linked their game account with the CAD.',
  // Who: nothing else of it is used.
  data: shape('CommunityLinkVerifiedData', {
    communityUserId: needed(filledText, { says: 'Identity of the player, bare or prefixed' }),
    accountUuid: filled(text, '', { says: 'Account in the CAD' }),
  }),
  sample: { communityUserId: MADE_UP.identity, accountUuid: MADE_UP.account },
  accepts: [],
  concerns: { identities: ({ communityUserId }) => [communityUserId] },
  legacyEvents: { after: (data) => [legacyEvent('CommunityLinkVerified', data)] },
  describe: ({ communityUserId, accountUuid }) => ({
    kind: 'account',
    sentence: `${joined(' ', ['Account', accountUuid])} linked with ${communityUserId}`,
    details: [
      ['Player', communityUserId],
      ['Account', accountUuid],
    ],
  }),
});

export const getLogs = entry({
  type: 'GET_LOGS',
  description: "The CAD's support asks for logs.",
  // Where they would be sent to.
  data: shape('GetLogsData', { logKey: needed(filledText, { says: 'Names the request, for the answer' }) }),
  sample: { logKey: 'simulated' },
  accepts: ['`logKey` beside `data` (the usual place) or in it'],
  concerns: {},
  dataOptional: true,
  gather: (data, body) => ({ ...data, logKey: body.logKey ?? data.logKey }),
  legacyEvents: { after: ({ logKey }) => [legacyEvent('SendSupportLogs', logKey)] },
  // Its one field is a key for the CAD's support, which has no place in a channel.
  describe: () => ({ kind: 'other', sentence: "Logs requested by the CAD's support", details: [] }),
});

/** A value is text in every known form. One that is not is kept as its JSON, since a record must not lose anything. */
const fieldValue: Kind<string> = readAs(text, (given) => {
  if (given === null || typeof given !== 'object') return readText(given);
  try {
    return JSON.stringify(given);
  } catch {
    return undefined; // nested too deeply to be written down, so no value that anybody filled in
  }
});

const recordField = shape('RecordField', {
  type: filled(text, '', { says: 'Kind of field in the form' }),
  label: filled(text, '', { says: 'Name of the field in the form' }),
  uid: filled(text, '', { says: 'Names the field within its form' }),
  value: filled(fieldValue, '', { says: 'What was filled in, always as text' }),
  data: optional(anything, { says: 'What some kinds of fields keep besides their value' }),
});

const recordSection = shape('RecordSection', {
  category: filled(whole, 0, { says: 'Kind of section' }),
  label: filled(text, '', { says: 'Heading of the section' }),
  fields: filled(listOf(recordField), [], { says: 'Fields of the section' }),
});

// What is written in a record is about a person: a game client only learns that there is one.
const record = shape(
  'CustomRecord',
  {
    // Needed: scripts that keep records find them by it. Text where the community keeps them in a database of its own.
    id: needed(wholeOrText, { says: 'Number or name of the record' }),
    name: filled(text, '', { says: 'Name of the form', client: true }),
    type: filled(whole, 0, { says: 'Kind of record', client: true }),
    sections: filled(listOf(recordSection), [], { says: 'Sections of the record' }),
  },
  { description: 'A record: a form that was filled in.' },
);

const recordData = shape('RecordData', { record: needed(record, { says: 'All of the record', client: true }) });

const sampleRecord = {
  id: MADE_UP.record,
  name: 'Test record',
  type: 8,
  sections: [{ label: 'Civilian', fields: [{ type: 'text', label: 'First name', uid: 'first', value: 'Test' }] }],
};

const aboutRecord = <const Type extends string>(type: Type, happened: string, legacyName: string) =>
  entry({
    type,
    description: `A record has been ${happened}.`,
    data: recordData,
    sample: { record: sampleRecord },
    accepts: [],
    concerns: {},
    legacyEvents: { after: ({ record: about }) => [legacyEvent(legacyName, about)] },
    describe: ({ record: about }) => describeRecord(about, happened),
  });

function describeRecord({ id, name, sections }: OutputOf<typeof record>, happened: string): Description {
  // Pairs and no object: sections can have the same label, or a number as one.
  const written = sections.map(({ label, fields }): Detail => {
    const lines = fields
      .filter(({ value }) => value.trim() !== '')
      .map(({ label: field, value }) => `${field}: ${value}`);
    return [label.trim() === '' ? 'Section' : label, lines.join('\n')];
  });
  return {
    kind: 'record',
    sentence: `Record ${happened}: ${joined(' ', [name, `(${id})`])}`,
    details: [['Record', id], ...written],
  };
}

export const recordAdd = aboutRecord('EVENT_RECORD_ADD', 'created', 'RecordAdded');
export const recordEdit = aboutRecord('EVENT_RECORD_EDIT', 'changed', 'RecordEdited');
export const recordRemove = aboutRecord('EVENT_RECORD_REMOVE', 'removed', 'RecordRemoved');

export const printRecord = entry({
  type: 'EVENT_PRINT_RECORD',
  description: 'A unit has asked for a record to be printed in the game.',
  // Whose printer, and what comes out of it.
  data: shape('PrintRecordData', {
    identId: needed(whole, { says: 'Unit that wants it printed', client: true }),
    url: needed(filledText, { says: 'Where the PDF lies', client: 'https' }),
  }),
  sample: { identId: MADE_UP.unit, url: 'https://files.example/record.pdf' },
  accepts: [],
  concerns: { idents: ({ identId }) => [identId] },
  describe: ({ identId, url }, names) => ({
    kind: 'record',
    sentence: `Record to be printed for ${unitName(identId, names)}`,
    details: [unitDetail('Unit', identId, names), ['Document', url]],
  }),
});

/** The form in which identities are compared: the CAD writes them in any case, and people paste them with spaces. */
export function foldIdentity(identity: string): string {
  return identity.trim().toLowerCase();
}

/** The part of an identity that is compared: the CAD gives identities bare or prefixed. */
export function bareIdentity(identity: string): string {
  return foldIdentity(withoutKind(identity));
}

/** An identity without its prefix, else as it is: the form in which the official resource gives identities to the CAD. */
export function withoutKind(identity: string): string {
  return identity.slice(identity.indexOf(':') + 1);
}

/** Whether two identities are the same person's: `license:AB` and `ab` are, `steam:ab` and `license:ab` are not. */
export function isSameIdentity(one: string, other: string): boolean {
  if (bareIdentity(one) !== bareIdentity(other)) return false;
  const [first, second] = [identityKind(one), identityKind(other)];
  return first === '' || second === '' || first === second;
}

/** @returns the prefix of an identity, without its colon; empty for a bare one */
export function identityKind(identity: string): string {
  return foldIdentity(identity.slice(0, Math.max(0, identity.indexOf(':'))));
}
