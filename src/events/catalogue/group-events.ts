import { filled, needed, neededIds, shape, text, whole } from '../fields.ts';
import { readIdsOrOne } from '../read-values.ts';
import { entry } from './entry.ts';

export const unitGroupAdd = entry({
  type: 'EVENT_UNIT_GROUP_ADD',
  description: 'One or more units have joined a group.',
  // Who, and which group: neither can be guessed.
  data: shape('UnitGroupAddData', {
    identIds: needed(neededIds, { formerly: 'identId', client: true }),
    groupName: needed(text, { client: true }),
  }),
  accepts: [
    '`identIds` may be a single number, or come under its old name `identId`; the list wins when both are there',
    '`identIds` or `identId` beside `data` instead of in it',
  ],
  concerns: { idents: ({ identIds }) => identIds },
  gather(data, body) {
    const isThere = (data.identIds ?? data.identId ?? null) !== null;
    return isThere ? data : { ...data, identIds: body.identIds, identId: body.identId };
  },
});

export const unitGroupRemove = entry({
  type: 'EVENT_UNIT_GROUP_REMOVE',
  description: 'A unit has left its group.',
  // A unit is in one group at most, so who leaves is enough to know which.
  data: shape(
    'UnitGroupRemoveData',
    {
      identIds: needed(neededIds, { client: true }),
      identId: needed(whole, { says: 'The first of `identIds`, under the name that the CAD documents', client: true }),
      groupName: filled(text, '', { client: true }),
    },
    {
      prepare(data) {
        const identIds = readIdsOrOne(data.identIds, data.identId);
        return { ...data, identIds, identId: identIds?.[0] };
      },
    },
  ),
  accepts: ['`identIds` or `identId`, a list or a single number: the canonical shape has both'],
  concerns: { idents: ({ identIds }) => identIds },
});

export const unitGroupChangeName = entry({
  type: 'EVENT_UNIT_GROUP_CHANGE_NAME',
  description: 'A group of units has a new name.',
  // Who is in it, and what it is called now: the old name is only told.
  data: shape('UnitGroupChangeNameData', {
    identIds: needed(neededIds, { formerly: 'identId', client: true }),
    oldName: filled(text, '', { client: true }),
    newName: needed(text, { client: true }),
  }),
  accepts: ['`identIds` may be a single number, or come as `identId`'],
  concerns: { idents: ({ identIds }) => identIds },
});
