import * as z from 'zod';
import { entry } from './entry.ts';
import { copyFields, readText, readTextOrNumber } from './read-values.ts';

export const charSelected = entry({
  type: 'EVENT_CHAR_SELECTED',
  description: 'Somebody has selected a character in the CAD.',
  // Whose account, and which character.
  schema: () =>
    z
      .looseObject({
        accId: z.string().describe('Account UUID'),
        id: z
          .union([z.number(), z.string()])
          .describe(
            "The record's number, or the key of the character in the community's own database, always as received",
          ),
      })
      .meta({ id: 'CharSelectedData' }),
  accepts: ['`id` as number or text: text is never turned into a number, since "007" is a key like any other'],
  concerns: { identities: ({ id }) => (typeof id === 'string' ? [id] : []) },
  clientFields: { id: 'number' },
  canonicalise(data) {
    const canonical = copyFields(data);
    canonical.accId = readText(data.accId) ?? data.accId;
    canonical.id = readTextOrNumber(data.id) ?? data.id;
    return canonical;
  },
});

export const communityLinkVerified = entry({
  type: 'EVENT_COMMUNITY_LINK_VERIFIED',
  description: 'Somebody has linked their game account with the CAD.',
  // Who: nothing else of it is used.
  schema: () =>
    z
      .looseObject({
        communityUserId: z.string().min(1).describe('Identity of the player, bare or prefixed'),
        accountUuid: z.string().default(''),
      })
      .meta({ id: 'CommunityLinkVerifiedData' }),
  accepts: [],
  concerns: { identities: ({ communityUserId }) => [communityUserId] },
  clientFields: {},
  canonicalise(data) {
    const canonical = copyFields(data);
    canonical.communityUserId = readText(data.communityUserId) ?? data.communityUserId;
    canonical.accountUuid = readText(data.accountUuid);
    return canonical;
  },
});

export const getLogs = entry({
  type: 'GET_LOGS',
  description: "The CAD's support asks for logs.",
  // Where they would be sent to.
  schema: () => z.looseObject({ logKey: z.string().min(1) }).meta({ id: 'GetLogsData' }),
  accepts: ['`logKey` beside `data` (the usual place) or in it'],
  concerns: {},
  clientFields: {},
  dataOptional: true,
  canonicalise(data, body) {
    const canonical = copyFields(data);
    const logKey = body.logKey ?? data.logKey;
    canonical.logKey = readText(logKey) ?? logKey;
    return canonical;
  },
});
