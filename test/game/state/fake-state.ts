import type { DispatchCall } from '../../../src/events/catalogue/calls.ts';
import type { Unit } from '../../../src/events/catalogue/units.ts';
import type { StateView } from '../../../src/game/state/tables.ts';
import { eventOf } from '../../event-of.ts';
import { runState } from './run-state.ts';

/** A call as the CAD sends one: what is left out has its default. */
export type FakeCall = { readonly callId: number } & Readonly<Record<string, unknown>>;

/** A state whose units, calls and players a test sets as it likes; nothing else is known. */
export interface FakeState extends StateView {
  /** Server ids of each unit's players. */
  readonly players: Map<number, number[]>;
  dispatcherOnline: boolean;
  addUnit(ident: number, source: number | null, unit?: object): void;
  addCall(call: FakeCall): DispatchCall;
}

export function createFakeState(): FakeState {
  const calls = new Map<number, DispatchCall>();
  const units = new Map<number, Unit>();
  const players = new Map<number, number[]>();
  return {
    ...runState().state,
    players,
    dispatcherOnline: false,
    getUnit: (ident) => units.get(ident),
    getCall: (callId) => calls.get(callId),
    playersOfUnit: (ident) => players.get(ident) ?? [],
    unitsOfPlayer: (source) => [...players].filter(([, sources]) => sources.includes(source)).map(([ident]) => ident),
    playersInCad: () => [...players.values()].flat(),
    isDispatcherOnline() {
      return this.dispatcherOnline;
    },
    addUnit(ident, source, unit = {}) {
      const event = eventOf('EVENT_UNIT_LOGIN', { unit: { id: ident, data: { unitNum: `U-${ident}` }, ...unit } });
      if (event.type === 'EVENT_UNIT_LOGIN' && event.valid) units.set(ident, event.data.unit);
      players.set(ident, source === null ? [] : [source]);
    },
    addCall(call) {
      const event = eventOf('EVENT_DISPATCH_NEW', { dispatch: call });
      if (event.type !== 'EVENT_DISPATCH_NEW' || !event.valid) throw new Error('no call');
      calls.set(call.callId, event.data.dispatch);
      return event.data.dispatch;
    },
  };
}
