import type { PushEventData } from '../push-events/push-event.ts';

export type Unit = PushEventData<'EVENT_UNIT_LOGIN'>['unit'];
/** What one event says about a unit. */
export type UnitChange = PushEventData<'EVENT_UNIT_UPDATE'>['units'][number];
export type DispatchCall = PushEventData<'EVENT_DISPATCH_NEW'>['dispatch'];
export type EmergencyCall = PushEventData<'EVENT_911'>['call'];

/** A dispatch call as scripts made for the official resource know it; the type of what happened to it last. */
export interface CallEntry {
  readonly dispatch_type: 'CALL_NEW' | 'CALL_EDIT' | 'CALL_CLOSE';
  readonly dispatch: DispatchCall;
}

/** A unit; or what events said about one that nobody has introduced yet, which is shown to nobody. */
export type UnitRecord =
  | { readonly known: true; readonly unit: Unit /** Milliseconds, monotonic: its login. */; readonly since: number }
  | { readonly known: false; readonly unit: UnitChange };

/** A dispatch call; or what events said about one that nobody has introduced yet, which is shown to nobody. */
export type CallRecord =
  | {
      readonly known: true;
      readonly entry: CallEntry;
      readonly closed: boolean;
    }
  | { readonly known: false; readonly idents: readonly number[]; readonly notes: DispatchCall['notes'] };

/** What an event does to one record: undefined stands for there being none. */
export interface Change<Record> {
  readonly id: number;
  next(before: Record | undefined): Record | undefined;
}
