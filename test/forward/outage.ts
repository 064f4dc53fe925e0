import * as v from 'valibot';
import { targetSchema } from '../../src/forward/settings.ts';
import { setUpBench } from './forwarding-bench.ts';
import { type Behaviour, createTarget } from './scripted-target.ts';

/** How a target can be out of order. */
export const OUTAGES = {
  'refuses the connection': { fail: 'ECONNREFUSED' },
  'does not let itself be connected to': 'black hole',
  'takes requests and is silent': 'hang',
  'answers 503': { answer: 503 },
  'answers 429 and asks for patience': { answer: 429, retryAfterMs: 5_000 },
  'answers 429 and nothing else': { answer: 429 },
} satisfies Record<string, Behaviour>;

export interface OutageOptions {
  readonly form: Behaviour;
  readonly minutes: number;
  readonly everyMs: number;
  /** Whether the target has answered before, and so is known to answer. */
  readonly hasAnswered: boolean;
  /** Whether the process is killed in the middle of it. */
  readonly isKilled: boolean;
}

/**
 * @returns the ids that were sent in and those that the target took, both in order, and how many became dead letters
 */
export function throughOutage({ form, minutes, everyMs, hasAnswered, isKilled }: OutageOptions) {
  const { maxAgeMinutes } = v.parse(targetSchema, { name: 'bot', url: 'http://127.0.0.1:4000/bot' });
  const outageMs = minutes * 60_000;
  const beginsAt = hasAnswered ? 10_000 : 0;
  const endsAt = beginsAt + outageMs;
  const isOut = (at: number) => at >= beginsAt && at < endsAt;
  const bench = setUpBench((_attempt, at) => (isOut(at) ? form : { answer: 200 }), {
    targets: [createTarget({ maxAgeMinutes })],
  });
  const sent: string[] = [];
  const send = () => {
    const id = `e${String(sent.length).padStart(5, '0')}`;
    sent.push(id);
    bench.enqueue(id);
  };
  if (hasAnswered) send();
  bench.clock.advance(beginsAt);
  let isKillDue = isKilled;
  while (bench.clock.monotonic() < endsAt + 60_000) {
    send();
    bench.clock.advance(everyMs);
    if (!isKillDue || bench.clock.monotonic() < beginsAt + outageMs / 2) continue;
    isKillDue = false;
    bench.restart({ kill: true });
  }
  bench.clock.advance(30 * 60_000);
  const isTaken = ({ behaviour, attempt }: (typeof bench.wire.requests)[number]) =>
    !attempt.probe && typeof behaviour === 'object' && 'answer' in behaviour && behaviour.answer === 200;
  const taken = bench.wire.requests.filter(isTaken).map(({ attempt }) => attempt.event.id);
  return { sent, taken, deadLetters: bench.forwarder.deadLetters().length };
}
