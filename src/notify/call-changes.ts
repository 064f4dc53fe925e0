import * as v from 'valibot';
import { CLOSED_CALL, type DispatchCall, dispatchCall } from '../events/catalogue/calls.ts';
import { findEntry } from '../events/catalogue/catalogue.ts';
import type { PushEvent } from '../events/push-event.ts';
import type { StateView } from '../game/state/state-view.ts';

/** A dispatch call before and after an event. Undefined where the state does not know the call. */
export interface CallChange {
  readonly before: DispatchCall | undefined;
  readonly after: DispatchCall | undefined;
}

/**
 * Reads the calls that an event is about before the event changes the state.
 *
 * @returns a function that reads the same calls again after the event, and gives the changes
 */
export function trackCallChanges(event: PushEvent, state: Pick<StateView, 'getCall'>): () => CallChange[] {
  const calls = callIdsOf(event).map((callId) => ({ callId, before: state.getCall(callId) }));
  return () => calls.map(({ callId, before }) => ({ before, after: state.getCall(callId) }));
}

function callIdsOf(event: PushEvent): number[] {
  if (!event.valid || event.type === 'EVENT_TONE') return [];
  return [...new Set(findEntry(event.type)?.concerns.calls?.(event.data) ?? [])];
}

/** Computes the changes that an event would make to calls. An unknown call gets defaults for all fields but its id. */
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
      const otherIdents = call.idents.filter((ident) => !idents.includes(ident));
      const detached = { ...call, idents: otherIdents };
      const attached = { ...call, idents: [...otherIdents, ...idents] };
      if (event.type === 'EVENT_DISPATCH_UNIT_ATTACH') return [{ before: detached, after: attached }];
      return [{ before: attached, after: detached }];
    }
    case 'EVENT_DISPATCH_CLOSED':
      return callIdsOf(event)
        .map(callOf)
        .map((call) => ({ before: call, after: { ...call, status: CLOSED_CALL } }));
    default:
      return callIdsOf(event)
        .map(callOf)
        .map((call) => ({ before: call, after: call }));
  }
}

interface Reassignment {
  /** Idents of the units that the change attached; none once the call is closed. */
  readonly attached: readonly number[];
  /** Idents of the units that the change detached; none once the call is closed. */
  readonly detached: readonly number[];
  readonly isClosing: boolean;
}

export function compareUnits({ before, after }: CallChange): Reassignment {
  const isClosing = after?.status === CLOSED_CALL && before !== undefined && before.status !== CLOSED_CALL;
  if (after === undefined || after.status === CLOSED_CALL) return { attached: [], detached: [], isClosing };

  const identsBefore = new Set(before?.idents);
  const identsAfter = new Set(after.idents);
  return {
    attached: [...identsAfter].filter((ident) => !identsBefore.has(ident)),
    detached: [...identsBefore].filter((ident) => !identsAfter.has(ident)),
    isClosing,
  };
}
