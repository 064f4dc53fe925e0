import { describe, expect, it } from '@jest/globals';
import { createForwardCommand } from '../../src/commands/forward-command.ts';
import type { ForwardingStatus } from '../../src/forward/forwarding-status.ts';

const lane = {
  target: 'bot',
  url: 'http://203.0.113.5:30150/sonorancad/event',
  state: 'parked' as const,
  reason: 'it answers 401',
  advice: 'Check the key of the listener.',
  queued: 12,
  setAside: 0,
  deadLetters: 3,
  bytes: 4_000,
  oldestMs: 90_000,
  nextAttemptInMs: 59_600,
  failuresInARow: 5,
  silent: false,
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

function setUp(status: Partial<ForwardingStatus> = {}) {
  const asked: unknown[][] = [];
  const record =
    <Result>(name: string, result: Result) =>
    (...args: unknown[]) => {
      asked.push([name, ...args]);
      return result;
    };
  const command = createForwardCommand(
    {
      status: () => ({ ...nothing, ...status }),
      deadLetters: record('deadLetters', [
        {
          id: 'e-1',
          target: 'bot',
          type: 'EVENT_911',
          reason: 'it answered 413',
          receivedAt: 0,
          diedAt: 0,
          attempts: 1,
          size: 10,
        },
      ]),
      replay: record('replay', 2),
      drop: record('drop', 1),
      retry: record('retry', true),
    },
    () => 180_000,
  );
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
  it('says that nothing is forwarded', () => {
    expect(setUp().run('')).toEqual(['Nothing is forwarded: no target is configured.']);
  });

  it('shows each target in a table, and what is to be done about a parked one', () => {
    const counts = { ...({} as (typeof nothing.targets)[number]['counts']), delivered: 7, lost: 0 };
    const lines = setUp({ targets: [{ ...lane, counts }] }).run('STATUS');
    expect(lines).toEqual([
      'target  state   waiting  dead  delivered  lost  oldest  next  address',
      'bot     parked  12       3     7          0     90 s    60 s  http://203.0.113.5:30150/sonorancad/event',
      'bot: it answers 401. Check the key of the listener.',
    ]);
  });

  it('tells of a removed target, of one that is being removed, and of a store that does not work', () => {
    const lines = setUp({
      removed: [{ target: 'old', deadLetters: 4 }],
      leaving: [{ target: 'gone', queued: 9 }],
      store: { ...store, broken: true, eventsInMemory: 5 },
      recovering: true,
    }).run('status');
    expect(lines.slice(1)).toEqual([
      'gone was removed: 9 of its events are becoming dead letters.',
      'old is not configured any more and has 4 dead letters: forward replay all <another target>',
      'The database does not keep what it is given: 5 events wait in memory only.',
      'What an earlier run left is still being read.',
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
    ['drop e-1', ['drop', 'e-1'], '1 dropped.'],
    ['retry bot', ['retry', 'bot'], 'bot is tried again now.'],
  ])('does what "%s" says', (line, call, answer) => {
    const { run, asked } = setUp();
    expect(run(line)).toEqual([answer]);
    expect(asked).toEqual([call]);
  });

  it.each(['replay', 'drop', 'retry', 'toString', 'explode now'])('shows how it is used for "%s"', (line) => {
    const { run, asked } = setUp();
    expect(run(line)).toEqual([
      'forward status | list [target] | retry <target> | replay <id|all> [target] | drop <id>',
    ]);
    expect(asked).toEqual([]);
  });
});
