import { filled, needed, shape } from '../fields.ts';
import {
  filledText,
  ids,
  listOf,
  neededIds,
  neededListOf,
  number,
  type OutputOf,
  text,
  textOrNumber,
  texts,
  whole,
} from '../kinds.ts';
import { type Fields, readObject, readWhole, without } from '../read-values.ts';
import {
  counted,
  enumerated,
  joined,
  listDetail,
  listed,
  type NameLookup,
  unitName,
  unitsDetail,
  withQuote,
} from './description.ts';
import { entry, MADE_UP } from './entry.ts';
import { legacyEvent } from './legacy-events.ts';

const TO_CALL = 1;
const TO_IDENT = 5;
const TONE_RECEIVERS = ['all', 'call', 'agency', 'department', 'subdivision', 'unit', 'unit group'];

const toneReceiver = shape(
  'ToneReceiver',
  {
    // Without its kind it says nothing about who hears the tone.
    type: needed(whole, {
      says: '0 all, 1 dispatch call, 2 agency, 3 department, 4 subdivision, 5 identifier, 6 unit group',
      client: true,
    }),
    value: filled(textOrNumber, '', { says: 'Id or name of that call, agency, department, …', client: true }),
    label: filled(text, '', { says: 'Name of the receiver, as the dispatcher sees it', client: true }),
  },
  {
    /** Of the values only ids of calls and units are numbers that may have come as text: a department may be called "12". */
    finish(receiver) {
      if (receiver.type === TO_CALL || receiver.type === TO_IDENT)
        receiver.value = readWhole(receiver.value) ?? receiver.value;
    },
  },
);

export const tone = entry({
  type: 'EVENT_TONE',
  description: 'A dispatcher has played a tone.',
  // Without the address there is nothing to play. To whom may be missing: a subscriber may play it to all.
  data: shape('ToneData', {
    url: needed(filledText, { says: 'The sound', client: 'https' }),
    playTonesTo: filled(listOf(toneReceiver), [], {
      says: 'Who is to hear it; may be empty',
      client: true,
    }),
  }),
  sample: { url: 'https://tones.example/test.mp3', playTonesTo: [{ type: 5, value: MADE_UP.unit, label: 'TEST-12' }] },
  accepts: ['`playTonesTo` may be a single receiver', 'The type in lower case, as that of every event'],
  concerns: {
    idents: ({ playTonesTo }) => valuesOf(playTonesTo, TO_IDENT),
    calls: ({ playTonesTo }) => valuesOf(playTonesTo, TO_CALL),
  },
  netEvent: 'involved',
  legacyEvents: { after: (data) => [legacyEvent('Tone', data)] },
  describe({ url, playTonesTo }, names) {
    const receivers = playTonesTo.map((receiver) => receiverName(receiver, names));
    return {
      kind: 'alert',
      sentence: receivers.length === 0 ? 'Tone played' : `Tone played to ${enumerated(receivers)}`,
      details: [
        ['To', playTonesTo.map(receiverLine).join('\n')],
        ['Sound', url],
      ],
    };
  },
});

type ToneReceiver = OutputOf<typeof toneReceiver>;

/** @returns a receiver with what it is, such as "department LSFD" */
const receiverLine = ({ type, value, label }: ToneReceiver): string =>
  joined(' ', [TONE_RECEIVERS[type] ?? String(type), label || String(value)]);

/** @returns a receiver as its dispatcher sees it; a unit without a label by its name */
function receiverName(receiver: ToneReceiver, names: NameLookup): string {
  const { type, value, label } = receiver;
  if (label.trim() !== '') return label;
  return type === TO_IDENT && typeof value === 'number' ? unitName(value, names) : receiverLine(receiver);
}

function valuesOf(receivers: readonly ToneReceiver[], type: number): number[] {
  return receivers.flatMap((receiver) =>
    receiver.type === type && typeof receiver.value === 'number' ? [receiver.value] : [],
  );
}

