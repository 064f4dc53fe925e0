import * as v from 'valibot';
import { CLOSED_CALL, type DispatchCall, dispatchCall } from '../events/catalogue/calls.ts';
import { findEntry, type PushEventData } from '../events/catalogue/catalogue.ts';
import type { PushEvent } from '../events/push-event.ts';
import { readFlag, readWhole } from '../events/read-values.ts';
import { involvedPlayers } from '../game/dispatch/audience.ts';
import type { Players } from '../game/players/players.ts';
import type { StateView } from '../game/state/state-view.ts';
import type { Locale } from './locales/en.ts';
import type { NotifyParts } from './preferences.ts';
import type { TriggerName } from './rules.ts';

/** Calls whose callers are remembered; the oldest are forgotten first. */
const MAX_CALLS = 2_000;

/** The session tells a player from another one who got the same server id later. */
interface Visit {
  readonly source: number;
  readonly session: number;
}

export type Callers = ReturnType<typeof createCallers>;

/** Remembers who called for help. A call only names a server id, which may be another person's by the time it is looked at. */
export function createCallers(players: Pick<Players, 'sessionOf' | 'sourcesOfIdentities'>) {
  const emergencies = new Map<number, Visit>();
  const calls = new Map<number, Visit>();

  function visitOf(callerPlayerId: string | undefined): Visit | null {
    const source = readWhole(callerPlayerId);
    const session = source === undefined ? null : players.sessionOf(source);
    return source === undefined || session === null ? null : { source, session };
  }

  function remember(visits: Map<number, Visit>, callId: number, visit: Visit): void {
    visits.delete(callId);
    visits.set(callId, visit);
    if (visits.size <= MAX_CALLS) return;
    const oldest = visits.keys().next().value;
    if (oldest !== undefined) visits.delete(oldest);
  }

  function present(visit: Visit | undefined): number | null {
    return visit !== undefined && players.sessionOf(visit.source) === visit.session ? visit.source : null;
  }

  return {
    /** Takes a 911 call that has just come in. */
    noteEmergency({ call, identities }: PushEventData<'EVENT_911'>): void {
      const visit = visitOf(call.metaData?.callerPlayerId);
      if (visit === null) return;
      if (identities.length > 0 && !players.sourcesOfIdentities(identities).includes(visit.source)) return;
      remember(emergencies, call.callId, visit);
    },
    /** Takes a dispatch call that has just been created. */
    noteCall({ callId, metaData }: DispatchCall): void {
      const origin = readWhole(metaData?.createdFromId);
      const visit = visitOf(metaData?.callerPlayerId);
      if (visit === null) return;
      // A call made from a 911 call may have waited long, and that server id may be another person's now.
      const then = origin === undefined ? visit : emergencies.get(origin);
      if (then?.source === visit.source && then.session === visit.session) remember(calls, callId, visit);
    },
    /** @returns the caller of a 911 call, null when they have left or are another person */
    ofEmergency: (callId: number) => present(emergencies.get(callId)),
    /** The same for a dispatch call. */
    ofCall: (callId: number) => present(calls.get(callId)),
  };
}

/** Something that happened, of which players may want to be told. */
export interface Trigger {
  /** What rules call it: a trigger's name, or the type of the push event. */
  readonly on: string;
  /** The players it is about. Asked only when a rule wants them. */
  involved(): readonly number[];
  /** The player who called for help, while they are still the same person. */
  caller(): number | null;
  /** What the paths in templates and conditions lead into. */
  readonly values: Readonly<Record<string, unknown>>;
}

const noCaller = (): null => null;

