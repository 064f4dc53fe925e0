import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../scripts/project-root.ts';
import { createForwardCommand } from '../../src/commands/forward-command.ts';
import type { ForwardingStatus } from '../../src/forward/forwarding-status.ts';
import { createManualClock } from '../manual-clock.ts';

const parked = {
  target: 'bot',
  url: 'http://203.0.113.5:30150/sonorancad/event',
  state: 'parked' as const,
  reason: 'it answers 401',
  advice: 'check the key of the listener',
  queued: 12,
  setAside: 0,
  deadLetters: 3,
  bytes: 4_000,
  oldestMs: 90_000,
  nextAttemptInMs: 59_600,
  failuresInARow: 5,
  silent: false,
  reached: true,
  refusals: null,
};
const store = {
  broken: false,
  unusedBecause: null,
  lastFlushMs: 1,
  longestFlushMs: 2,
  flushEveryMs: 2_000,
  eventsInMemory: 0,
};
const nothing: ForwardingStatus = { recovering: false, store, targets: [], leaving: [], removed: [], stoppedLoops: 0 };

const deadLetter = {
  id: 'e-1',
  target: 'bot',
  type: 'EVENT_911',
  reason: 'it answered 413',
  receivedAt: 0,
  diedAt: 0,
  attempts: 1,
  size: 10,
};

interface Answers {
  /** How many events `replay` and `drop` do something about. */
  readonly count?: number;
  readonly deadLetters?: readonly (typeof deadLetter)[];
  readonly idleBecause?: string;
}

const counts = { ...({} as (typeof nothing.targets)[number]['counts']), delivered: 7, lost: 0 };

function setUp(status: Partial<ForwardingStatus> = {}, answers: Answers = {}) {
  const asked: unknown[][] = [];
  const record =
    <Result>(name: string, result: Result) =>
    (...args: unknown[]) => {
      asked.push([name, ...args]);
      return result;
    };
  const { deadLetters = [deadLetter], count, idleBecause = null } = answers;
  const command = createForwardCommand({
    name: 'cad2',
    forwarding: {
      problems: () => [],
      status: () => ({ ...nothing, ...status }),
      idleBecause: () => idleBecause,
      deadLetters: record('deadLetters', [...deadLetters]),
      replay: record('replay', count ?? 2),
      drop: record('drop', count ?? 1),
      retry: record('retry', true),
    },
    clock: { ...createManualClock(), now: () => 180_000 },
  });
  return {
    asked,
    run: (line: string) =>
      // None of it takes time.
      command.run(
        line.split(' ').filter((word) => word !== ''),
        0,
      ) as readonly string[],
  };
}

