/** An event as the CAD sends it. */
export interface RandomEvent {
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
export function createRandomEvents(seed: number): () => RandomEvent {
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
