import type { Attempt } from '../../../src/forward/delivery.ts';
import { type Bench, KEY, setUpBench } from '../forwarding-bench.ts';
import { createMemoryStore } from '../memory-store.ts';
import { type Behaviour, createTarget, DOWN } from '../scripted-target.ts';

const NAMES = ['down', 'picky', 'slow', 'well'] as const;
type Name = (typeof NAMES)[number];
const targets = NAMES.map((name) => createTarget({ name, requireResponse: true }));
const BODY = (id: string) => Buffer.from(JSON.stringify({ key: KEY, type: 'EVENT_911', data: { id, text: 'Grüße' } }));

/**
 * `down` takes nothing, `picky` fails over every third event and refuses one, `slow` is behind, and `well` has taken
 * all.
 */
const behaviours: Readonly<Record<Name, (attempt: Attempt) => Behaviour>> = {
  down: () => DOWN,
  picky: ({ event: { id } }) => ({ answer: id === 'e2' ? 422 : Number(id.slice(1)) % 3 === 1 ? 500 : 200 }),
  slow: () => ({ answer: 200, afterMs: 900 }),
  well: () => ({ answer: 200 }),
};

interface Place {
  readonly id: string;
  readonly target: string;
}

/** What a process left that was stopped or killed. */
export interface LeftStore {
  readonly values: ReadonlyMap<string, string>;
  readonly waiting: readonly Place[];
  readonly deadLetters: readonly Place[];
}

/** A store with events that wait, a deferred one, one that is done at some targets only, and a dead letter. */
export function leaveStore(kill: boolean): LeftStore {
  const bench = setUpBench((attempt) => behaviours[attempt.target.name as Name](attempt), { targets });
  for (let n = 0; n < 8; n += 1) {
    bench.enqueue(`e${n}`, { body: BODY(`e${n}`) });
    // The last one comes right before the end.
    bench.clock.advance(n < 6 ? 300 : n < 7 ? 3_000 : 5);
  }
  const taken = takenBy(bench, bench.clock.monotonic());
  const deadLetters = bench.forwarder.deadLetters().map(({ id, target }) => ({ id, target }));
  if (!kill) bench.forwarder.stop();
  const values = new Map(bench.store.values);
  const all = Array.from({ length: 8 }, (_, n) => NAMES.map((target) => ({ id: `e${n}`, target }))).flat();
  const done = new Set([...taken, ...deadLetters].map(placeOf));
  return { values, deadLetters, waiting: all.filter((place) => !done.has(placeOf(place))) };
}

const placeOf = ({ id, target }: Place) => `${id} ${target}`;

/** What was answered 200, in order. */
function takenBy(bench: Bench, now: number): Place[] {
  const answered = bench.wire.requests.filter(
    ({ at, behaviour, cancelled }) =>
      !cancelled &&
      typeof behaviour === 'object' &&
      'answer' in behaviour &&
      behaviour.answer === 200 &&
      at + (behaviour.afterMs ?? 2) <= now,
  );
  return answered.map(({ attempt }) => ({ id: attempt.event.id, target: attempt.target.name }));
}

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
 * @returns what was neither sent again nor is a dead letter, what was sent otherwise than it was received, which
 * targets got events in the wrong order, and whether the fault was reported
 */
export function afterFault({ values, waiting, deadLetters }: LeftStore, { key, value, movedTo = key }: Fault) {
  const damaged = new Map(values);
  damaged.delete(key);
  if (value !== null) damaged.set(movedTo, value);
  const bench = setUpBench(() => DOWN, { targets, store: createMemoryStore(damaged) });
  bench.enqueue('e8', { body: BODY('e8') });
  bench.clock.advance(1_000);
  bench.restart({ kill: true });
  bench.behave = () => ({ answer: 200 });
  bench.clock.advance(600_000);
  const taken = takenBy(bench, bench.clock.monotonic());
  const listed = bench.forwarder.deadLetters(undefined, 1_000).filter(({ reason }) => reason !== null);
  const settled = new Set([...taken, ...listed].map(placeOf));
  const wanted = [...waiting, ...deadLetters, ...NAMES.map((target) => ({ id: 'e8', target }))];
  const isInOrder = (name: Name) => {
    const ids = taken.filter(({ target }) => target === name).map(({ id }) => id);
    return ids.join() === [...new Set(ids)].sort().join();
  };
  return {
    missing: wanted.filter((place) => !settled.has(placeOf(place))),
    altered: bench.wire.requests.filter(({ attempt: { event } }) => !event.body.equals(BODY(event.id))),
    // `picky` had deferred some.
    disordered: NAMES.filter((name) => name !== 'picky' && !isInOrder(name)),
    isReported: bench.log.lines.some((line) => isReportOf(movedTo, line)),
    faults: bench.said('error').filter((message) => message.includes('please report')),
  };
}

function isReportOf(key: string, { fields }: Bench['log']['lines'][number]): boolean {
  const isOtherFormat = !key.startsWith('1/') && fields.records === 1;
  return isOtherFormat || [fields.key, fields.keys].some((named) => String(named).includes(key));
}

/** @returns the text with one bit of its bytes turned; as KVP gives it back */
export function flipped(text: string, bit: number): string {
  const bytes = Buffer.from(text);
  const at = (bit >> 3) % bytes.length;
  bytes[at] = (bytes[at] ?? 0) ^ (1 << (bit & 7));
  // KVP ends a text at a NUL.
  return bytes.toString().split('\0')[0] ?? '';
}
