import { expect, it } from '@jest/globals';
import { describeFindings, findingsOf } from '../../src/lib/finding.ts';

it('says of each finding whether it is right, and what to do where something is wrong or not known', () => {
  const lines = describeFindings([
    { ok: true, text: 'The key is accepted.', fix: 'nothing' },
    { ok: null, text: 'The port is not testable.', fix: 'open it in a browser' },
    ...findingsOf([{ level: 'warn', line: 'mode is unknown' }], 'correct it'),
  ]);
  expect(lines).toEqual([
    '✓ The key is accepted.',
    '– The port is not testable.',
    '    → open it in a browser',
    '✗ mode is unknown',
    '    → correct it',
    '1 of 3 checks found something wrong.',
  ]);
});

it('says that nothing is wrong where nothing is', () => {
  expect(describeFindings([{ ok: null, text: 'Not known.' }])).toEqual(['– Not known.', 'Nothing is wrong.']);
});
