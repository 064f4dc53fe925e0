import { describe, expect, it } from '@jest/globals';
import { createEventModel, type Model } from './event-model.ts';
import { runState } from './run-state.ts';

/** An event as the CAD sends it. */
interface RandomEvent {
  readonly type: string;
  readonly data: Readonly<Record<string, unknown>>;
}

const UNITS = [12, 18, 20, 31, 40];
const CALLS = [501, 502, 503, 504];
const EMERGENCIES = [302, 303, 304];
const GROUPS = ['', 'CAR-51', 'Engine 7'];
/** Of players on the server, of one who is not, with and without their prefix, and none. */
const IDENTITIES = ['license:a1', 'a2', 'a3', 'license:a9', ''];

/** @returns gives one event after the other, the same ones for the same seed */
function createRandomEvents(seed: number): () => RandomEvent {
  let state = seed;
  /** From 0 to below `most`. */
  function number(most: number): number {
    // The constants are those of Numerical Recipes.
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  }
  const oneOf = <Value>(values: readonly Value[]): Value => values[number(values.length)] as Value;
  const some = (values: readonly number[]): number[] => values.filter(() => number(3) === 0);
  const atLeastOne = (values: readonly number[]): number[] => [oneOf(values), ...some(values)];
  const maybe = (fields: object): object => (number(2) === 0 ? fields : {});
  const text = (): string => `text ${number(1_000)}`;

  const unit = (id: number) => ({
    ...{ id, accId: `account-${id}`, status: number(5), isPanic: number(4) === 0, location: '', aop: '' },
    data: {
      apiIds: [],
      communityUserId: oneOf(IDENTITIES),
      unitNum: `U-${id}`,
      name: `Unit ${id}`,
      group: oneOf(GROUPS),
    },
  });
  const note = () => ({ time: '21:04', label: 'A', type: 'text', content: text() });
  const newCall = () => ({
    ...{ callId: oneOf(CALLS), origin: 0, status: number(2), priority: 1 + number(3), title: text() },
    ...{ notes: oneOf<unknown>(['', [], [note()]]), idents: some(UNITS) },
    ...maybe({ metaData: oneOf([{}, { x: '1.5' }]) }),
  });
  let lastCall = newCall();
  /** Now and then the last one again, in which nothing has changed. */
  const call = () => {
    if (number(5) > 0) lastCall = newCall();
    return lastCall;
  };
  const identIds = () => oneOf<object>([{ identIds: atLeastOne(UNITS) }, { identIds: [oneOf(UNITS)] }]);

  const makers: Readonly<Record<string, () => object>> = {
    EVENT_UNIT_LOGIN: () => ({ unit: unit(oneOf(UNITS)), isDispatch: number(4) === 0, selfDispatch: false }),
    EVENT_UNIT_LOGOUT: () => ({ identId: oneOf(UNITS) }),
    EVENT_UNIT_STATUS: () => ({ ...identIds(), status: number(5) }),
    EVENT_UNIT_UPDATE: () => ({ units: [...new Set(atLeastOne(UNITS))].map(unit) }),
    EVENT_UNIT_PANIC: () => ({ ...identIds(), isPanic: number(2) === 0 }),
    EVENT_UNIT_GROUP_ADD: () => ({ identId: oneOf(UNITS), groupName: oneOf(GROUPS.slice(1)) }),
    EVENT_UNIT_GROUP_REMOVE: () => ({ identId: oneOf(UNITS), groupName: oneOf(GROUPS.slice(1)) }),
    EVENT_UNIT_GROUP_CHANGE_NAME: () => ({ identIds: some(UNITS), oldName: 'CAR-51', newName: oneOf(GROUPS.slice(1)) }),
    EVENT_DISPATCH_NEW: () => ({ eventOriginIdent: 40, dispatch: call() }),
    EVENT_DISPATCH_EDIT: () => ({ eventOriginIdent: 40, dispatch: call() }),
    EVENT_DISPATCH_CLOSED: () => ({ eventOriginIdent: 40, callIds: atLeastOne(CALLS) }),
    EVENT_DISPATCH_NOTE: () => ({ callId: oneOf(CALLS), note: note() }),
    EVENT_DISPATCH_UNIT_ATTACH: () => ({ callId: oneOf(CALLS), idents: atLeastOne(UNITS) }),
    EVENT_DISPATCH_UNIT_DETACH: () => ({ callId: oneOf(CALLS), ident: oneOf(UNITS) }),
    EVENT_911: () => ({
      call: { callId: oneOf(EMERGENCIES), isEmergency: true, caller: text(), location: '', description: 'D' },
      ...maybe({ metaData: { plate: text() } }),
    }),
    EVENT_REMOVE_911: () => ({ callIds: atLeastOne(EMERGENCIES) }),
    EVENT_TONE: () => ({ url: 'https://a.example/b.mp3', playTonesTo: [] }),
    EVENT_RECORD_ADD: () => ({ record: { id: 5, name: 'Ticket', type: 1, sections: [] } }),
    EVENT_PAGER_REBORN: () => ({ addresses: [], identIds: [], nature: 'Emergency', body: text() }),
  };
  const types = Object.keys(makers);

  return () => {
    const type = oneOf(types);
    return { type, data: { ...makers[type]?.() } };
  };
}

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
