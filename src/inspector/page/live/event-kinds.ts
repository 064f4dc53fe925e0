import type { EventSource, EventSummary } from '../../api-types.ts';
import type { IconName } from '../elements/icons.tsx';

/** How an event came in, in words. */
export const SOURCES: Readonly<Record<EventSource, string>> = {
  http: 'HTTP',
  websocket: 'session',
  simulated: 'simulated',
};

/** What a type is about, by its name: the first that fits. Each has an icon and a colour. */
const KINDS = [
  ['alarm', /PANIC/],
  ['over', /CLOSED|REMOVE_911|LOGOUT/],
  ['emergency', /_911|CALLOUT/],
  ['call', /DISPATCH/],
  ['unit', /UNIT/],
  ['record', /RECORD/],
  ['alert', /TONE|ALERT|SIGN|PAGER/],
  ['account', /CHAR|LINK/],
] as const satisfies readonly (readonly [IconName, RegExp])[];

type Kind = (typeof KINDS)[number][0] | 'other' | 'bad';

/** @returns what an event is about; `bad` for one that was not understood */
export function kindOf({ type, valid }: Pick<EventSummary, 'type' | 'valid'>): Kind {
  if (!valid) return 'bad';
  return KINDS.find(([, pattern]) => pattern.test(type))?.[0] ?? 'other';
}
