import { runInNewContext } from 'node:vm';
import { describe, expect, it } from '@jest/globals';
import { Scheduler, traceOf } from '../../src/forward/scheduler.ts';
import { createManualClock } from '../manual-clock.ts';
import { createRecordingLog } from '../recording-log.ts';

function setUp() {
  const still = createManualClock();
  let busy = 0;
  // Work takes time on this clock.
  const monotonic = () => still.monotonic() + busy;
  const passes: number[] = [];
  const after = (milliseconds: number, callback: () => void) =>
    still.after(milliseconds, () => {
      const began = monotonic();
      callback();
      passes.push(monotonic() - began);
    });
  const clock = { ...still, monotonic, after };
  const log = createRecordingLog();
  const ran: string[] = [];
  const scheduler = new Scheduler(clock, log);
  const work = (milliseconds: number) => {
    busy += milliseconds;
  };
  return { still, log, ran, scheduler, work, passes };
}

describe('the scheduler', () => {
  it('needs one timer for any number of tasks, and runs each when its time has come', () => {
    const { still, scheduler, ran } = setUp();
    for (const [name, due] of [
      ['late', 300],
      ['early', 100],
      ['middle', 200],
    ] as const) {
      scheduler.task(() => ran.push(`${name} ${still.monotonic()}`)).at(due);
      expect(still.waiting).toBe(1);
    }
    still.advance(1_000);
    expect(ran).toEqual(['early 100', 'middle 200', 'late 300']);
    expect(still.waiting).toBe(0);
  });

  it('keeps the earlier of two times when asked to, and otherwise the last', () => {
    const { still, scheduler, ran } = setUp();
    const kept = scheduler.task(() => ran.push('kept'));
    kept.at(100);
    kept.atLatest(500);
    const moved = scheduler.task(() => ran.push('moved'));
    moved.at(100);
    moved.at(500);
    still.advance(100);
    expect(ran).toEqual(['kept']);
    still.advance(400);
    expect(ran).toEqual(['kept', 'moved']);
  });

  it('lets the game go on when tasks take long', () => {
    const { still, scheduler, ran, work, passes } = setUp();
    for (let n = 0; n < 6; n += 1) {
      scheduler
        .task(() => {
          ran.push(`${n}`);
          work(2);
        })
        .at(10);
    }
    still.advance(20);
    expect(ran).toEqual(['0', '1', '2', '3', '4', '5']);
    expect(Math.max(...passes)).toBeLessThanOrEqual(6);
  });

  it.each([
    ['an error', new Error('a mistake of ours'), 'a mistake of ours'],
    ['nothing', undefined, 'no reason given'],
  ])('reports a task that throws %s, and runs the others', (_what, thrown, reason) => {
    const { still, scheduler, log, ran } = setUp();
    scheduler
      .task(() => {
        throw thrown;
      })
      .at(1);
    scheduler.task(() => ran.push('other')).at(1);
    still.advance(1);
    expect(ran).toEqual(['other']);
    expect(log.lines).toMatchObject([{ level: 'error', fields: { reason: expect.stringContaining(reason) } }]);
    expect(still.waiting).toBe(0);
  });

  it('runs nothing that was removed, and nothing at all once stopped', () => {
    const { still, scheduler, ran } = setUp();
    const removed = scheduler.task(() => ran.push('removed'));
    removed.at(1);
    scheduler.remove(removed);
    const last = scheduler.task(() => ran.push('last'));
    last.at(5);
    still.advance(2);
    scheduler.stop();
    last.at(6);
    still.advance(100);
    expect(ran).toEqual([]);
    expect(still.waiting).toBe(0);
  });
});

it.each([
  ['an error', new Error('broken')],
  ['one of another resource', runInNewContext('new Error("broken")')],
])('says of %s what it is and where it came from', (_what, thrown) => {
  expect(traceOf(thrown)).toMatch(/^Error: broken\n +at .*\d+:\d+/);
});

it.each([
  ['a text', 'broken', 'broken'],
  ['an object', { message: 'broken' }, 'broken'],
  ['an object whose stack is none', { stack: 5, message: 'broken' }, 'broken'],
  ['null', null, 'no reason given'],
  ['nothing', undefined, 'no reason given'],
])('says of %s what there is', (_what, thrown, expected) => {
  expect(traceOf(thrown)).toBe(expected);
});
