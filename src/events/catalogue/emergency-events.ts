import * as v from 'valibot';
import { filled, needed, optional, shape } from '../fields.ts';
import { neededIds, texts } from '../kinds.ts';
import { type Fields, readObject, readTexts, without } from '../read-values.ts';
import { coordinatesOf, emergencyCall, metaData, metaDataLines, sampleMetaData } from './calls.ts';
import { counted, enumerated, listDetail, withQuote } from './description.ts';
import { entry, MADE_UP } from './entry.ts';
import { legacyEvent } from './legacy-events.ts';

/** In the order in which the official resource prefers them, the scalar it forgot after its plural. */
const IDENTITY_FIELDS = ['identities', 'communityUserIds', 'communityUserId', 'apiIds'];

export const emergencyNew = entry({
  type: 'EVENT_911',
  description: 'A person has called 911 (or 311).',
  // The call is the event, and only its id is demanded: an emergency is not turned away for a missing text.
  data: shape(
    'EmergencyData',
    {
      call: needed(emergencyCall, { says: 'The 911 call', client: true }),
      identities: filled(texts, [], { says: 'Who called: every identity that the CAD gave, without doubles' }),
      metaData: optional(metaData, { says: 'As that of the call, where the CAD sends it beside the call' }),
    },
    {
      prepare(data) {
        const identities = identitiesOf(data);
        if (data.call === undefined && data.callId !== undefined) {
          return { call: withMetaData(without(data, ...IDENTITY_FIELDS), undefined), identities };
        }
        return { ...data, call: withMetaData(data.call, data.metaData) ?? data.call, identities };
      },
    },
  ),
  sample: {
    call: {
      callId: MADE_UP.emergencyCall,
      isEmergency: true,
      caller: 'Test Caller',
      location: 'Forum Dr / Strawberry Ave',
      description: 'This call was made by the command test.',
      metaData: sampleMetaData,
    },
    apiIds: [MADE_UP.identity],
  },
  accepts: [
    '`metaData` beside the call, in it, in both or missing: `call.metaData` has all of it, and what the call says wins',
    '`identities`, `communityUserIds`, `communityUserId` and `apiIds` all end up in `identities`',
    'The call itself as `data`, without `call` around it',
  ],
  concerns: { emergencyCalls: ({ call }) => [call.callId], identities: ({ identities }) => identities },
  isIdempotent: true,
  netEvent: 'onDuty',
  legacyEvents: {
    after: ({ call, identities }) => [
      legacyEvent('EmergencyCacheUpdated'),
      legacyEvent('IncomingCadCall', call, call.metaData ?? null, identities),
    ],
  },
  // Without the caller's identities: a channel's members have no business with them.
  describe({ call }) {
    const { callId: id, isEmergency, caller, location, description, metaData: given } = call;
    const what = isEmergency ? '911' : 'Non-emergency';
    const subject = caller.trim() === '' ? `${what} call ${id}` : `${what}${isEmergency ? '' : ' call'} from ${caller}`;
    return {
      kind: isEmergency ? 'emergency' : 'call',
      sentence: withQuote(subject, description, location),
      text: description,
      details: [
        ['Call', id],
        ['Caller', caller],
        ['Location', location],
        ['Postal', given?.postal],
        ['Coordinates', coordinatesOf(given)],
        ['Details', metaDataLines(given)],
      ],
    };
  },
});

/** metaData that lies beside a 911 call goes into it; what the call itself says wins. */
function withMetaData(call: unknown, beside: unknown): unknown {
  const fields = readObject(call);
  const [outer, inner] = [beside, fields?.metaData].map(metaDataOf);
  return outer === undefined && inner === undefined
    ? fields
    : fields && { ...fields, metaData: { ...outer, ...inner } };
}

function metaDataOf(given: unknown): Fields | undefined {
  const object = readObject(given);
  return object && v.parse(metaData.read, object);
}

function identitiesOf(data: Fields): string[] {
  const given = IDENTITY_FIELDS.filter((name) => data[name] !== undefined);
  return [...new Set(given.flatMap((name) => readTexts(data[name])))];
}

export const emergencyRemoved = entry({
  type: 'EVENT_REMOVE_911',
  description: 'One or more 911 calls have been answered or dismissed.',
  // Which calls is the event.
  data: shape('EmergencyRemovedData', {
    callIds: needed(neededIds, { says: '911 calls that are over', formerly: 'callId', client: true }),
  }),
  sample: { callIds: [MADE_UP.emergencyCall] },
  accepts: ['`callIds` may be a single number, or come under its old name `callId`'],
  concerns: { emergencyCalls: ({ callIds }) => callIds },
  isIdempotent: true,
  legacyEvents: {
    after: ({ callIds }) =>
      callIds.flatMap((id) => [legacyEvent('EmergencyCacheUpdated'), legacyEvent('CadCallRemoved', id)]),
  },
  describe: ({ callIds }) => ({
    kind: 'over',
    sentence: `911 ${counted('call', callIds)} ${enumerated(callIds)} removed`,
    details: [listDetail('Call', callIds)],
  }),
});
