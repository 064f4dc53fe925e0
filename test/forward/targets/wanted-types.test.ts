import { describe, expect, it } from '@jest/globals';
import { createWants, overlap, unknownTypes } from '../../../src/forward/targets/resolve-targets.ts';

describe('a target that wants', () => {
  it.each([
    [['*'], 'EVENT_SOMETHING_NEW', true],
    [['*'], 'TWO\nLINES', true],
    [['EVENT_911'], 'EVENT_911', true],
    [['EVENT_911'], 'EVENT_9111', false],
    [['EVENT_DISPATCH_*'], 'EVENT_DISPATCH_NEW', true],
    [['EVENT_DISPATCH_*'], 'EVENT_911', false],
    [['*_NEW'], 'EVENT_DISPATCH_NEW', true],
    [['EVENT.911'], 'EVENT_911', false],
    [['EVENT_*_*_NEW'], 'EVENT_A_B_NEW', true],
    [['EVENT_*_*_NEW'], 'EVENT_A_NEW', false],
    [['AB*BA'], 'ABA', false],
    [['*'], 'GET_LOGS', false],
    [['GET_*'], 'GET_LOGS', false],
    [['*', 'GET_LOGS'], 'GET_LOGS', true],
    [['*', 'EVENT_*'], 'EVENT_FIVEM_CONFIGURATION', false],
    [['EVENT_FIVEM_CONFIGURATION_MIGRATION'], 'EVENT_FIVEM_CONFIGURATION_MIGRATION', true],
    [['EVENT_UNIT_ATTACH'], 'EVENT_DISPATCH_UNIT_ATTACH', true],
  ])('%j is asked about %j', (patterns, type, wanted) => {
    expect(createWants(patterns)(type)).toBe(wanted);
  });

  it('a pattern of many stars is answered at once', () => {
    expect(createWants([`${'*A'.repeat(20)}*B`])('A'.repeat(40))).toBe(false);
  });
});

it.each([
  [['*'], ['EVENT_911'], true],
  [['EVENT_911'], ['EVENT_TONE'], false],
  [['EVENT_DISPATCH_*'], ['*_NEW'], true],
  [['CUSTOM_ONE'], ['CUSTOM_*'], true],
  [['*'], ['GET_LOGS'], false],
])('%j and %j overlap: %j', (one, other, expected) => {
  expect(overlap(one, other)).toBe(expected);
});

it('types that no version of the catalogue has are told', () => {
  expect(
    unknownTypes([
      '*',
      'EVENT_911',
      'EVENT_FIVEM_CONFIGURATION',
      'EVENT_UNIT_DETACH',
      'EVENT_DISPATCH_*',
      'EVENT_991',
      'FOO_*',
    ]),
  ).toEqual(['EVENT_991', 'FOO_*']);
});
