import * as v from 'valibot';
import type { DispatchCall } from '../events/catalogue/calls.ts';
import { CLOSED_CALL, dispatchCall } from '../events/catalogue/calls.ts';
import { catalogue } from '../events/catalogue/catalogue.ts';
import type { Unit } from '../events/catalogue/units.ts';
import type { PushEvent } from '../events/push-event.ts';
import { readFlag } from '../events/read-values.ts';
import type { Audience } from '../game/dispatch/audience.ts';
import type { StateView } from '../game/state/state-view.ts';
import type { Callers } from './callers.ts';
import type { Locale } from './locales/en.ts';

/** Something that happened, of which players may want to be told. */
export interface Occasion {
  /** What rules call it: an occasion's name, or the type of the push event. */
  readonly on: string;
  /** The players it is about. Asked only when a rule wants them. */
  involved(): readonly number[];
  /** The player who called for help, while they are still the same person. */
  caller(): number | null;
  /** What the paths in templates and conditions lead into. */
  readonly values: Readonly<Record<string, unknown>>;
}

export const nobody = (): null => null;

/** The data of an event as what paths lead into: its own fields. */
export function valuesOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...data } : {};
}

/** What occasions are made from. */
export interface OccasionSources {
  readonly state: StateView;
  readonly audience: Audience;
  readonly callers: Callers;
  /** Those of the language in force. */
  readonly texts: Locale;
}

/** What templates can say about a unit, of which perhaps nothing but its number is known. */
export function unitValues(ident: number, state: StateView): { unit: Unit | { id: number }; unitName: string } {
  const unit = state.getUnit(ident);
  return { unit: unit ?? { id: ident }, unitName: unit?.data.unitNum || unit?.data.name || String(ident) };
}

/** One call before and after an event; undefined where it is not known. */
export interface CallChange {
  readonly before: DispatchCall | undefined;
  readonly after: DispatchCall | undefined;
}

const CLOSED_EVENT = 'EVENT_DISPATCH_CLOSED';

/**
 * Notes which calls an event touches, as they are before it.
 *
 * @returns what gives the changes, to be called after it
 */
export function watchCalls(event: PushEvent, state: Pick<StateView, 'getCall'>): () => CallChange[] {
  const calls = callsOf(event).map((callId) => ({ callId, before: state.getCall(callId) }));
  return () => calls.map(({ callId, before }) => ({ before, after: state.getCall(callId) }));
}

function callsOf(event: PushEvent): number[] {
  if (!event.valid || event.type === 'EVENT_TONE' || !Object.hasOwn(catalogue, event.type)) return [];
  const { concerns } = catalogue[event.type as keyof typeof catalogue];
  return [...new Set(concerns.calls?.(event.data) ?? [])];
}

/**
 * The changes that an event would make, for one that must not change anything: a call that is not known is made up with nothing
 * but its number.
 */
export function imagineChanges(event: PushEvent, state: Pick<StateView, 'getCall'>): CallChange[] {
  if (!event.valid) return [];
  switch (event.type) {
    case 'EVENT_DISPATCH_NEW':
      return [{ before: undefined, after: event.data.dispatch }];
    case 'EVENT_DISPATCH_EDIT': {
      const after = event.data.dispatch;
      return [{ before: { ...after, priority: -1, address: '', postal: '' }, after }];
    }
    case 'EVENT_DISPATCH_UNIT_ATTACH':
    case 'EVENT_DISPATCH_UNIT_DETACH': {
      const { callId, idents } = event.data;
      const call = state.getCall(callId) ?? bareCall(callId);
      const without = { ...call, idents: call.idents.filter((ident) => !idents.includes(ident)) };
      const having = { ...without, idents: [...without.idents, ...idents] };
      const isAttach = event.type === 'EVENT_DISPATCH_UNIT_ATTACH';
      return [isAttach ? { before: without, after: having } : { before: having, after: without }];
    }
    default:
      return callsOf(event).map((callId) => {
        const call = state.getCall(callId) ?? bareCall(callId);
        return { before: call, after: event.type === CLOSED_EVENT ? { ...call, status: CLOSED_CALL } : call };
      });
  }
}

