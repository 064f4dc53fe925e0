/**
 * @param off what it is when there is no such fault. @param on what it is when a person has switched it on
 * @param says what it does then, for that person
 */
const fault = <Value>(off: Value, on: Value, says: string) => ({ off, on, says });

const FAULTS = {
  refuseAuth: fault<boolean>(false, true, 'Every key is refused, and no session gets authenticated.'),
  dropSocketMidMessage: fault<boolean>(false, true, 'An event over a session breaks off, and the session with it.'),
  /** How many milliseconds each answer of the API and of the hub comes late. */
  slowMs: fault(0, 3000, 'Each answer comes 3 s late.'),
  /** So many requests are answered with 429; without `retryAfter` (seconds) there is no such header. */
  next429: fault<{ count: number; retryAfter?: number }>(
    { count: 0 },
    { count: Number.POSITIVE_INFINITY, retryAfter: 5 },
    'Requests are answered 429 and asked to come back in 5 s.',
  ),
  /** So many requests are answered with 500. */
  next500: fault(0, Number.POSITIVE_INFINITY, 'Requests are answered 500.'),
  /** Lists come half: `truncated` is half the JSON in a whole answer, `hangUp` half an answer and a dead socket. */
  halfAPage: fault<'off' | 'truncated' | 'hangUp'>(
    'off',
    'truncated',
    'Lists are cut off in the middle of their JSON.',
  ),
  /** The list of game servers comes in pages of so many, with `total` and `hasMore`; 0 is all of it at once. */
  serversPerPage: fault(0, 1, 'The list of game servers comes one server a page.'),
  noServers: fault<boolean>(false, true, 'The list of game servers comes empty.'),
  unknownFields: fault<boolean>(false, true, 'Every object in an answer has a field that is not documented.'),
  /** Old sessions fall silent, too. */
  mute: fault<boolean>(false, true, 'Sessions are taken and nothing is said over them.'),
  refuseConnections: fault<boolean>(false, true, 'Every client is hung up on.'),
  payloadAsText: fault<boolean>(false, true, 'Events over the session come as text in place of objects.'),
};

/** A fault that a person can switch on and off. */
export type FaultName = keyof typeof FAULTS;

/** What goes wrong on purpose. Each may be switched at any time, and holds until it is switched back. */
export type Faults = { -readonly [Name in FaultName]: (typeof FAULTS)[Name]['off'] } & {
  /** What the faults of the API hold for, as `GET /v2/general/servers`; null is all. */
  only: RegExp | null;
};

/** The names of the faults that can be switched, as they are written. */
export const faultNames = Object.keys(FAULTS) as readonly FaultName[];

/** What each does when a person has switched it on, for that person. */
export const faultSentence = (name: FaultName): string => FAULTS[name].says;

/** Everything as it should be. */
export function createFaults(): Faults {
  const off = faultNames.map((name) => [name, structuredClone(FAULTS[name].off)]);
  return { ...Object.fromEntries(off), only: null };
}

/** Switches a fault on, until it is switched off again, or off. */
export function switchFault(faults: Faults, name: FaultName, on: boolean): void {
  Object.assign(faults, { [name]: structuredClone(FAULTS[name][on ? 'on' : 'off']) });
}

/** The faults that are on. */
export function activeFaults({ next429, ...faults }: Faults): FaultName[] {
  const on = { ...faults, next429: next429.count > 0, halfAPage: faults.halfAPage !== 'off' };
  return faultNames.filter((name) => Boolean(on[name]));
}
