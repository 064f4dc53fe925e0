import * as z from 'zod';
import { entry } from './entry.ts';
import { readIdsOrOne, readText, without } from './read-values.ts';

export const unitGroupAdd = entry({
  type: 'EVENT_UNIT_GROUP_ADD',
  description: 'One or more units have joined a group.',
  // Who, and which group: neither can be guessed.
  schema: () => z.looseObject({ identIds: z.array(z.int()), groupName: z.string() }).meta({ id: 'UnitGroupAddData' }),
  accepts: [
    '`identIds` may be a single number, or come under its old name `identId`; the list wins when both are there',
    '`identIds` or `identId` beside `data` instead of in it',
  ],
  concerns: { idents: ({ identIds }) => identIds },
  clientFields: { identIds: ['number'], groupName: 'text' },
  canonicalise(data, body) {
    const canonical = without(data, 'identId');
    canonical.identIds = readIdsOrOne(data.identIds, data.identId) ?? readIdsOrOne(body.identIds, body.identId);
    canonical.groupName = readText(data.groupName) ?? data.groupName;
    return canonical;
  },
});

export const unitGroupRemove = entry({
  type: 'EVENT_UNIT_GROUP_REMOVE',
  description: 'A unit has left its group.',
  // A unit is in one group at most, so who leaves is enough to know which.
  schema: () =>
    z
      .looseObject({
        identIds: z.array(z.int()),
        identId: z.int().describe('The first of `identIds`, under the name that the CAD documents'),
        groupName: z.string().default(''),
      })
      .meta({ id: 'UnitGroupRemoveData' }),
  accepts: ['`identIds` or `identId`, a list or a single number: the canonical shape has both'],
  concerns: { idents: ({ identIds }) => identIds },
  clientFields: { identIds: ['number'], identId: 'number', groupName: 'text' },
  canonicalise(data) {
    const canonical = without(data);
    const ids = readIdsOrOne(data.identIds, data.identId);
    canonical.identIds = ids;
    canonical.identId = ids?.[0];
    canonical.groupName = readText(data.groupName);
    return canonical;
  },
});

export const unitGroupChangeName = entry({
  type: 'EVENT_UNIT_GROUP_CHANGE_NAME',
  description: 'A group of units has a new name.',
  // Who is in it, and what it is called now: the old name is only told.
  schema: () =>
    z
      .looseObject({ identIds: z.array(z.int()), oldName: z.string().default(''), newName: z.string() })
      .meta({ id: 'UnitGroupChangeNameData' }),
  accepts: ['`identIds` may be a single number, or come as `identId`'],
  concerns: { idents: ({ identIds }) => identIds },
  clientFields: { identIds: ['number'], oldName: 'text', newName: 'text' },
  canonicalise(data) {
    const canonical = without(data, 'identId');
    canonical.identIds = readIdsOrOne(data.identIds, data.identId);
    canonical.oldName = readText(data.oldName);
    canonical.newName = readText(data.newName) ?? data.newName;
    return canonical;
  },
});
