import type { ReceivedEvent } from '../../../src/events/receive.ts';
import { Players } from '../../../src/game/players/players.ts';
import { State, type StateStep } from '../../../src/game/state/state.ts';
import { eventOfBody } from '../../event-of.ts';
import { createManualClock, type ManualClock } from '../../manual-clock.ts';
import { createFakePlayerSource, type FakePlayerSource } from '../players/fake-player-source.ts';

/** A triggered event: its name without the prefix, its arguments, and what the look at the state gave in that moment. */
export type Triggered = readonly [name: string, ...rest: unknown[]];

export interface RunState {
  readonly state: State;
  readonly clock: ManualClock;
  readonly source: FakePlayerSource;
  /** What was triggered since the last call. */
  triggered(): Triggered[];
  /** Takes an event as the CAD sends it and runs its steps. @returns what was triggered */
  push(type: string, data: unknown, received?: object): Triggered[];
  pushBody(body: Readonly<Record<string, unknown>>): Triggered[];
  /** From then on each triggered event ends with what this gives. */
  look(at: (state: State) => unknown): void;
  legacy: boolean;
}

/** The state with players who come and go, and a clock that stands still. */
export function runState(players: Readonly<Record<number, string[]>> = {}): RunState {
  const clock = createManualClock();
  const source = createFakePlayerSource(players);
  const known = new Players(source);
  const state = new State({ clock, players: known, emitsLegacy: () => run.legacy });
  let triggered: Triggered[] = [];
  let look: ((state: State) => unknown) | undefined;

  function runSteps(steps: Iterable<StateStep>): void {
    for (const step of steps) {
      if ('commit' in step) step.commit();
      else {
        const [name, ...args] = step.emit;
        const seen = look === undefined ? [] : [look(state)];
        triggered.push([name.replace(/^SonoranCAD::(pushevents:)?/, ''), ...structuredClone(args), ...seen]);
      }
    }
  }
  known.watch({
    seen: (player) => runSteps(state.playerSeen(player)),
    gone: (player) => runSteps(state.playerGone(player)),
  });

  const run: RunState = {
    state,
    clock,
    source,
    legacy: true,
    look: (at) => {
      look = at;
    },
    triggered() {
      const all = triggered;
      triggered = [];
      return all;
    },
    push: (type, data, received = {}) => pushed({ type, data }, received),
    pushBody: (body) => pushed(body, {}),
  };

  function pushed(body: Readonly<Record<string, unknown>>, received: object): Triggered[] {
    const event = { ...eventOfBody(body), ...received } as ReceivedEvent['event'];
    run.triggered();
    known.learn(event);
    runSteps(state.stepsOf({ event, body }));
    return run.triggered();
  }
  return run;
}

/** A unit as the CAD sends one. @param identities its player's */
export function unitOf(id: number, identities: readonly string[] = [], more: object = {}) {
  return {
    id,
    accId: `account-${id}`,
    status: 2,
    data: { apiIds: identities, unitNum: `U-${id}`, name: `Unit ${id}` },
    ...more,
  };
}

/** A dispatch call as the CAD sends one. */
export function callOf(callId: number, more: object = {}) {
  return { callId, status: 1, title: `Call ${callId}`, notes: [], idents: [], metaData: {}, ...more };
}

/** A state that knows the units 12 and 18 of the fixtures. */
export function withUnits(): RunState {
  const run = runState();
  for (const id of [12, 18]) run.push('EVENT_UNIT_LOGIN', { unit: unitOf(id) });
  return run;
}

/** One that knows the call 501 as well, with the unit 12 on it. */
export function withCall(): RunState {
  const run = withUnits();
  run.push('EVENT_DISPATCH_NEW', { dispatch: callOf(501, { idents: [12] }) });
  return run;
}
