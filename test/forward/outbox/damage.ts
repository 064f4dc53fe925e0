import type { Attempt } from '../../../src/forward/delivery.ts';
import { type Bench, KEY, setUpBench } from '../forwarding-bench.ts';
import { GONE } from '../lost-records.ts';
import { createMemoryStore } from '../memory-store.ts';
import { type Behaviour, createTarget, DOWN } from '../scripted-target.ts';

const NAMES = ['down', 'picky', 'slow', 'well'] as const;
type Name = (typeof NAMES)[number];
const targets = NAMES.map((name) => createTarget({ name, requireResponse: true }));
const BODY = (id: string) => Buffer.from(JSON.stringify({ key: KEY, type: 'EVENT_911', data: { id, text: 'Grüße' } }));

/** `down` takes nothing, `picky` fails over every third event and refuses one, `slow` is behind, and `well` has taken all. */
const behaviours: Readonly<Record<Name, (attempt: Attempt) => Behaviour>> = {
  down: () => DOWN,
  picky: ({ event: { id } }) => ({ answer: id === 'e2' ? 422 : Number(id.slice(1)) % 3 === 1 ? 500 : 200 }),
  slow: () => ({ answer: 200, afterMs: 900 }),
  well: () => ({ answer: 200 }),
};

/** What was waiting where, when the process was stopped or killed. */
export interface LeftStore {
  readonly values: ReadonlyMap<string, string>;
  readonly waiting: readonly { readonly id: string; readonly target: string }[];
}

/** A store with events that wait, a deferred one, one that is done at some targets only, and a dead letter. */
export function leaveStore(kill: boolean): LeftStore {
  const bench = setUpBench((attempt) => behaviours[attempt.target.name as Name](attempt), { targets });
  for (let n = 0; n < 8; n += 1) {
    bench.enqueue(`e${n}`, { body: BODY(`e${n}`) });
    // The last one comes right before the end.
    bench.clock.advance(n < 6 ? 300 : n < 7 ? 3_000 : 5);
  }
  const answered = bench.wire.requests.filter((request) => isTaken(request, bench.clock.monotonic()));
  const taken = new Set(answered.map(({ attempt }) => placeOf(attempt)));
  if (!kill) bench.forwarder.stop();
  const values = new Map(bench.store.values);
  const all = Array.from({ length: 8 }, (_, n) => NAMES.map((target) => ({ id: `e${n}`, target }))).flat();
  return { values, waiting: all.filter(({ id, target }) => !taken.has(`${id} ${target}`)) };
}

const placeOf = ({ event, target }: Attempt) => `${event.id} ${target.name}`;
const isTaken = ({ at, behaviour, cancelled }: Bench['wire']['requests'][number], now: number) =>
  !cancelled &&
  typeof behaviour === 'object' &&
  'answer' in behaviour &&
  behaviour.answer === 200 &&
  at + (behaviour.afterMs ?? 2) <= now;

/** Something that happened to one record. */
export interface Fault {
  readonly key: string;
  /** Null for a record that is gone. */
  readonly value: string | null;
  /** The key that it is found under. */
  readonly movedTo?: string;
}

/**
 * Starts on a store with one fault, while every target is down, and once more when all are well.
 *
 * @returns what was neither sent again nor became a dead letter, what was sent otherwise than it was received, and what is said to be
 * gone although it was sent
 */
export function afterFault({ values, waiting }: LeftStore, { key, value, movedTo }: Fault) {
  const damaged = new Map(values);
  if (value === null) damaged.delete(key);
  else damaged.set(key, value);
  if (movedTo !== undefined) {
    damaged.set(movedTo, damaged.get(key) ?? '');
    damaged.delete(key);
  }
  const bench = setUpBench(() => DOWN, { targets, store: createMemoryStore(damaged) });
  bench.enqueue('e8', { body: BODY('e8') });
  bench.clock.advance(1_000);
  bench.restart({ kill: true });
  bench.behave = () => ({ answer: 200 });
  bench.clock.advance(600_000);
  const answered = bench.wire.requests.filter(({ behaviour }) => behaviour !== DOWN);
  const taken = new Set(answered.map(({ attempt }) => placeOf(attempt)));
  const deadLetters = bench.forwarder.deadLetters(undefined, 1_000);
  const isDead = (id: string, target: string) =>
    deadLetters.some((each) => each.id === id && each.reason !== null && [target, 'unknown'].includes(each.target));
  const expected = [...waiting, ...NAMES.map((target) => ({ id: 'e8', target }))];
  const gone = deadLetters.filter(({ reason }) => reason === GONE).map(({ id, target }) => ({ id, target }));
  const isWaiting = (each: { id: string; target: string }) =>
    expected.some(({ id, target }) => id === each.id && target === each.target);
  return {
    bench,
    invented: gone.filter((each) => !isWaiting(each) || taken.has(`${each.id} ${each.target}`)),
    missing: expected.filter(({ id, target }) => !taken.has(`${id} ${target}`) && !isDead(id, target)),
    altered: bench.wire.requests.filter(({ attempt: { event } }) => !event.body.equals(BODY(event.id))),
  };
}

/** @returns the text with one bit of its bytes turned; as KVP gives it back */
export function flipped(text: string, bit: number): string {
  const bytes = Buffer.from(text);
  const at = (bit >> 3) % bytes.length;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
  // KVP ends a text at a NUL.
  return bytes.toString().split('\0')[0] ?? '';
}
