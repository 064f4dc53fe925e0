import type { PushEventData } from '../../push-events/catalogue/catalogue.ts';
import { counted, type EmbedDraft, joined, listed } from './embed-draft.ts';

/** Longer "texts" are sound as base64. */
const LONGEST_SPOKEN = 2_000;

const RECEIVERS = ['all', 'call', 'agency', 'department', 'subdivision', 'unit', 'unit group'];

export function describeTone({ url, playTonesTo }: PushEventData<'EVENT_TONE'>): EmbedDraft {
  const receivers = playTonesTo.map(({ type, value, label }) =>
    joined(' ', [RECEIVERS[type] ?? String(type), label || String(value)]),
  );
  return {
    kind: 'alert',
    title: 'Tone played',
    fields: [
      ['To', receivers.join('\n')],
      ['Sound', url],
    ],
  };
}

export function describePager(data: PushEventData<'EVENT_PAGER_REBORN'>): EmbedDraft {
  return {
    kind: data.nature === 'Emergency' ? 'emergency' : 'alert',
    title: 'Page',
    description: data.body,
    fields: [
      ['Nature', data.nature],
      ['Pagers', listed(data.addresses)],
      [counted('Unit', data.identIds), listed(data.identIds)],
    ],
  };
}

export function describeStationAlert(data: PushEventData<'EVENT_STATION_ALERT'>): EmbedDraft {
  const { locations, message, colors, tone } = data;
  const stations = locations.map(({ name, open, close }) =>
    joined(' · ', [
      name,
      open.length > 0 ? `opens ${listed(open)}` : undefined,
      close.length > 0 ? `closes ${listed(close)}` : undefined,
    ]),
  );
  return {
    kind: 'alert',
    title: 'Station alert',
    description: message.length > LONGEST_SPOKEN && !message.includes(' ') ? undefined : message,
    fields: [
      [counted('Station', locations), stations.join('\n')],
      ['Colours', listed(colors)],
      ['Tone', tone],
    ],
  };
}

export function describeStreetsign({ signData }: PushEventData<'EVENT_STREETSIGN_UPDATED'>): EmbedDraft {
  const { ids, text1, text2, text3 } = signData;
  return {
    kind: 'alert',
    title: 'Street signs changed',
    description: joined('\n', [text1, text2, text3]),
    fields: [[counted('Sign', ids), listed(ids)]],
  };
}

export function describeCallout({ callout }: PushEventData<'EVENT_NEW_CALLOUT'>): EmbedDraft {
  return {
    kind: 'alert',
    title: 'Callout',
    fields: [
      ['Where', callout.calloutLocations.map(({ x, y, z }) => listed([x, y, z])).join('\n')],
      ['Weapons', listed(callout.pedWeaponData)],
      ['Without other action', callout.pedActionOnNoActionFound],
      ['Flees', `${callout.pedChanceToFleeFromPlayer} %`],
      ['Obtains weapons', `${callout.pedChanceToObtainWeapons} %`],
      ['Attacks', `${callout.pedChanceToAttackPlayer} %`],
      ['Surrenders', `${callout.pedChanceToSurrender} %`],
    ],
  };
}
