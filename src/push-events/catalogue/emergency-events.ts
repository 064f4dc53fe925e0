import * as z from 'zod';
import { emergencyCall, emergencyCallClientFields, metaData, readEmergencyCall, readMetaData } from './call.ts';
import { entry } from './entry.ts';
import { copyFields, type Fields, readIdsOrOne, readTexts, without } from './read-values.ts';

export const emergencyNew = entry({
  type: 'EVENT_911',
  description: 'Somebody has called 911 (or 311).',
  // The call is the event, and only its id is demanded: an emergency is not turned away for a missing text.
  schema: () =>
    z
      .looseObject({
        call: emergencyCall(),
        identities: z
          .array(z.string())
          .default(() => [])
          .describe('Who called: every identity that the CAD gave, without doubles'),
        metaData: metaData(),
      })
      .meta({ id: 'EmergencyData' }),
  accepts: [
    '`metaData` beside the call, in it, in both or missing: `call.metaData` has all of it, and what the call says wins',
    '`identities`, `communityUserIds`, `communityUserId` and `apiIds` all end up in `identities`',
    'The call itself as `data`, without `call` around it',
  ],
  concerns: {
    emergencyCalls: ({ call }) => [call.callId],
    identities: ({ identities }) => identities,
  },
  clientFields: { call: emergencyCallClientFields },
  canonicalise(data) {
    const bare = data.call === undefined && data.callId !== undefined;
    const outer = bare ? {} : readMetaData(data.metaData);
    const canonical = bare ? {} : copyFields(data);
    canonical.call = readEmergencyCall(bare ? withoutIdentities(data) : data.call, outer);
    canonical.identities = identitiesOf(data);
    canonical.metaData = outer;
    return canonical;
  },
});

export const emergencyRemoved = entry({
  type: 'EVENT_REMOVE_911',
  description: 'One or more 911 calls have been answered or dismissed.',
  // Which calls is the event.
  schema: () => z.looseObject({ callIds: z.array(z.int()) }).meta({ id: 'EmergencyRemovedData' }),
  accepts: ['`callIds` may be a single number, or come under its old name `callId`'],
  concerns: { emergencyCalls: ({ callIds }) => callIds },
  clientFields: { callIds: ['number'] },
  canonicalise(data) {
    const canonical = without(data, 'callId');
    canonical.callIds = readIdsOrOne(data.callIds, data.callId);
    return canonical;
  },
});

/** In the order in which the official resource prefers them, the scalar it forgot after its plural. */
const IDENTITY_FIELDS = ['identities', 'communityUserIds', 'communityUserId', 'apiIds'];

function identitiesOf(data: Fields): string[] {
  const identities = new Set<string>();
  for (const name of IDENTITY_FIELDS) {
    if (data[name] === undefined) continue;
    for (const identity of readTexts(data[name])) identities.add(identity);
  }
  return [...identities];
}

function withoutIdentities(data: Fields): Fields {
  return without(data, ...IDENTITY_FIELDS);
}
