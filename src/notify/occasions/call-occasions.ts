import type { CallView } from '../../players/state-view.ts';
import { CLOSED_CALL } from '../../push-events/catalogue/calls.ts';
import { readFlag } from '../../push-events/catalogue/read-values.ts';
import type { PushEvent } from '../../push-events/push-event.ts';
import type { CallChange } from './call-change.ts';
import { type Occasion, valuesOf } from './occasion.ts';
import { type OccasionSources, unitValues } from './occasion-sources.ts';

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
export function editOccasion(call: CallView, changes: string, { audience, callers }: OccasionSources): Occasion {
  return {
    on: 'callEdited',
    involved: () => audience.ofUnits(call.idents),
    caller: () => callers.ofCall(call.callId),
    values: { dispatch: call, call, place: placeText(call), changes },
  };
}

/** A caller who wanted no alert to be heard, or of whom that is not known, is not told who is coming. */
function mayCallerKnow({ metaData: { silentAlert, silenceAlert } }: CallView): boolean {
  const said = [silentAlert, silenceAlert].filter((flag) => flag !== undefined);
  return said.length > 0 && said.every((flag) => readFlag(flag) === false);
}

function placeText({ block, address, postal }: CallView): string {
  const street = [block, address].filter((part) => part !== '').join(' ');
  if (postal === '') return street;
  return street === '' ? postal : `${street} (${postal})`;
}
