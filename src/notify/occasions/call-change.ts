import * as v from 'valibot';
import type { CallView, StateView } from '../../players/state-view.ts';
import { CLOSED_CALL, dispatchCall } from '../../push-events/catalogue/calls.ts';
import { catalogue } from '../../push-events/catalogue/catalogue.ts';
import type { PushEvent } from '../../push-events/push-event.ts';

/** One call before and after an event; undefined where it is not known. */
export interface CallChange {
  readonly before: CallView | undefined;
  readonly after: CallView | undefined;
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

function bareCall(callId: number): CallView {
  return v.parse(dispatchCall.read, { callId, status: 1 });
}
