import * as fc from 'fast-check';
import type { Attempt, Target } from '../../src/forward/delivery.ts';
import { type Bench, setUpBench } from './forwarding-bench.ts';
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

type BehaviourName = keyof typeof behaviours | 'fails over every fifth';

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
  const as = fc.constantFrom(...(Object.keys(behaviours) as BehaviourName[]), 'fails over every fifth' as const);
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
  modes.clear();
  targets = NAMES.map((name) => makeTarget(name, 0));
  bench.forwarder.applyTargets(targets);
  for (const name of NAMES) bench.forwarder.retry(name);
  bench.clock.advance(3 * 3_600_000);
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
    const id = `e${String(accepted.size).padStart(4, '0')}`;
    accepted.set(
      id,
      targets.map(({ name }) => name as Name),
    );
    bench.enqueue(id);
  }
}

function makeTarget(name: Name, path: number): Target {
  // Whether silence is a delivery has tests of its own.
  const url = `http://127.0.0.1:4000/${name}/${path}`;
  return createTarget({ name, url, shownUrl: url, requireResponse: true });
}

function behave(mode: BehaviourName, { event }: Attempt): Behaviour {
  if (mode !== 'fails over every fifth') return behaviours[mode];
  return Number(event.id.slice(1)) % 5 === 0 ? { answer: 500 } : { answer: 200 };
}
