import { expect, it } from '@jest/globals';
import { checkTargets, type TargetReport } from '../../src/commands/doctor.ts';
import { describeFindings } from '../../src/lib/finding.ts';

const well: TargetReport = {
  target: 'bot',
  reason: null,
  advice: null,
  reached: true,
  refusals: null,
  queued: 0,
  deadLetters: 0,
  counts: { delivered: 7 },
};

const lines = (changes: Partial<TargetReport>) =>
  describeFindings(checkTargets([{ ...well, ...changes }], 'cad2')).slice(0, -1);

const unsent = { reached: false, counts: { delivered: 0 } };

it.each<[string, Partial<TargetReport>, string[]]>([
  ['takes events', {}, ['✓ Events are forwarded to bot.']],
  ['was sent nothing yet', unsent, ['– Nothing was sent to bot yet, so it is not known whether it can be reached.']],
  [
    'was sent nothing since its address was changed',
    { reached: false },
    ['– Nothing was sent to bot since its settings were changed, so it is not known whether it can be reached.'],
  ],
  ['has not answered yet', { ...unsent, queued: 2 }, ['– 2 events wait to be sent to bot; it has not answered yet.']],
  [
    'wants no event of those types',
    { counts: { delivered: 0 } },
    ['– bot answers, and has taken none of the events that were sent to it so far.'],
  ],
  [
    'did not take the last event, though it is not parked',
    { reason: 'ECONNREFUSED', advice: 'start it', queued: 3 },
    ['✗ Events are not delivered to bot: ECONNREFUSED.', '    → start it'],
  ],
  ['failed in a way that nobody knows', { reason: 'ESOMETHING' }, ['✗ Events are not delivered to bot: ESOMETHING.']],
  [
    'refuses events for good',
    { counts: { delivered: 0 }, refusals: { count: 2, reason: 'answered 422' }, deadLetters: 2 },
    [
      '✗ bot refused 2 events (answered 422).',
      `    → see that server's own log; "cad2 forward replay all bot" sends them again`,
    ],
  ],
  [
    'refused events that have been dropped',
    { counts: { delivered: 0 }, refusals: { count: 2, reason: 'answered 422' } },
    ['– bot answers, and has taken none of the events that were sent to it so far.'],
  ],
  ['has one event to come', { ...unsent, queued: 1 }, ['– 1 event waits to be sent to bot; it has not answered yet.']],
  [
    'takes events, and has dead letters from before',
    { deadLetters: 1 },
    [
      '✓ Events are forwarded to bot.',
      '– 1 event for bot was given up on, and kept.',
      '    → see "cad2 forward list bot"; "cad2 forward replay all bot" sends them again',
    ],
  ],
])('the doctor says of a target that %s', (_what, changes, expected) => {
  expect(lines(changes)).toEqual(expected);
});
