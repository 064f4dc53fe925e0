import { filled, needed, neededIds, shape, texts } from '../fields.ts';
import { type Fields, readTexts, without } from '../read-values.ts';
import { emergencyCall, metaData, withMetaData } from './calls.ts';
import { entry } from './entry.ts';

/** In the order in which the official resource prefers them, the scalar it forgot after its plural. */
const IDENTITY_FIELDS = ['identities', 'communityUserIds', 'communityUserId', 'apiIds'];

export const emergencyNew = entry({
  type: 'EVENT_911',
  description: 'Somebody has called 911 (or 311).',
  // The call is the event, and only its id is demanded: an emergency is not turned away for a missing text.
  data: shape(
    'EmergencyData',
    {
      call: needed(emergencyCall, { client: true }),
      identities: filled(texts, [], { says: 'Who called: every identity that the CAD gave, without doubles' }),
      metaData: filled(metaData, {}),
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
  accepts: [
    '`metaData` beside the call, in it, in both or missing: `call.metaData` has all of it, and what the call says wins',
    '`identities`, `communityUserIds`, `communityUserId` and `apiIds` all end up in `identities`',
    'The call itself as `data`, without `call` around it',
  ],
  concerns: {
    emergencyCalls: ({ call }) => [call.callId],
    identities: ({ identities }) => identities,
  },
});

function identitiesOf(data: Fields): string[] {
  const given = IDENTITY_FIELDS.filter((name) => data[name] !== undefined);
  return [...new Set(given.flatMap((name) => readTexts(data[name])))];
}

export const emergencyRemoved = entry({
  type: 'EVENT_REMOVE_911',
  description: 'One or more 911 calls have been answered or dismissed.',
  // Which calls is the event.
  data: shape('EmergencyRemovedData', { callIds: needed(neededIds, { formerly: 'callId', client: true }) }),
  accepts: ['`callIds` may be a single number, or come under its old name `callId`'],
  concerns: { emergencyCalls: ({ callIds }) => callIds },
});