export const pager = entry({
  type: 'EVENT_PAGER_REBORN',
  description: 'A page has been sent to pagers (for the Inferno Pager Reborn resource).',
  // What the page says. Whom it is for may be missing: then it reaches no unit, but is still to be seen.
  data: shape('PagerRebornData', {
    addresses: filled(texts, [], { says: 'Pager addresses', client: true }),
    identIds: filled(ids, [], { says: 'Units that are paged', client: true }),
    nature: filled(text, '', { says: '"Emergency", "NonEmergency" or "Administrative"', client: true }),
    body: needed(text, { says: 'What the page says', client: true }),
  }),
  sample: { addresses: ['TEST-1'], identIds: [MADE_UP.unit], nature: 'Emergency', body: 'Test page' },
  accepts: ['`addresses` and `identIds` may be a single one'],
  concerns: { idents: ({ identIds }) => identIds },
  describe: ({ nature, body, addresses, identIds }, names) => ({
    kind: nature === 'Emergency' ? 'emergency' : 'alert',
    sentence: withQuote(
      `Page to ${enumerated([...identIds.map((ident) => unitName(ident, names)), ...addresses])}`,
      body,
    ),
    text: body,
    details: [['Nature', nature], ['Pagers', listed(addresses)], unitsDetail(identIds, names)],
  }),
});

/** A longer message without a space is sound as base64. */
const LONGEST_SPOKEN = 2_000;

const alertLocation = shape('StationAlertLocation', {
  // Which station is meant.
  name: needed(text, { says: 'Name of the station', client: true }),
  open: filled(texts, [], { says: 'Doors to open', client: true }),
  close: filled(texts, [], { says: 'Doors to close', client: true }),
});

export const stationAlert = entry({
  type: 'EVENT_STATION_ALERT',
  description: 'Stations have been alerted (for the Inferno Station Alert resource).',
  // Which stations: an alert without one rings nowhere.
  data: shape('StationAlertData', {
    locations: needed(neededListOf(alertLocation), {
      says: 'Stations that are alerted, and their doors',
      client: true,
    }),
    message: filled(text, '', { says: 'Text to be spoken, or sound as base64', client: true }),
    colors: filled(texts, [], { says: 'Colours of the lights', client: true }),
    tone: filled(text, '', { says: 'Name or address of the tone', client: 'nameOrHttps' }),
  }),
  sample: {
    locations: [{ name: 'Station 7', open: ['Bay 1'], close: ['Bay 3'] }],
    message: 'Test alert, Alta Street',
    colors: ['red'],
    tone: 'tone1',
  },
  accepts: ['`locations`, `open`, `close` and `colors` may be a single one'],
  concerns: {},
  netEvent: 'all',
  describe({ locations, message, colors, tone: toneName }) {
    const doors = locations.map(({ name, open, close }) => {
      const opens = open.length > 0 ? `opens ${listed(open)}` : undefined;
      return joined(' · ', [name, opens, close.length > 0 ? `closes ${listed(close)}` : undefined]);
    });
    const isSound = message.length > LONGEST_SPOKEN && !message.includes(' ');
    const text = isSound ? undefined : message;
    return {
      kind: 'alert',
      sentence: withQuote(`Station alert for ${enumerated(locations.map(({ name }) => name))}`, text),
      text,
      details: [
        [counted('Station', locations), doors.join('\n')],
        ['Colours', listed(colors)],
        ['Tone', toneName],
      ],
    };
  },
});

const signData = shape('SignData', {
  // Which signs; a missing line is an empty one.
  ids: needed(neededIds, { says: 'Numbers of the signs', client: true }),
  text1: filled(text, '', { says: 'First line', client: true }),
  text2: filled(text, '', { says: 'Second line', client: true }),
  text3: filled(text, '', { says: 'Third line', client: true }),
});

