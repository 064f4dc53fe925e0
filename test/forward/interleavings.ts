import * as fc from 'fast-check';
import type { Attempt, Target } from '../../src/forward/delivery.ts';
import { parseEventKey } from '../../src/forward/outbox/store-keys.ts';
import { eventIdOf } from '../../src/forward/signed-headers.ts';
import { type Bench, setUpBench } from './forwarding-bench.ts';
import { createMemoryStore, valuesAfter } from './memory-store.ts';
import { type Behaviour, createTarget } from './scripted-target.ts';

export const NAMES = ['a', 'b', 'c'] as const;
type Name = (typeof NAMES)[number];

/** How a target behaves until it is told otherwise. */
const behaviours = {
  takes: { answer: 200 },
  'takes slowly': { answer: 200, afterMs: 4_000 },
  'fails with 503': { answer: 503 },
  'asks for patience': { answer: 429, retryAfterMs: 5_000 },
  hangs: 'hang',
  'is a black hole': 'black hole',
  'is down': { fail: 'ECONNREFUSED' },
  'has a bad certificate': { fail: 'CERT_HAS_EXPIRED', certificate: true },
  'has moved': { answer: 404 },
  'is gone': { answer: 410 },
  'calls everything malformed': { answer: 422 },
  'wants no such type': { answer: 400, body: 'Invalid Type' },
} satisfies Record<string, Behaviour>;

/** What it does with every fifth event, and with the others. */
const fastidious = {
  'fails over every fifth': [{ answer: 500 }, { answer: 200 }],
  'hangs and does not want every fifth': [{ answer: 400, body: 'Invalid Type' }, 'hang'],
} satisfies Record<string, readonly [Behaviour, Behaviour]>;

type BehaviourName = keyof typeof behaviours | keyof typeof fastidious;

export type Step =
  | { readonly step: 'accept'; readonly count: number }
  | { readonly step: 'wait'; readonly ms: number }
  | { readonly step: 'behave'; readonly name: Name; readonly as: BehaviourName }
  | { readonly step: 'restart'; readonly kill: boolean; readonly downMs: number }
  | { readonly step: 'reload'; readonly names: readonly Name[]; readonly path: number }
  | { readonly step: 'jump'; readonly ms: number }
  | { readonly step: 'retry'; readonly name: Name }
  | { readonly step: 'replay' };

/** Any interleaving. @param kills whether restarts may be kills */
export function steps(kills: boolean, maxLength: number): fc.Arbitrary<Step[]> {
  const name = fc.constantFrom(...NAMES);
  const as = fc.constantFrom(...(Object.keys({ ...behaviours, ...fastidious }) as BehaviourName[]));
  const step: fc.Arbitrary<Step> = fc.oneof(
    {
      weight: 6,
      arbitrary: fc.record({ step: fc.constant('accept' as const), count: fc.integer({ min: 1, max: 8 }) }),
    },
    {
      weight: 5,
      arbitrary: fc.record({ step: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 90_000 }) }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ step: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 5_000_000 }) }),
    },
    { weight: 5, arbitrary: fc.record({ step: fc.constant('behave' as const), name, as }) },
    {
      weight: 2,
      arbitrary: fc.record({
        step: fc.constant('restart' as const),
        kill: kills ? fc.boolean() : fc.constant(false),
        downMs: fc.integer({ min: 0, max: 100_000 }),
      }),
    },
    {
      weight: 2,
      arbitrary: fc.record({
        step: fc.constant('reload' as const),
        names: fc.subarray([...NAMES]),
        path: fc.integer({ min: 0, max: 2 }),
      }),
    },
    {
      weight: 1,
      arbitrary: fc.record({ step: fc.constant('jump' as const), ms: fc.integer({ min: -5_000_000, max: 5_000_000 }) }),
    },
    { weight: 1, arbitrary: fc.record({ step: fc.constant('retry' as const), name }) },
    { weight: 1, arbitrary: fc.record({ step: fc.constant('replay' as const) }) },
  );
  return fc.array(step, { maxLength, size: 'max' });
}

export interface Played {
  readonly bench: Bench;
  /** Which targets each event was accepted for. */
  readonly accepted: ReadonlyMap<string, readonly Name[]>;
}

/** Plays an interleaving, then makes all targets well and waits until nothing is left to do. */
export function play(script: readonly Step[], onStep: (bench: Bench) => void): Played {
  const played = playSteps(script, onStep);
  makeWell(played.bench);
  return played;
}

