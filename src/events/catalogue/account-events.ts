import { filled, filledText, needed, shape, text, textOrNumber } from '../fields.ts';
import { entry } from './entry.ts';

export const charSelected = entry({
  type: 'EVENT_CHAR_SELECTED',
  description: 'Somebody has selected a character in the CAD.',
  // Whose account, and which character.
  data: shape('CharSelectedData', {
    accId: needed(text, { says: 'Account UUID' }),
    id: needed(textOrNumber, {
      says: "The record's number, or the key of the character in the community's own database, always as received",
      client: 'number',
    }),
  }),
  accepts: ['`id` as number or text: text is never turned into a number, since "007" is a key like any other'],
  concerns: { identities: ({ id }) => (typeof id === 'string' ? [id] : []) },
});

export const communityLinkVerified = entry({
  type: 'EVENT_COMMUNITY_LINK_VERIFIED',
  description: 'Somebody has linked their game account with the CAD.',
  // Who: nothing else of it is used.
  data: shape('CommunityLinkVerifiedData', {
    communityUserId: needed(filledText, { says: 'Identity of the player, bare or prefixed' }),
    accountUuid: filled(text, ''),
  }),
  accepts: [],
  concerns: { identities: ({ communityUserId }) => [communityUserId] },
});

export const getLogs = entry({
  type: 'GET_LOGS',
  description: "The CAD's support asks for logs.",
  // Where they would be sent to.
  data: shape('GetLogsData', { logKey: needed(filledText) }),
  accepts: ['`logKey` beside `data` (the usual place) or in it'],
  concerns: {},
  dataOptional: true,
  gather: (data, body) => ({ ...data, logKey: body.logKey ?? data.logKey }),
});