export const streetsignUpdated = entry({
  type: 'EVENT_STREETSIGN_UPDATED',
  description: 'The text on street signs has been changed (for the Smart Signs resource).',
  data: shape('StreetsignUpdatedData', {
    signData: needed(signData, { says: 'The signs, and what stands on them now', client: true }),
  }),
  sample: { signData: { ids: [1, 2], text1: 'TEST SIGN', text2: 'NEXT 2 MI', text3: '' } },
  accepts: ['`ids` may be a single number'],
  concerns: {},
  netEvent: 'all',
  legacyEvents: { after: ({ signData: signs }) => [legacyEvent('SmartSignUpdate', signs)] },
  describe({ signData: { ids: numbers, text1, text2, text3 } }) {
    const lines = [text1, text2, text3];
    return {
      kind: 'alert',
      sentence: withQuote(`Street ${counted('sign', numbers)} ${enumerated(numbers)} changed`, joined(' / ', lines)),
      text: joined('\n', lines),
      details: [listDetail('Sign', numbers)],
    };
  },
});

// A callout happens somewhere, or not at all. Height may be missing: the scene is then built on the ground.
const calloutLocation = shape(null, {
  x: needed(number, { says: 'East', client: true }),
  y: needed(number, { says: 'North', client: true }),
  z: filled(number, 0, { says: 'Height', client: true }),
});

const percent = filled(number, 0, { says: '0 to 100', client: true });

const callout = shape(
  'Callout',
  {
    calloutLocations: needed(neededListOf(calloutLocation, false), { says: 'Where it happens', client: true }),
    pedWeaponData: filled(texts, [], { says: 'Weapons of the people in it', client: true }),
    pedActionOnNoActionFound: filled(text, 'none', { says: '"none", "flee", "attack" or "surrender"', client: true }),
    pedChanceToFleeFromPlayer: percent,
    pedChanceToObtainWeapons: percent,
    pedChanceToAttackPlayer: percent,
    pedChanceToSurrender: percent,
  },
  { description: 'A scene to be built in the game.', prepare: flatten },
);

export const newCallout = entry({
  type: 'EVENT_NEW_CALLOUT',
  description: 'A callout is to be created (for resources that build scenes, such as Emergency Response Simulator).',
  data: shape('NewCalloutData', { callout: needed(callout, { says: 'The callout', client: true }) }),
  sample: {
    callout: { calloutLocations: [{ x: 1200, y: -640, z: 0 }], pedWeaponData: [], pedChanceToSurrender: 90 },
  },
  accepts: ['The fields one level deeper, in `callout.data`, and in PascalCase (`CalloutLocations`)'],
  concerns: {},
  netEvent: 'all',
  describe({ callout: scene }) {
    const places = scene.calloutLocations.map(({ x, y, z }) => listed([x, y, z]));
    return {
      kind: 'alert',
      sentence: `Callout at ${places[0] ?? 'no place'}${places.length > 1 ? ` and ${places.length - 1} more places` : ''}`,
      details: [
        ['Where', places.join('\n')],
        ['Weapons', listed(scene.pedWeaponData)],
        ['Without other action', scene.pedActionOnNoActionFound],
        ['Flees', `${scene.pedChanceToFleeFromPlayer} %`],
        ['Obtains weapons', `${scene.pedChanceToObtainWeapons} %`],
        ['Attacks', `${scene.pedChanceToAttackPlayer} %`],
        ['Surrenders', `${scene.pedChanceToSurrender} %`],
      ],
    };
  },
});

/** What lies at the callout itself, in camelCase, wins over what lies deeper or is written otherwise. */
function flatten(received: Fields): Fields {
  const inner = readObject(received.data);
  if (inner === undefined) return inCamelCase(received);
  return { ...inCamelCase(inner), ...inCamelCase(without(received, 'data')) };
}

function inCamelCase(fields: Fields): Fields {
  const entries = Object.entries(fields).map(([name, value]) => [camelCase(name), value, name] as const);
  return Object.fromEntries(entries.filter(([renamed, , name]) => renamed === name || !Object.hasOwn(fields, renamed)));
}

function camelCase(name: string): string {
  return name.charAt(0).toLowerCase() + name.slice(1);
}
