/**
 * @param off value while the fault is off
 * @param on value after the page or a command switched it on
 * @param says what the fault does, for the page
 */
const fault = <Value>(off: Value, on: Value, says: string) => ({ off, on, says });

const FAULTS = {
  refuseAuth: fault<boolean>(false, true, 'Every key is refused, and no session gets authenticated.'),
  dropSocketMidMessage: fault<boolean>(false, true, 'An event over a session breaks off, and the session with it.'),
  /** Delay of each answer of the API and the hub, in milliseconds. */
  slowMs: fault(0, 3000, 'Each answer comes 3 s late.'),
  /** This many requests are answered with 429, with a `Retry-After` of `retryAfter` seconds when given. */
  next429: fault<{ count: number; retryAfter?: number }>(
    { count: 0 },
    { count: Number.POSITIVE_INFINITY, retryAfter: 5 },
    'Requests are answered 429 and asked to come back in 5 s.',
  ),
  /** This many requests are answered with 500. */
  next500: fault(0, Number.POSITIVE_INFINITY, 'Requests are answered 500.'),
  /** `truncated`: lists end in the middle of their JSON. `hangUp`: the socket closes in the middle of the answer. */
  halfAPage: fault<'off' | 'truncated' | 'hangUp'>(
    'off',
    'truncated',
    'Lists are cut off in the middle of their JSON.',
  ),
  /** Page size of the list of game servers, which then has `total` and `hasMore`. 0 sends the whole list. */
  serversPerPage: fault(0, 1, 'The list of game servers comes one server a page.'),
  noServers: fault<boolean>(false, true, 'The list of game servers comes empty.'),
  unknownFields: fault<boolean>(false, true, 'Every object in an answer has a field that is not documented.'),
  /** Applies to sessions that are already open, too. */
  mute: fault<boolean>(false, true, 'Sessions are taken and nothing is said over them.'),
  refuseConnections: fault<boolean>(false, true, 'Every client is hung up on.'),
  payloadAsText: fault<boolean>(false, true, 'Events over the session come as text in place of objects.'),
};

/** A fault that a person can switch on and off. */
export type FaultName = keyof typeof FAULTS;

/** What goes wrong on purpose. Each fault can be switched at any time, and stays until it is switched back. */
export type Faults = { -readonly [Name in FaultName]: (typeof FAULTS)[Name]['off'] } & {
  /** Requests that the faults of the API apply to, such as `GET /v2/general/servers`. Null means all of them. */
  only: RegExp | null;
};

/** Names of the faults that the page and commands can switch. */
export const faultNames = Object.keys(FAULTS) as readonly FaultName[];

/** A sentence that says what a fault does, for the page. */
export const faultSentence = (name: FaultName): string => FAULTS[name].says;

/** All faults, switched off. */
export function createFaults(): Faults {
  const off = faultNames.map((name) => [name, structuredClone(FAULTS[name].off)]);
  return { ...Object.fromEntries(off), only: null };
}

/** Switches a fault on or off. */
export function switchFault(faults: Faults, name: FaultName, on: boolean): void {
  Object.assign(faults, { [name]: structuredClone(FAULTS[name][on ? 'on' : 'off']) });
}

/** Names of the faults that are on. */
export function activeFaults({ next429, ...faults }: Faults): FaultName[] {
  const on = { ...faults, next429: next429.count > 0, halfAPage: faults.halfAPage !== 'off' };
  return faultNames.filter((name) => Boolean(on[name]));
}
