import type { DispatchCall } from '../../../src/events/catalogue/calls.ts';
import type { Unit } from '../../../src/events/catalogue/units.ts';
import { Players } from '../../../src/game/players/players.ts';
import { StateView } from '../../../src/game/state/state-view.ts';
import { Tables } from '../../../src/game/state/tables.ts';
import { eventOf } from '../../event-of.ts';
import { createManualClock } from '../../manual-clock.ts';
import { createFakePlayerSource } from '../players/fake-player-source.ts';

/** A call as the CAD sends one: what is left out has its default. */
export type FakeCall = { readonly callId: number } & Readonly<Record<string, unknown>>;

/** A state whose units, calls and players a test sets as it likes; nothing else is known. */
export class FakeState extends StateView {
  readonly #fakeCalls = new Map<number, DispatchCall>();
  readonly #fakeUnits = new Map<number, Unit>();
  /** Server ids of each unit's players. */
  readonly players = new Map<number, number[]>();
  dispatcherOnline = false;

  constructor() {
    const clock = createManualClock();
    super(new Tables(new Players(createFakePlayerSource({})), clock), clock);
  }

  override getUnit(ident: number): Unit | undefined {
    return this.#fakeUnits.get(ident);
  }

  override getCall(callId: number): DispatchCall | undefined {
    return this.#fakeCalls.get(callId);
  }

  override playersOfUnit(ident: number): readonly number[] {
    return this.players.get(ident) ?? [];
  }

  override unitsOfPlayer(source: number): readonly number[] {
    return [...this.players].filter(([, sources]) => sources.includes(source)).map(([ident]) => ident);
  }

  override playersInCad(): Iterable<number> {
    return [...this.players.values()].flat();
  }

  override isDispatcherOnline(): boolean {
    return this.dispatcherOnline;
  }

  addUnit(ident: number, source: number | null, unit: object = {}): void {
    const event = eventOf('EVENT_UNIT_LOGIN', { unit: { id: ident, data: { unitNum: `U-${ident}` }, ...unit } });
    if (event.type === 'EVENT_UNIT_LOGIN' && event.valid) this.#fakeUnits.set(ident, event.data.unit);
    this.players.set(ident, source === null ? [] : [source]);
  }

  addCall(call: FakeCall): DispatchCall {
    const event = eventOf('EVENT_DISPATCH_NEW', { dispatch: call });
    if (event.type !== 'EVENT_DISPATCH_NEW' || !event.valid) throw new Error('no call');
    this.#fakeCalls.set(call.callId, event.data.dispatch);
    return event.data.dispatch;
  }
}
