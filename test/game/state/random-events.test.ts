import { describe, expect, it } from '@jest/globals';
import { createEventModel, type Model } from './event-model.ts';
import { createRandomEvents } from './random-events.ts';
import { runState } from './run-state.ts';

const EVENTS = 2_000;
/** Each is a sequence of its own; a failure names the one to run again. */
const SEEDS = [1, 20_261, 4_711];
const PLAYERS: Readonly<Record<number, string[]>> = { 1: ['license:a1'], 2: ['license:a2'], 3: ['steam:a3'] };

/** What is known, in the words of the model. */
function known({ state }: ReturnType<typeof runState>): ReturnType<Model['known']> {
  return {
    units: state.units().map(({ id, status, isPanic, isDispatch, data }) => ({
      ...{ id, status, isPanic, isDispatch: isDispatch === true, group: data.group },
      players: [...state.playersOfUnit(id)],
    })),
    calls: state
      .callEntries()
      .map(({ dispatch_type: type, dispatch }) => ({
        ...{ id: dispatch.callId, type, status: dispatch.status, title: dispatch.title, idents: dispatch.idents },
        priority: dispatch.priority,
        ...{ notes: dispatch.notes.map(({ content }) => content), metaData: dispatch.metaData },
      }))
      .sort((one, other) => one.id - other.id),
    emergencies: state.emergencyCalls().map(({ callId, caller, metaData }) => ({ id: callId, caller, metaData })),
  };
}

/** A triggered event in the words of the model: of units and calls what tells which they are, and in what state. */
function brief([name, ...args]: readonly unknown[]): unknown[] {
  return [name, ...args.map(briefArgument)];
}

function briefArgument(given: unknown): unknown {
  if (typeof given !== 'object' || given === null || Array.isArray(given)) return given;
  const { dispatch, dispatch_type: type, id, status, callId, data } = given as Record<string, unknown>;
  if (type !== undefined) return `call ${(dispatch as { callId: number }).callId} ${type}`;
  if (data !== undefined && id !== undefined) return `unit ${id} status ${status}`;
  return callId === undefined ? 'data' : `of ${callId}`;
}

/** Jest compares slowly, and is asked only to show what differs. @param after the event, to be shown too */
function expectSame(given: unknown, expected: unknown, after: object): void {
  if (JSON.stringify(given) !== JSON.stringify(expected)) expect({ after, given }).toEqual({ after, given: expected });
}

describe(`of ${EVENTS} random events as documented`, () => {
  it.each(SEEDS)('each does what the documentation says, from seed %i', (seed) => {
    const run = runState(PLAYERS);
    const model = createEventModel(PLAYERS);
    const next = createRandomEvents(seed);
    for (let number = 0; number < EVENTS; number += 1) {
      const { type, data } = next();
      const expected = model.take(type, data);
      run.clock.advance(1);
      const triggered = run.push(type, data).map(brief);
      expectSame(triggered, expected, { number, type, data });
      // Comparing everything after each event takes half a second a seed.
      if (number % 5 === 0 || number > EVENTS - 10) expectSame(known(run), model.known(), { number, type, data });
    }
    expect(run.state.units().length + run.state.callEntries().length).toBeGreaterThan(5);
  });
});
