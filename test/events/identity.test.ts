import { describe, expect, it } from '@jest/globals';
import { bareIdentity, foldIdentity, isSameIdentity, withoutKind } from '../../src/events/catalogue/people.ts';

describe('identities', () => {
  it('are compared without regard to case and to the spaces around them', () => {
    expect(foldIdentity(' License:AB ')).toBe('license:ab');
    expect(bareIdentity(' License: AB ')).toBe('ab');
    expect(bareIdentity('AB')).toBe('ab');
  });

  it('are written as they are, but for their prefix', () => {
    expect(['license:AB', 'AB', 'discord:1'].map(withoutKind)).toEqual(['AB', 'AB', '1']);
  });

  it('are the same with a prefix and without, and not with different ones', () => {
    expect(isSameIdentity('license:AB', ' ab ')).toBe(true);
    expect(isSameIdentity('license:ab', 'LICENSE: ab')).toBe(true);
    expect(isSameIdentity('steam:ab', 'license:ab')).toBe(false);
    expect(isSameIdentity('license:ab', 'license:abc')).toBe(false);
  });
});
