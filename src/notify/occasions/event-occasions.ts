import type { CallView } from '../../players/state-view.ts';
import type { PushEvent } from '../../push-events/push-event.ts';
import type { Locale } from '../locales/en.ts';
import { nobody, type Occasion, valuesOf } from './occasion.ts';
import { type OccasionSources, unitValues } from './occasion-sources.ts';

/** What players may be told of an event that is about no dispatch call. */
export function eventOccasions(
  event: PushEvent,
  toneListeners: () => readonly number[],
  sources: OccasionSources,
): Occasion[] {
  if (!event.valid) return [];
  const { state, audience, callers, texts } = sources;
  const values = valuesOf(event.data);
  const one = (
    on: string,
    involved: () => readonly number[],
    more: object = {},
    caller: () => number | null = nobody,
  ) => [{ on, involved, caller, values: { ...values, ...more } }];
  switch (event.type) {
    case 'EVENT_911': {
      const { call } = event.data;
      const callType = callTypeOf(call.isEmergency, call.metaData);
      const caller = () => callers.ofEmergency(call.callId);
      const involved = () => [caller()].filter((source) => source !== null);
      return one('911', involved, { callType, callTitle: texts.callTitles[callType] }, caller);
    }
    case 'EVENT_UNIT_PANIC': {
      const on = event.data.isPanic ? 'panic' : 'panicReset';
      return event.data.identIds.flatMap((ident) => one(on, () => audience.ofUnits([ident]), unitValues(ident, state)));
    }
    case 'EVENT_TONE':
      return one('tone', toneListeners);
    case 'EVENT_PAGER_REBORN': {
      const { identIds, nature } = event.data;
      return one('page', () => audience.ofUnits(identIds), { natureTitle: natureTitle(nature, texts) });
    }
    case 'EVENT_STATION_ALERT':
      return one('stationAlert', () => [], { stations: event.data.locations.map(({ name }) => name).join(', ') });
    case 'EVENT_COMMUNITY_LINK_VERIFIED':
      return one('accountLinked', () => audience.ofIdentities([event.data.communityUserId]));
    case 'EVENT_STREETSIGN_UPDATED':
      return one('streetSign', () => []);
    default:
      return [];
  }
}

/** A 511 call is not told apart by the CAD itself; scripts that place one say so in its metaData. */
function callTypeOf(isEmergency: boolean, metaData: CallView['metaData']): keyof Locale['callTitles'] {
  for (const name of ['callType', 'type']) {
    const said = Object.hasOwn(metaData, name) ? Reflect.get(metaData, name) : undefined;
    if (said === '911' || said === '311' || said === '511') return said;
  }
  return isEmergency ? '911' : '311';
}

function natureTitle(nature: string, { natures }: Locale): string {
  const name = nature.toLowerCase();
  return Object.hasOwn(natures, name) ? natures[name as keyof typeof natures] : nature;
}
