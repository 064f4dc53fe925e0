import { CLOSED_CALL, type DispatchCall, type EmergencyCall } from '../../events/catalogue/calls.ts';
import type { KnownPushEvent } from '../../events/push-event.ts';
import { type Applied, type Change, RecordStore } from './records.ts';

/** A dispatch call as scripts made for the official resource know it; the type of what happened to it last. */
export interface CallEntry {
  readonly dispatch_type: 'CALL_NEW' | 'CALL_EDIT' | 'CALL_CLOSE';
  readonly dispatch: DispatchCall;
}

/** A dispatch call; or what events said about one that nothing has introduced yet, which is not shown. */
export type CallRecord =
  | { readonly known: true; readonly entry: CallEntry; readonly closed: boolean }
  | { readonly known: false; readonly idents: readonly number[]; readonly notes: DispatchCall['notes'] };

const DAY = 86_400_000;
/** Scripts may still ask about a call that was closed just now. */
const CLOSED_MS = 10 * 60_000;

const STAGES = {
  open: { most: 10_000, maxAge: 7 * DAY, ageFrom: 'change' },
  closed: { most: 1_000, maxAge: CLOSED_MS, ageFrom: 'arrival' },
  unknown: { most: 1_000, maxAge: DAY, ageFrom: 'change' },
} as const;

/** All dispatch calls. */
export class CallTable {
  readonly #store = new RecordStore<keyof typeof STAGES, CallRecord>({ stages: STAGES, stageOf: stageOfCall });

  apply(change: Change<CallRecord>, now: number): Applied<CallRecord> {
    return this.#store.apply(change, now);
  }

  purge(now: number): void {
    this.#store.purge(now);
  }

  ageOf(callId: number, now: number): number | undefined {
    return this.#store.ageOf(callId, now);
  }

  /** @returns undefined for a call that nothing has introduced */
  get(callId: number): CallEntry | undefined {
    return entriesOf(this.#store.get(callId))[0];
  }

  /** @returns all that were introduced, closed ones last */
  all(): CallEntry[] {
    return [...this.#store.at('open'), ...this.#store.at('closed')].flatMap(entriesOf);
  }
}

function stageOfCall(record: CallRecord): keyof typeof STAGES {
  if (!record.known) return 'unknown';
  return record.closed ? 'closed' : 'open';
}

const entriesOf = (record: CallRecord | undefined): CallEntry[] => (record?.known ? [record.entry] : []);

/** A 911 call waits minutes; when one of yesterday was removed, no event came here. */
const WAITING = { most: 5_000, maxAge: DAY, ageFrom: 'change' } as const;

/** All 911 calls that wait. */
export class EmergencyTable extends RecordStore<'waiting', EmergencyCall> {
  constructor() {
    super({ stages: { waiting: WAITING }, stageOf: () => 'waiting' });
  }

  all(): EmergencyCall[] {
    return [...this.at('waiting')];
  }
}

/** Notes kept on one call, the newest: more than a dispatcher writes in a shift. */
const MAX_NOTES = 200;
/** Units kept on one call. */
const MAX_IDENTS = 1_000;

/** @returns what an event does to dispatch calls, in its order. Pure: records are replaced, never changed */
export function callChanges(event: KnownPushEvent): Change<CallRecord>[] {
  switch (event.type) {
    case 'EVENT_DISPATCH_NEW': {
      const { dispatch } = event.data;
      return [{ id: dispatch.callId, next: (before) => known('CALL_NEW', withEarlier(dispatch, before)) }];
    }
    case 'EVENT_DISPATCH_EDIT': {
      const { dispatch } = event.data;
      return [{ id: dispatch.callId, next: () => known('CALL_EDIT', dispatch) }];
    }
    case 'EVENT_DISPATCH_CLOSED':
      return [...new Set(event.data.callIds)].map((id) => ({ id, next: closed }));
    case 'EVENT_DISPATCH_NOTE': {
      const { callId, note } = event.data;
      return [{ id: callId, next: (before) => withNote(before, note) }];
    }
    case 'EVENT_DISPATCH_UNIT_ATTACH': {
      const { callId, idents } = event.data;
      return [{ id: callId, next: (before) => withIdents(before, (attached) => union(attached, idents)) }];
    }
    case 'EVENT_DISPATCH_UNIT_DETACH': {
      const detached = new Set(event.data.idents);
      const left = (idents: readonly number[]) => idents.filter((ident) => !detached.has(ident));
      return [{ id: event.data.callId, next: (before) => before && withIdents(before, left) }];
    }
    default:
      return [];
  }
}

/** @returns the record of a call that is known */
export function callRecord({ dispatch_type, dispatch }: CallEntry): CallRecord {
  const idents = dispatch.idents.slice(-MAX_IDENTS);
  const entry = { dispatch_type, dispatch: { ...dispatch, idents } };
  return { known: true, entry, closed: dispatch.status === CLOSED_CALL };
}

function known(type: CallEntry['dispatch_type'], dispatch: DispatchCall): CallRecord {
  return callRecord({ dispatch_type: type, dispatch });
}

/** What was said about a call before it was introduced came later than what introduces it. */
function withEarlier(dispatch: DispatchCall, before: CallRecord | undefined): DispatchCall {
  if (before === undefined || before.known) return dispatch;
  const idents = union(dispatch.idents, before.idents);
  return { ...dispatch, idents, notes: [...before.notes, ...dispatch.notes].slice(0, MAX_NOTES) };
}

function closed(before: CallRecord | undefined): CallRecord | undefined {
  if (!before?.known) return undefined;
  return known('CALL_CLOSE', { ...before.entry.dispatch, status: CLOSED_CALL });
}

function withNote(before: CallRecord | undefined, note: DispatchCall['notes'][number]): CallRecord {
  const add = (notes: DispatchCall['notes']) => [note, ...notes].slice(0, MAX_NOTES);
  if (before === undefined) return { known: false, idents: [], notes: [note] };
  if (!before.known) return { ...before, notes: add(before.notes) };
  const { dispatch } = before.entry;
  return known('CALL_EDIT', { ...dispatch, notes: add(dispatch.notes) });
}

function withIdents(before: CallRecord | undefined, change: (idents: readonly number[]) => number[]): CallRecord {
  if (before === undefined) return { known: false, idents: change([]), notes: [] };
  if (!before.known) return { ...before, idents: change(before.idents) };
  const { dispatch } = before.entry;
  const idents = change(dispatch.idents);
  const isSame = idents.length === dispatch.idents.length && idents.every((ident, at) => ident === dispatch.idents[at]);
  return isSame ? before : known('CALL_EDIT', { ...dispatch, idents });
}

function union(one: readonly number[], other: readonly number[]): number[] {
  return [...new Set([...one, ...other])].slice(-MAX_IDENTS);
}

/** @returns what an event does to 911 calls, in its order. Pure: calls are replaced, never changed */
export function emergencyChanges(event: KnownPushEvent): Change<EmergencyCall>[] {
  if (event.type === 'EVENT_911') {
    const { call } = event.data;
    return [{ id: call.callId, next: () => call }];
  }
  if (event.type === 'EVENT_REMOVE_911') {
    return [...new Set(event.data.callIds)].map((id) => ({ id, next: () => undefined }));
  }
  return [];
}
