import { describe, expect, it } from '@jest/globals';
import type { ReceivedEvent } from '../../../src/events/receive.ts';
import { Dispatcher } from '../../../src/game/dispatch/dispatcher.ts';
import { createManualClock } from '../../manual-clock.ts';
import { createRecordingLog } from '../../recording-log.ts';

const received = (id: string) => ({ event: { id, type: 'T' }, body: {} }) as unknown as ReceivedEvent;

function setUp(steps: (id: string) => (() => void)[]) {
  const clock = createManualClock();
  const log = createRecordingLog();
  const dispatcher = new Dispatcher({ stepsOf: ({ event }) => steps(event.id), clock, log });
  return { clock, log, dispatcher };
}

describe('createDispatcher', () => {
  it('dispatches nothing inside enqueue, and everything in order at the next pass', () => {
    const seen: string[] = [];
    const { dispatcher, clock } = setUp((id) => [() => seen.push(`${id}1`), () => seen.push(`${id}2`)]);
    dispatcher.start();
    dispatcher.enqueue(received('a'));
    dispatcher.enqueue(received('b'));
    expect(seen).toEqual([]);
    clock.pass();
    expect(seen).toEqual(['a1', 'a2', 'b1', 'b2']);
  });

  it('gives the game its turn after 8 ms, between the steps of one event too', () => {
    const seen: string[] = [];
    const slow = (name: string) => () => {
      seen.push(name);
      clock.advance(5);
    };
    const { dispatcher, clock } = setUp((id) => [slow(`${id}1`), slow(`${id}2`), slow(`${id}3`)]);
    dispatcher.start();
    dispatcher.enqueue(received('a'));
    dispatcher.enqueue(received('b'));
    clock.pass();
    expect(seen).toEqual(['a1', 'a2']);
    clock.pass();
    expect(seen).toEqual(['a1', 'a2', 'a3', 'b1']);
    clock.pass();
    expect(seen).toEqual(['a1', 'a2', 'a3', 'b1', 'b2', 'b3']);
  });

  it('tells how long each event held the thread, over several passes too', () => {
    const clock = createManualClock();
    const told: string[] = [];
    const slow = () => clock.advance(5);
    const dispatcher = new Dispatcher({
      stepsOf: () => [slow, slow, slow],
      finished: ({ id }, ms) => told.push(`${id} took ${ms}`),
      clock,
      log: createRecordingLog(),
    });
    dispatcher.start();
    dispatcher.enqueue(received('a'));
    clock.pass();
    clock.pass();
    expect(told).toEqual(['a took 15']);
  });

  it('keeps what arrives before the start, 1,000 events at most, and says what it leaves out', () => {
    const seen: string[] = [];
    const { dispatcher, clock, log } = setUp((id) => [() => seen.push(id)]);
    for (let count = 1; count <= 1_001; count += 1) dispatcher.enqueue(received(String(count)));
    clock.pass();
    expect(seen).toEqual([]);
    dispatcher.start();
    clock.pass();
    expect(seen).toHaveLength(1_000);
    expect(seen.at(-1)).toBe('1000');
    expect(log.lines).toHaveLength(1);
  });

  it('keeps 32 MiB of what arrives, and as much again once that is dispatched', () => {
    const seen: string[] = [];
    const { dispatcher, clock, log } = setUp((id) => [() => seen.push(id)]);
    dispatcher.start();
    const largest = 1024 * 1024;
    for (let count = 1; count <= 33; count += 1) dispatcher.enqueue(received(String(count)), largest);
    expect(log.lines).toHaveLength(1);
    clock.pass();
    for (let count = 1; count <= 32; count += 1) dispatcher.enqueue(received('again'), largest);
    clock.pass();
    expect([seen.length, seen[31], seen[32]]).toEqual([64, '32', 'again']);
    expect(log.lines).toHaveLength(1);
  });

  it('goes on after a step that throws, whatever it throws', () => {
    const seen: string[] = [];
    const fail = (thrown: unknown) => () => {
      throw thrown;
    };
    const { dispatcher, clock, log } = setUp((id) => [
      fail(new Error('odd')),
      fail(Object.create(null)),
      () => seen.push(id),
    ]);
    dispatcher.start();
    dispatcher.enqueue(received('a'));
    clock.pass();
    expect(seen).toEqual(['a']);
    expect(log.lines).toMatchObject([
      { level: 'error', fields: { id: 'a', reason: 'odd' } },
      { level: 'error', fields: { id: 'a', reason: 'no reason given' } },
    ]);
  });

  it('dispatches all that is left when it stops, also from inside a step and before the start', () => {
    const seen: string[] = [];
    const steps = (id: string) => [
      () => {
        seen.push(id);
        if (id === 'a') dispatcher.stop();
      },
      () => seen.push(`${id}2`),
    ];
    const early = setUp(steps);
    early.dispatcher.enqueue(received('0'));
    early.dispatcher.stop();
    expect(seen).toEqual(['0', '02']);
    const { dispatcher, clock } = setUp(steps);
    dispatcher.start();
    for (const id of ['a', 'b', 'c']) dispatcher.enqueue(received(id));
    clock.pass();
    expect(seen).toEqual(['0', '02', 'a', 'a2', 'b', 'b2', 'c', 'c2']);
  });

  it('dispatches nothing that comes once it has stopped, when nobody can be reached any more', () => {
    const seen: string[] = [];
    const { dispatcher, clock } = setUp((id) => [() => seen.push(id)]);
    dispatcher.start();
    dispatcher.enqueue(received('a'));
    dispatcher.stop();
    dispatcher.enqueue(received('b'));
    clock.pass();
    expect(seen).toEqual(['a']);
  });
});