/** Finds out what an event gives players to be told. */
export function createTriggers(
  { state, audience, texts }: Pick<NotifyParts, 'state' | 'audience' | 'texts'>,
  callers: Callers,
) {
  const ofUnits = (idents: readonly number[]) => () => audience.ofUnits(idents);

  /** What templates can say about a unit, of which perhaps nothing but its number is known. */
  function unitValues(ident: number) {
    const unit = state.getUnit(ident);
    return { unit: unit ?? { id: ident }, unitName: unit?.data.unitNum || unit?.data.name || String(ident) };
  }

  /** An event that is about no dispatch call. */
  function ofOther(event: PushEvent): Trigger[] {
    if (!event.valid) return [];
    const one = (on: TriggerName, involved: Trigger['involved'], more: object = {}): Trigger[] => [
      { on, involved, caller: noCaller, values: { ...valuesOf(event.data), ...more } },
    ];
    switch (event.type) {
      case 'EVENT_911': {
        const { call } = event.data;
        const callType = callTypeOf(call.isEmergency, call.metaData);
        const caller = () => callers.ofEmergency(call.callId);
        const involved = () => [caller()].filter((source) => source !== null);
        const values = { callType, callTitle: texts().callTitles[callType] };
        return one('911', involved, values).map((trigger) => ({ ...trigger, caller }));
      }
      case 'EVENT_UNIT_PANIC': {
        const on = event.data.isPanic ? 'panic' : 'panicReset';
        return [...new Set(event.data.identIds)].flatMap((ident) => one(on, ofUnits([ident]), unitValues(ident)));
      }
      case 'EVENT_TONE':
        return one('tone', () => involvedPlayers(event, state, audience));
      case 'EVENT_PAGER_REBORN':
        return one('page', ofUnits(event.data.identIds), { natureTitle: natureTitle(event.data.nature, texts()) });
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

  /** A changed call, but for what was edited in it. */
  function ofCall(event: PushEvent, change: CallChange): Trigger[] {
    const { before, after } = change;
    const call = after ?? before;
    if (call === undefined) return [];
    const caller = () => callers.ofCall(call.callId);
    const values = { ...valuesOf(event.data), call, place: placeText(call) };
    const { attached, detached, isClosing } = reassignmentOf(change);
    if (isClosing) {
      const idents = [...new Set([...(before?.idents ?? []), ...call.idents])];
      return [{ on: 'callClosed', involved: ofUnits(idents), caller, values }];
    }
    const ofUnit = (on: TriggerName, ident: number): Trigger => ({
      on,
      involved: ofUnits([ident]),
      caller,
      values: { ...values, ...unitValues(ident) },
    });
    const triggers: Trigger[] = [];
    for (const ident of attached) {
      triggers.push(ofUnit('attached', ident));
      if (!mayCallerKnow(call) || state.getUnit(ident)?.isDispatch === true) continue;
      triggers.push({ ...ofUnit('responding', ident), caller: unlessOwn(ident, caller) });
    }
    triggers.push(...detached.map((ident) => ofUnit('detached', ident)));
    if (event.valid && event.type === 'EVENT_DISPATCH_NOTE')
      triggers.push({ on: 'note', involved: ofUnits(call.idents), caller, values });
    return triggers;
  }

  /** A player who drives to their own call needs not be told. */
  function unlessOwn(ident: number, caller: () => number | null): () => number | null {
    return () => {
      const source = caller();
      return source !== null && state.playersOfUnit(ident).includes(source) ? null : source;
    };
  }

  return {
    /** All but edits and the event's own type. */
    ofEvent: (event: PushEvent, changes: readonly CallChange[]): Trigger[] => [
      ...ofOther(event),
      ...changes.flatMap((change) => ofCall(event, change)),
    ],
    /** What was edited in a call that is still open. @param changes in words */
    ofEdit: (call: DispatchCall, changes: string): Trigger => ({
      on: 'callEdited',
      involved: ofUnits(call.idents),
      caller: () => callers.ofCall(call.callId),
      values: { dispatch: call, call, place: placeText(call), changes },
    }),
    /** For rules about the type of an event itself. @param before the players whom it was about before it changed the state */
    ofType: (event: PushEvent, before: readonly number[]): Trigger => ({
      on: event.type,
      involved: () => [...new Set([...before, ...involvedPlayers(event, state, audience)])],
      caller: noCaller,
      values: valuesOf(event.data),
    }),
  };
}

/** The data of an event as what paths lead into: its own fields. */
function valuesOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...data } : {};
}

/** A caller who asked for a silent alert, or may have, is not told who is coming. */
function mayCallerKnow({ metaData: { silentAlert, silenceAlert } = {} }: DispatchCall): boolean {
  const said = [silentAlert, silenceAlert].filter((flag) => flag !== undefined);
  return said.length > 0 && said.every((flag) => readFlag(flag) === false);
}

function placeText({ block, address, postal }: DispatchCall): string {
  const street = [block, address].filter((part) => part !== '').join(' ');
  if (postal === '') return street;
  return street === '' ? postal : `${street} (${postal})`;
}

/** The CAD does not tell a 511 call apart; scripts that place one say so in its metaData. */
function callTypeOf(isEmergency: boolean, metaData: DispatchCall['metaData'] = {}): keyof Locale['callTitles'] {
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

/** One call before and after an event; undefined where it is not known. */
export interface CallChange {
  readonly before: DispatchCall | undefined;
  readonly after: DispatchCall | undefined;
}

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
  if (!event.valid || event.type === 'EVENT_TONE') return [];
  return [...new Set(findEntry(event.type)?.concerns.calls?.(event.data) ?? [])];
}

/** The changes that an event would make, for a dry run. A call that is not known is made up with nothing but its number. */
export function dryRunChanges(event: PushEvent, state: Pick<StateView, 'getCall'>): CallChange[] {
  if (!event.valid) return [];
  const callOf = (callId: number) => state.getCall(callId) ?? v.parse(dispatchCall.read, { callId, status: 1 });
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
      const call = callOf(callId);
      const without = { ...call, idents: call.idents.filter((ident) => !idents.includes(ident)) };
      const having = { ...without, idents: [...without.idents, ...idents] };
      const isAttach = event.type === 'EVENT_DISPATCH_UNIT_ATTACH';
      return [isAttach ? { before: without, after: having } : { before: having, after: without }];
    }
    default: {
      const isClosed = event.type === 'EVENT_DISPATCH_CLOSED';
      return callsOf(event)
        .map(callOf)
        .map((call) => ({ before: call, after: isClosed ? { ...call, status: CLOSED_CALL } : call }));
    }
  }
}

/**
 * @returns the units that a change attached to a call and detached from it, none once the call is closed, and whether the change
 *   closed it
 */
export function reassignmentOf({ before, after }: CallChange) {
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
