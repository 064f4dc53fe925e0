import type { PushEventData } from '../../events/catalogue/catalogue.ts';

/** A unit that is signed in. */
export type UnitView = PushEventData<'EVENT_UNIT_LOGIN'>['unit'];
/** A dispatch call. */
export type CallView = PushEventData<'EVENT_DISPATCH_NEW'>['dispatch'];

/**
 * What net events and notifications ask about the units and calls of the CAD. Answers are of the moment; what is given stays as
 * it is when the state changes afterwards.
 */
export interface StateView {
  /** @returns undefined for a unit that is not signed in, or of which nothing but its number is known */
  getUnit(ident: number): UnitView | undefined;
  /** @returns undefined for a call of which nothing but its number is known; closed ones are given while they are kept */
  getCall(callId: number): CallView | undefined;
  /** @returns the server ids of the connected players of a unit */
  playersOfUnit(ident: number): readonly number[];
  /** @returns the idents of the signed-in units of a player */
  unitsOfPlayer(source: number): readonly number[];
  /** @returns the server ids of all connected players who have a signed-in unit */
  playersInCad(): Iterable<number>;
  isDispatcherOnline(): boolean;
}