function bareCall(callId: number): DispatchCall {
  return v.parse(dispatchCall.read, { callId, status: 1 });
}

/** The units that a change attached to a call and detached from it. Of a call that is over nobody is told any more. */
export interface Reassignment {
  readonly attached: readonly number[];
  readonly detached: readonly number[];
  /** Whether the change closed the call. */
  readonly isClosing: boolean;
}

export function reassignmentOf({ before, after }: CallChange): Reassignment {
  const isClosing = after?.status === CLOSED_CALL && before !== undefined && before.status !== CLOSED_CALL;
  if (after === undefined || after.status === CLOSED_CALL) return { attached: [], detached: [], isClosing };
  const had = new Set(before?.idents);
  const has = new Set(after.idents);
  return {
    attached: [...has].filter((ident) => !had.has(ident)),
    detached: [...had].filter((ident) => !has.has(ident)),
    isClosing,
  };
}

/** What players may be told of a changed call, but for what was edited in it. */
export function callOccasions(event: PushEvent, change: CallChange, sources: OccasionSources): Occasion[] {
  const { before, after } = change;
  const call = after ?? before;
  if (call === undefined) return [];
  const { state, audience, callers } = sources;
  const values = { ...valuesOf(event.data), call, place: placeText(call) };
  const caller = () => callers.ofCall(call.callId);
  const ofUnits = (idents: readonly number[]) => () => audience.ofUnits(idents);

  const { attached, detached, isClosing } = reassignmentOf(change);
  if (isClosing) {
    const idents = [...new Set([...(before?.idents ?? []), ...call.idents])];
    return [{ on: 'callClosed', involved: ofUnits(idents), caller, values }];
  }
  const occasions: Occasion[] = [];
  for (const ident of attached) {
    const ofUnit = { ...values, ...unitValues(ident, state) };
    occasions.push({ on: 'attached', involved: ofUnits([ident]), caller, values: ofUnit });
    if (mayCallerKnow(call) && state.getUnit(ident)?.isDispatch !== true) {
      occasions.push({
        on: 'responding',
        involved: ofUnits([ident]),
        caller: unlessOwn(ident, caller),
        values: ofUnit,
      });
    }
  }
  for (const ident of detached) {
    const ofUnit = { ...values, ...unitValues(ident, state) };
    occasions.push({ on: 'detached', involved: ofUnits([ident]), caller, values: ofUnit });
  }
  if (event.valid && event.type === 'EVENT_DISPATCH_NOTE') {
    occasions.push({ on: 'note', involved: ofUnits(call.idents), caller, values });
  }
  return occasions;

  /** Whoever drives to their own call needs not be told. */
  function unlessOwn(ident: number, caller: () => number | null): () => number | null {
    return () => {
      const source = caller();
      return source !== null && state.playersOfUnit(ident).includes(source) ? null : source;
    };
  }
}

/** What was edited in a call that is still open. */
export function editOccasion(call: DispatchCall, changes: string, { audience, callers }: OccasionSources): Occasion {
  return {
    on: 'callEdited',
    involved: () => audience.ofUnits(call.idents),
    caller: () => callers.ofCall(call.callId),
    values: { dispatch: call, call, place: placeText(call), changes },
  };
}

/** A caller who wanted no alert to be heard, or of whom that is not known, is not told who is coming. */
function mayCallerKnow({ metaData: { silentAlert, silenceAlert } }: DispatchCall): boolean {
  const said = [silentAlert, silenceAlert].filter((flag) => flag !== undefined);
  return said.length > 0 && said.every((flag) => readFlag(flag) === false);
}

function placeText({ block, address, postal }: DispatchCall): string {
  const street = [block, address].filter((part) => part !== '').join(' ');
  if (postal === '') return street;
  return street === '' ? postal : `${street} (${postal})`;
}

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
function callTypeOf(isEmergency: boolean, metaData: DispatchCall['metaData']): keyof Locale['callTitles'] {
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
