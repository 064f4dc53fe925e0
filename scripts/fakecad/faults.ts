/** What goes wrong on purpose. Each may be switched at any time, and holds until it is switched back. */
export interface Faults {
  /** The API answers 401 to every key, and no session gets authenticated. */
  refuseAuth: boolean;
  /** A push event over a session is cut off in the middle of the message, and the socket with it. */
  dropSocketMidMessage: boolean;
  /** How many milliseconds each answer of the API and of the hub comes late. */
  slowMs: number;
  /** So many requests are answered with 429; without `retryAfter` (seconds) there is no such header. */
  next429: { count: number; retryAfter?: number };
  /** So many requests are answered with 500. */
  next500: number;
  /** Lists come half: `truncated` is half the JSON in a whole answer, `hangUp` half an answer and a dead socket. */
  halfAPage: 'off' | 'truncated' | 'hangUp';
  /** The list of game servers comes in pages of so many, with `total` and `hasMore`; 0 is all of it at once. */
  serversPerPage: number;
  /** The list of game servers comes empty. */
  noServers: boolean;
  /** Every object in an answer has a field more than is known. */
  unknownFields: boolean;
  /** The hub takes connections and says nothing over any, old ones too. */
  mute: boolean;
  /** The API and the hub hang up on every client. */
  refuseConnections: boolean;
  /** The hub sends push events as JSON text in place of objects. */
  payloadAsText: boolean;
  /** What the faults of the API hold for, as `GET /v2/general/servers`; null is all. */
  only: RegExp | null;
}

/** What a fault is when there is none, and when a person has switched it on. */
const SWITCHES: { readonly [Name in FaultName]: readonly [off: Faults[Name], on: Faults[Name]] } = {
  refuseAuth: [false, true],
  dropSocketMidMessage: [false, true],
  slowMs: [0, 3000],
  next429: [{ count: 0 }, { count: Number.POSITIVE_INFINITY, retryAfter: 5 }],
  next500: [0, Number.POSITIVE_INFINITY],
  halfAPage: ['off', 'truncated'],
  serversPerPage: [0, 1],
  noServers: [false, true],
  unknownFields: [false, true],
  mute: [false, true],
  refuseConnections: [false, true],
  payloadAsText: [false, true],
};

/** What each does when a person has switched it on, for that person. */
export const faultSentences: Readonly<Record<FaultName, string>> = {
  refuseAuth: 'Every key is refused, and no session gets authenticated.',
  dropSocketMidMessage: 'An event over a session is cut off in the middle, and the session with it.',
  slowMs: 'Each answer comes 3 s late.',
  next429: 'Requests are answered 429 and asked to come back in 5 s.',
  next500: 'Requests are answered 500.',
  halfAPage: 'Lists are cut off in the middle of their JSON.',
  serversPerPage: 'The list of game servers comes one server a page.',
  noServers: 'The list of game servers comes empty.',
  unknownFields: 'Everything in an answer has a field that nobody knows.',
  mute: 'Sessions are taken and nothing is said over them.',
  refuseConnections: 'Everybody is hung up on.',
  payloadAsText: 'Events over the session come as text in place of objects.',
};

/** Everything as it should be. */
export function createFaults(): Faults {
  const off = Object.entries(SWITCHES).map(([name, [none]]) => [name, none]);
  return { ...structuredClone(Object.fromEntries(off)), only: null };
}

/** A fault that a person can switch on and off. */
export type FaultName = Exclude<keyof Faults, 'only'>;

/** The names of the faults that can be switched, as they are written. */
export const faultNames = Object.keys(SWITCHES) as readonly FaultName[];

/** Switches a fault on, until it is switched off again, or off. */
export function switchFault(faults: Faults, name: FaultName, on: boolean): void {
  Object.assign(faults, { [name]: structuredClone(SWITCHES[name][on ? 1 : 0]) });
}

/** The faults that are on. */
export function activeFaults({ next429, ...faults }: Faults): FaultName[] {
  const on = { ...faults, next429: next429.count > 0, halfAPage: faults.halfAPage !== 'off' };
  return faultNames.filter((name) => Boolean(on[name]));
}
