import { createKeyRing } from '../../../src/events/api-keys.ts';
import { type ReceivedEvent, receiveEvent } from '../../../src/events/receive.ts';

const KEY = 'a-key-for-the-benchmark';
const keys = createKeyRing([KEY]);

/** How many units and dispatch calls there are, and how many players are connected. */
export interface GameSize {
  readonly units: number;
  readonly players: number;
}

interface Turn {
  readonly unit: number;
  readonly partner: number;
  readonly call: number;
}

/** One after the other; what one changes the next but one changes back, so that the sizes stay what they are. */
const KINDS: readonly (readonly [type: string, data: (turn: Turn) => object])[] = [
  ['EVENT_UNIT_STATUS', ({ unit, partner }) => ({ identIds: [unit, partner], status: 3 })],
  ['EVENT_UNIT_UPDATE', ({ unit }) => ({ units: [{ ...unitOf(unit), status: 4, location: 'Vespucci Blvd' }] })],
  ['EVENT_DISPATCH_NOTE', ({ call }) => ({ callId: call, note: { label: 'DISPATCH', content: 'Tow on the way' } })],
  ['EVENT_DISPATCH_EDIT', ({ call, unit, partner }) => ({ dispatch: callOf(call, [unit, partner]) })],
  ['EVENT_DISPATCH_UNIT_DETACH', ({ call, partner }) => ({ callId: call, idents: [partner] })],
  ['EVENT_DISPATCH_UNIT_ATTACH', ({ call, partner }) => ({ callId: call, idents: [partner] })],
  ['EVENT_DISPATCH_CLOSED', ({ call }) => ({ callIds: [call] })],
  ['EVENT_DISPATCH_NEW', ({ call, unit, partner }) => ({ dispatch: callOf(call, [unit, partner]) })],
  ['EVENT_UNIT_LOGOUT', ({ unit }) => ({ identId: unit })],
  ['EVENT_UNIT_LOGIN', ({ unit }) => ({ unit: unitOf(unit) })],
];

/** The types of the events, in their order. */
export const gameEventTypes: readonly string[] = KINDS.map(([type]) => type);

/** Every other turn strides over the calls, so that what it needs was not needed lately; the others take them one after the other. */
const STRIDE = 7_919;

/** @returns an identity of the player who is this unit, as far as that player is connected */
export const licenseOf = (unit: number): string => `license:${unit.toString(16).padStart(40, '0')}`;

/** The events of a shift: each is about one call, and the two units on it, or one of them. */
export function createGameEvents({ units, players }: GameSize) {
  // Only units whose players are connected take part, or the same event would reach fewer players where there are more units.
  const active = Math.min(units, players);
  const partners = (call: number) => [1 + (call % active), 1 + ((call + 1) % active)] as const;

  function* initial(): Iterable<ReceivedEvent> {
    for (let id = 1; id <= units; id += 1) yield eventOf('EVENT_UNIT_LOGIN', { unit: unitOf(id) });
    for (let id = 1; id <= units; id += 1) yield eventOf('EVENT_DISPATCH_NEW', { dispatch: callOf(id, partners(id)) });
  }

  return {
    /** What brings all units and calls in. */
    initial: initial(),
    /** @param index from 0; after as many events as there are kinds, the next call is what they are about */
    at(index: number): ReceivedEvent {
      const turn = Math.floor(index / KINDS.length);
      const call = 1 + ((turn % 2 === 0 ? turn / 2 : turn * STRIDE) % units);
      const [unit, partner] = partners(call);
      const [type, data] = KINDS[index % KINDS.length] as (typeof KINDS)[number];
      return eventOf(type, data({ unit, partner, call }));
    },
  };
}

function unitOf(id: number): object {
  const data = { apiIds: [licenseOf(id)], unitNum: `1-ADAM-${id}`, name: `Unit ${id}`, department: 'LSPD' };
  return { id, accId: `account-${id}`, status: 2, location: 'Mission Row', data };
}

function callOf(callId: number, idents: readonly number[]): object {
  const notes = [{ time: '21:04:10', label: 'DISPATCH', type: 'text', content: 'Lane two blocked' }];
  return { callId, status: 1, priority: 2, title: 'Traffic collision', postal: '8042', notes, idents };
}

/** As it comes out of the protocol. @throws when it is not understood */
function eventOf(type: string, data: object): ReceivedEvent {
  const received = receiveEvent(Buffer.from(JSON.stringify({ key: KEY, type, data })), keys, 'http', 0);
  if (!received.accepted || !received.event.valid) throw new Error(`${type} was not understood.`);
  return received;
}
