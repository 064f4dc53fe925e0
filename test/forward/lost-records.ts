import { type Bench, setUpBench } from './forwarding-bench.ts';
import { makeOddTarget, makeWell, NAMES, playSteps, type Step } from './interleavings.ts';
import { createMemoryStore } from './memory-store.ts';
import { DOWN } from './scripted-target.ts';

export const GONE = 'its record is gone from the database';

/** What became of events, by id and target: that they were sent or given up on, or that they are gone. */
type Outcomes = ReadonlyMap<string, string>;

/** @returns the events that are said to be gone by a start on what was left after so many writes */
export function goneAfter(changes: Bench['store']['changes'], writes: number): string[] {
  const outcomes = outcomesAfter(valuesAfter(changes.slice(0, writes)));
  return [...outcomes].filter(([, outcome]) => outcome === GONE).map(([place]) => place);
}

/** Starts on a store while all targets are down, once more when all are well, and waits until nothing is left to do. */
function outcomesAfter(values: Map<string, string>): Outcomes {
  const targets = NAMES.map((name) => makeOddTarget(name, 0));
  const bench = setUpBench(() => DOWN, { targets, store: createMemoryStore(values) });
  bench.clock.advance(1);
  bench.restart({ kill: true });
  makeWell(bench, makeOddTarget);
  const sent = bench.wire.requests.filter(({ attempt, behaviour }) => !attempt.probe && behaviour !== DOWN);
  const dead = bench.forwarder.deadLetters(undefined, 10_000);
  return new Map([
    ...sent.map(({ attempt: { event, target } }) => [`${event.id} ${target.name}`, 'told'] as const),
    ...dead.map(({ id, target, reason }) => [`${id} ${target}`, reason === GONE ? GONE : 'told'] as const),
  ]);
}

/**
 * Plays an interleaving, takes the record of one event away, and starts again.
 *
 * @param chosen which event
 * @returns null where none waits; otherwise what became of all, and what is to become of them: as without the loss, and the event is
 * gone for each target that it waited for
 */
export function loseRecord(script: readonly Step[], kill: boolean, chosen: number) {
  const { bench } = playSteps([...script, { step: 'outage', isOver: true }], () => {}, makeOddTarget);
  // Until a broken database works again, and what waits is named in it.
  bench.clock.advance(20_000);
  if (!kill) bench.forwarder.stop();
  const left = new Map(bench.store.values);
  const stored = [...left.keys()].filter((key) => key.startsWith('o/')).sort();
  // A replay has a record for each of its targets.
  const keys = stored.filter((key) => stored.filter((other) => idIn(other) === idIn(key)).length === 1);
  const lost = keys[chosen % keys.length];
  if (lost === undefined) return null;
  const id = idIn(lost);
  const wasDead = (target: string) =>
    [...left.keys()].some((key) => key.startsWith(`d/${target}/`) && key.endsWith(`/${id}`));
  const expected = [...outcomesAfter(new Map(left))].map(([place, outcome]) => {
    const [event, target = ''] = place.split(' ');
    return [place, event === id && !wasDead(target) ? GONE : outcome] as const;
  });
  return { outcomes: outcomesAfter(new Map([...left].filter(([key]) => key !== lost))), expected: new Map(expected) };
}

const idIn = (key: string): string => key.split('/').at(-1) ?? '';

/**
 * Plays an interleaving, and starts on what a process has left that died after some of its writes.
 *
 * @param deaths after how many writes each
 * @returns the events that are said to be gone then, although no record was lost
 */
export function saidToBeGone(script: readonly Step[], deaths: readonly number[]): string[] {
  const { changes } = playSteps(script, () => {}, makeOddTarget).bench.store;
  return deaths.flatMap((death) => goneAfter(changes, death % (changes.length + 1)));
}

/** @returns what a process has left that died after these writes */
export function valuesAfter(changes: Bench['store']['changes']): Map<string, string> {
  const values = new Map<string, string>();
  for (const change of changes) {
    const [, key = change, value] = /^([^=]*)=([\s\S]*)$/.exec(change) ?? [];
    if (value === undefined) values.delete(key);
    else values.set(key, value);
  }
  return values;
}
