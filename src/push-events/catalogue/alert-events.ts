import * as z from 'zod';
import { lazily } from '../../schemas/lazily.ts';
import { entry } from './entry.ts';
import {
  copyFields,
  fieldsReader,
  listOf,
  neededListOf,
  readIds,
  readIdsOrOne,
  readObject,
  readText,
  readTextOrNumber,
  readTexts,
  readWhole,
} from './read-values.ts';

const TO_CALL = 1;
const TO_IDENT = 5;

const toneReceiver = lazily(() =>
  z
    .looseObject({
      // Without its kind it says nothing about who hears the tone.
      type: z
        .int()
        .describe('0 all, 1 dispatch call, 2 agency, 3 department, 4 subdivision, 5 identifier, 6 unit group'),
      value: z.union([z.number(), z.string()]).default('').describe('Id or name of that call, agency, department, …'),
      label: z.string().default(''),
    })
    .meta({ id: 'ToneReceiver' }),
);

const readReceiverFields = fieldsReader({ type: readWhole, value: readTextOrNumber, label: readText });

/** Of the values only ids of calls and units are numbers that may have come as text: a department may be called "12". */
function readReceiver(given: unknown): Record<string, unknown> | undefined {
  const fields = readObject(given);
  if (fields === undefined) return undefined;
  const receiver = readReceiverFields(fields);
  if (receiver.type === undefined) return undefined;
  if (receiver.type === TO_CALL || receiver.type === TO_IDENT)
    receiver.value = readWhole(receiver.value) ?? receiver.value;
  return receiver;
}

export const tone = entry({
  type: 'EVENT_TONE',
  description: 'A dispatcher has played a tone.',
  // Without the address there is nothing to play. To whom may be missing: a subscriber may play it to all.
  schema: () =>
    z
      .looseObject({
        url: z.string().min(1).describe('The sound'),
        playTonesTo: z.array(toneReceiver()).default(() => []),
      })
      .meta({ id: 'ToneData' }),
  accepts: ['`playTonesTo` may be a single receiver', 'The type in lower case, as that of every event'],
  concerns: {
    idents: ({ playTonesTo }) => valuesOf(playTonesTo, TO_IDENT),
    calls: ({ playTonesTo }) => valuesOf(playTonesTo, TO_CALL),
  },
  clientFields: { url: 'https', playTonesTo: [{ type: 'number', value: 'textOrNumber', label: 'text' }] },
  canonicalise(data) {
    const canonical = copyFields(data);
    canonical.url = readText(data.url) ?? data.url;
    canonical.playTonesTo = listOf(readReceiver)(data.playTonesTo);
    return canonical;
  },
});

function valuesOf(receivers: readonly z.output<ReturnType<typeof toneReceiver>>[], type: number): number[] {
  return receivers.flatMap((receiver) =>
    receiver.type === type && typeof receiver.value === 'number' ? [receiver.value] : [],
  );
}

export const pager = entry({
  type: 'EVENT_PAGER_REBORN',
  description: 'A page has been sent to pagers (for the Inferno Pager Reborn resource).',
  // What the page says. Whom it is for may be missing: then it reaches nobody, but is still to be seen.
  schema: () =>
    z
      .looseObject({
        addresses: z
          .array(z.string())
          .default(() => [])
          .describe('Pager addresses'),
        identIds: z.array(z.int()).default(() => []),
        nature: z.string().default('').describe('"Emergency", "NonEmergency" or "Administrative"'),
        body: z.string(),
      })
      .meta({ id: 'PagerRebornData' }),
  accepts: ['`addresses` and `identIds` may be a single one'],
  concerns: { idents: ({ identIds }) => identIds },
  clientFields: { addresses: ['text'], identIds: ['number'], nature: 'text', body: 'text' },
  canonicalise(data) {
    const canonical = copyFields(data);
    canonical.addresses = readTexts(data.addresses);
    canonical.identIds = readIds(data.identIds);
    canonical.nature = readText(data.nature);
    canonical.body = readText(data.body) ?? data.body;
    return canonical;
  },
});

const alertLocation = lazily(() =>
  z
    .looseObject({
      // Which station is meant.
      name: z.string(),
      open: z
        .array(z.string())
        .default(() => [])
        .describe('Doors to open'),
      close: z
        .array(z.string())
        .default(() => [])
        .describe('Doors to close'),
    })
    .meta({ id: 'StationAlertLocation' }),
);

const readLocationFields = fieldsReader({ name: readText, open: readTexts, close: readTexts });

function readLocation(given: unknown): Record<string, unknown> | undefined {
  const fields = readObject(given);
  if (fields === undefined) return undefined;
  const location = readLocationFields(fields);
  return location.name === undefined ? undefined : location;
}

const readLocations = neededListOf(readLocation);

export const stationAlert = entry({
  type: 'EVENT_STATION_ALERT',
  description: 'Stations have been alerted (for the Inferno Station Alert resource).',
  // Which stations: an alert without one rings nowhere.
  schema: () =>
    z
      .looseObject({
        locations: z.array(alertLocation()),
        message: z.string().default('').describe('Text to be spoken, or sound as base64'),
        colors: z.array(z.string()).default(() => []),
        tone: z.string().default('').describe('Name or address of the tone'),
      })
      .meta({ id: 'StationAlertData' }),
  accepts: ['`locations`, `open`, `close` and `colors` may be a single one'],
  concerns: {},
  clientFields: {
    locations: [{ name: 'text', open: ['text'], close: ['text'] }],
    message: 'text',
    colors: ['text'],
    tone: 'nameOrHttps',
  },
  canonicalise(data) {
    const canonical = copyFields(data);
    canonical.locations = readLocations(data.locations);
    canonical.message = readText(data.message);
    canonical.colors = readTexts(data.colors);
    canonical.tone = readText(data.tone);
    return canonical;
  },
});

export const streetsignUpdated = entry({
  type: 'EVENT_STREETSIGN_UPDATED',
  description: 'The text on street signs has been changed (for the Smart Signs resource).',
  schema: () =>
    z
      .looseObject({
        signData: z
          .looseObject({
            // Which signs; a missing line is an empty one.
            ids: z.array(z.int()),
            text1: z.string().default(''),
            text2: z.string().default(''),
            text3: z.string().default(''),
          })
          .meta({ id: 'SignData' }),
      })
      .meta({ id: 'StreetsignUpdatedData' }),
  accepts: ['`ids` may be a single number'],
  concerns: {},
  clientFields: { signData: { ids: ['number'], text1: 'text', text2: 'text', text3: 'text' } },
  canonicalise(data) {
    const canonical = copyFields(data);
    const received = readObject(data.signData);
    canonical.signData =
      received === undefined
        ? data.signData
        : { ...readSignTexts(received), ids: readIdsOrOne(received.ids, undefined) };
    return canonical;
  },
});

const readSignTexts = fieldsReader({ text1: readText, text2: readText, text3: readText });