function makeWell(bench: Bench): void {
  bench.behave = () => ({ answer: 200 });
  bench.forwarder.applyTargets(NAMES.map((name) => makeTarget(name, 0)));
  for (const name of NAMES) bench.forwarder.retry(name);
  bench.clock.advance(3 * 3_600_000);
}

/**
 * Plays an interleaving, and starts on what processes have left that died after some of its writes.
 *
 * @param deaths after how many writes each, counted round and round
 * @returns what was stored by then, was not settled by its target before or after, and is no dead letter
 */
export function missingAfterDeaths(script: readonly Step[], deaths: readonly number[]): string[] {
  const { store, wire } = playSteps(script, () => {}).bench;
  return deaths.flatMap((death) => {
    const changes = store.changes.slice(0, death % (store.changes.length + 1));
    const stored = changes.flatMap((change) => parseEventKey(change.split('=')[0] ?? '') ?? []);
    const before = wire.requests.filter(({ endedAfter }) => endedAfter !== null && endedAfter <= changes.length);
    const next = setUpBench(() => ({ answer: 200 }), {
      store: createMemoryStore(valuesAfter(changes)),
      targets: NAMES.map((name) => makeTarget(name, 0)),
    });
    next.clock.advance(3 * 3_600_000);
    const settled = new Set([
      ...[...before, ...next.wire.requests]
        .filter(isSettled)
        .map(({ attempt }) => placeOf(attempt.event.id, attempt.target.name)),
      ...next.forwarder.deadLetters(undefined, 10_000).map(({ id, target }) => placeOf(id, target)),
    ]);
    const wanted = stored.flatMap(({ id, targets }) => targets.map((target) => placeOf(id, target)));
    return wanted.filter((place) => !settled.has(place)).map((place) => `${place} after ${changes.length} writes`);
  });
}

const placeOf = (id: string, target: string) => `${eventIdOf(id)} ${target}`;

/** The target has taken the event, or does not want any of its type. */
function isSettled({ behaviour }: Bench['wire']['requests'][number]): boolean {
  return typeof behaviour === 'object' && 'answer' in behaviour && [200, 400].includes(behaviour.answer);
}

/** Plays an interleaving. */
function playSteps(script: readonly Step[], onStep: (bench: Bench) => void): Played {
  const modes = new Map<Name, BehaviourName>();
  const accepted = new Map<string, readonly Name[]>();
  let targets = NAMES.map((name) => makeTarget(name, 0));
  const bench = setUpBench((attempt) => behave(modes.get(attempt.target.name as Name) ?? 'takes', attempt), {
    targets,
  });

  for (const step of script) {
    playOne(step);
    onStep(bench);
  }
  return { bench, accepted };

  function playOne(step: Step) {
    switch (step.step) {
      case 'accept':
        for (let n = 0; n < step.count; n += 1) accept();
        return;
      case 'wait':
        return bench.clock.advance(step.ms);
      case 'behave':
        modes.set(step.name, step.as);
        return;
      case 'restart':
        return bench.restart({ kill: step.kill, targets, downMs: step.downMs });
      case 'reload':
        targets = step.names.map((name) => makeTarget(name, step.path));
        return bench.forwarder.applyTargets(targets);
      case 'jump':
        return bench.jump(step.ms);
      case 'retry':
        bench.forwarder.retry(step.name);
        return;
      case 'replay':
        bench.forwarder.replay('all');
        return;
    }
  }

  function accept(): void {
    const id = idOf(accepted.size);
    accepted.set(
      id,
      targets.map(({ name }) => name as Name),
    );
    bench.enqueue(id, accepted.size % 3 === 0 ? { type: 'EVENT_TONE' } : {});
  }
}

function makeTarget(name: Name, path: number): Target {
  // Whether silence is a delivery has tests of its own.
  const url = `http://127.0.0.1:4000/${name}/${path}`;
  return createTarget({ name, url, shownUrl: url, requireResponse: true });
}

const idOf = (event: number): string => `e${String(event).padStart(4, '0')}`;

function behave(mode: BehaviourName, { event, probe }: Attempt): Behaviour {
  if (!(mode in fastidious)) return behaviours[mode as keyof typeof behaviours];
  const [ofFifth, ofOthers] = fastidious[mode as keyof typeof fastidious];
  return probe || Number(event.id.slice(1, 5)) % 5 === 0 ? ofFifth : ofOthers;
}