describe('the command forward', () => {
  it('understands each line that docs/forwarding.md shows', () => {
    const page = readFileSync(join(projectRoot, 'docs/forwarding.md'), 'utf8');
    const lines = [...page.matchAll(/^sonorancad forward (.*)$/gm)].map(([, line = '']) => line);
    expect(lines).toHaveLength(5);
    const { run } = setUp({ targets: [{ ...parked, counts }] });
    const usage = run('nonsense');
    for (const line of lines) {
      const filled = line
        .replace(/[[<]target[\]>]/, 'bot')
        .replace('<id|all>', 'all')
        .replace('<id>', 'e-1');
      expect([line, run(filled)]).not.toEqual([line, usage]);
    }
  });

  it('says that nothing is forwarded', () => {
    expect(setUp().run('')).toEqual(['Nothing is forwarded: no target is configured.']);
  });

  it('says why nothing is forwarded although that is configured in part', () => {
    const why = 'pushEventForwardUrl is set, but enablePushEventForwarding is false: nothing is forwarded.';
    expect(setUp({}, { idleBecause: why }).run('status')).toEqual([why]);
  });

  it('says that there is no such target, or no such dead letter', () => {
    const { run } = setUp({ targets: [{ ...parked, counts }] }, { deadLetters: [], count: 0 });
    expect(run('list nobody')).toEqual(['There is no target named nobody.']);
    expect(run('list bot')).toEqual(['There are no dead letters.']);
    expect(run('replay all nobody')).toEqual(['There is no target named nobody.']);
    expect(run('replay all')).toEqual(['There are no dead letters.']);
    expect(run('replay all bot')).toEqual(['There are no dead letters for bot.']);
    const none = ['There is no dead letter with that id; see "cad2 forward list".'];
    for (const line of ['replay 123', 'replay 123 bot', 'drop 123']) expect(run(line)).toEqual(none);
  });

  it('says why dead letters of a target that is not configured are not sent again', () => {
    const removed = [{ target: 'old', deadLetters: 1 }];
    const why = 'pushEventForwardUrl is set, but enablePushEventForwarding is false: nothing is forwarded.';
    const off = setUp({ removed }, { count: 0, idleBecause: why });
    expect(off.run('replay all')).toEqual([`There is no target to send to: ${why}`]);
    expect(off.run('replay e-1')).toEqual([`There is no target to send to: ${why}`]);
    expect(off.run('replay e-2')).toEqual(['There is no dead letter with that id; see "cad2 forward list".']);
    const other = setUp({ removed, targets: [{ ...parked, counts }] }, { count: 0 });
    expect(other.run('replay e-1')).toEqual([
      'old: not configured any more; "cad2 forward replay e-1 <another target>" sends to another.',
    ]);
  });

  it('shows each target in a table, and what is to be done about a parked one', () => {
    const lines = setUp({ targets: [{ ...parked, counts }] }).run('STATUS');
    expect(lines).toEqual([
      'target  state   waiting  dead  delivered  lost  oldest  next  address',
      'bot     parked  12       3     7          0     90 s    60 s  http://203.0.113.5:30150/sonorancad/event',
      'bot: it answers 401; check the key of the listener.',
    ]);
  });

  it('tells of a removed target, of one that is being removed, and of a store that does not work', () => {
    const lines = setUp({
      removed: [
        { target: 'old', deadLetters: 4 },
        { target: 'one', deadLetters: 1 },
      ],
      leaving: [{ target: 'gone', queued: 9 }],
      store: { ...store, broken: true, eventsInMemory: 5 },
      recovering: true,
    }).run('status');
    expect(lines.slice(1)).toEqual([
      'gone was removed: 9 of its events are becoming dead letters.',
      'old is not configured any more and has 4 dead letters: "cad2 forward replay all <another target>" sends to another.',
      'one is not configured any more and has 1 dead letter: "cad2 forward replay all <another target>" sends to another.',
      'The database does not keep what is written to it: 5 events wait in memory only.',
      'Events of an earlier run are still being read.',
    ]);
  });

  it('lists dead letters, of one target or of all', () => {
    const { run, asked } = setUp();
    expect(run('list bot')).toEqual([
      'id   target  type       attempts  given up   reason',
      'e-1  bot     EVENT_911  1         3 min ago  it answered 413',
    ]);
    run('list');
    expect(asked).toEqual([
      ['deadLetters', 'bot'],
      ['deadLetters', undefined],
    ]);
  });

  it.each([
    ['replay e-1', ['replay', 'e-1', undefined], '2 on the way again.'],
    ['replay all other', ['replay', 'all', 'other'], '2 on the way again.'],
    ['drop e-1', ['drop', 'e-1', undefined], '1 dropped.'],
    ['drop e-1 bot', ['drop', 'e-1', 'bot'], '1 dropped.'],
    ['retry bot', ['retry', 'bot'], 'bot is tried again now.'],
  ])('does what "%s" says', (line, call, answer) => {
    const { run, asked } = setUp();
    expect(run(line)).toEqual([answer]);
    expect(asked).toEqual([call]);
  });

  it.each(['replay', 'drop', 'retry', 'toString', 'explode now'])('shows how it is used for "%s"', (line) => {
    const { run, asked } = setUp();
    expect(run(line)).toEqual([
      'cad2 forward status | list [target] | retry <target> | replay <id|all> [target] | drop <id> [target]',
    ]);
    expect(asked).toEqual([]);
  });
});
