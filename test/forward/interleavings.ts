import * as fc from 'fast-check';
import type { Attempt, Target } from '../../src/forward/delivery.ts';
import { type Bench, setUpBench } from './forwarding-bench.ts';
import { type Behaviour, createTarget, STREAM } from './scripted-target.ts';

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
  | { readonly step: 'replay' }
  | { readonly step: 'drop'; readonly event: number }
  | { readonly step: 'outage'; readonly isOver: boolean };

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

/** Those, and what the operator drops, and times in which the database keeps nothing. */
export function moreSteps(maxLength: number): fc.Arbitrary<Step[]> {
  const drop = fc.record({ step: fc.constant('drop' as const), event: fc.nat(30) });
  const outage = fc.record({ step: fc.constant('outage' as const), isOver: fc.boolean() });
  const more = fc.array(fc.oneof({ weight: 2, arbitrary: drop }, { weight: 1, arbitrary: outage }), { maxLength: 8 });
  return fc.tuple(steps(true, maxLength), more, fc.nat(1_000)).map(([usual, others, place]) => {
    const all = [...usual];
    for (const [index, step] of others.entries()) all.splice((place * (index + 1)) % (all.length + 1), 0, step);
    return all;
  });
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

/** Makes all targets well and waits until nothing is left to do. */
export function makeWell(bench: Bench, make = makeTarget): void {
  bench.behave = () => ({ answer: 200 });
  bench.forwarder.applyTargets(NAMES.map((name) => make(name, 0)));
  for (const name of NAMES) bench.forwarder.retry(name);
  bench.clock.advance(3 * 3_600_000);
}

/** Plays an interleaving. */
export function playSteps(script: readonly Step[], onStep: (bench: Bench) => void, make = makeTarget): Played {
  const modes = new Map<Name, BehaviourName>();
  const accepted = new Map<string, readonly Name[]>();
  let targets = NAMES.map((name) => make(name, 0));
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
        targets = step.names.map((name) => make(name, step.path));
        return bench.forwarder.applyTargets(targets);
      case 'jump':
        return bench.jump(step.ms);
      case 'retry':
        bench.forwarder.retry(step.name);
        return;
      case 'replay':
        bench.forwarder.replay('all');
        return;
      case 'drop':
        bench.forwarder.drop(idOf(step.event));
        return;
      case 'outage':
        // What it loses unnoticed is gone.
        bench.clock.advance(2_000);
        bench.store.broken = !step.isOver;
        accept();
        return bench.clock.advance(2_000);
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

/** The third is a stream, the second may be silent, and the first wants some events only. */
export function makeOddTarget(name: Name, path: number): Target {
  const target = makeTarget(name, path);
  if (name === 'a') return { ...target, wants: (type) => type !== 'EVENT_TONE' };
  return name === 'b' ? { ...target, requireResponse: false } : { ...target, nats: STREAM };
}

const idOf = (event: number): string => `e${String(event).padStart(4, '0')}`;

function behave(mode: BehaviourName, { event, probe, target }: Attempt): Behaviour {
  // A broker has no answers 5xx.
  if (target.nats !== undefined && mode.startsWith('fails')) return { fail: 'ECONNRESET' };
  if (!(mode in fastidious)) return behaviours[mode as keyof typeof behaviours];
  const [ofFifth, ofOthers] = fastidious[mode as keyof typeof fastidious];
  return probe || Number(event.id.slice(1, 5)) % 5 === 0 ? ofFifth : ofOthers;
}
