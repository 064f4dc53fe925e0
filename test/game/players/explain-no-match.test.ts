import { describe, expect, it } from '@jest/globals';
import type { Unit } from '../../../src/events/catalogue/units.ts';
import { explainNoMatch } from '../../../src/game/players/explain-no-match.ts';
import { shownIdentity } from '../../../src/game/players/identities.ts';
import { eventOf } from '../../event-of.ts';

const LICENSE = 'license:00000000000000000000000000000000000000aa';

function unit(identities: readonly string[], accId = ''): Unit {
  const event = eventOf('EVENT_UNIT_LOGIN', { unit: { id: 12, accId, data: { apiIds: identities, unitNum: 'A-12' } } });
  if (event.type !== 'EVENT_UNIT_LOGIN' || !event.valid) throw new Error('no unit');
  return event.data.unit;
}

function explain(identifiers: readonly string[], units: readonly Unit[], isLinked = false): string[] {
  return explainNoMatch({ identifiers, isLinked, primaryIdentifier: 'license' }, units);
}

describe('why no unit is a player', () => {
  it('is that none is signed in', () => {
    expect(explain([LICENSE], [])).toEqual([expect.stringMatching(/^No unit is signed in\. Sign in to the CAD again/)]);
  });

  it('is that none has an identity of theirs, and what the CAD account has to have', () => {
    expect(explain([LICENSE], [unit(['steam:110000100000001', 'discord:2']), unit([])])).toEqual([
      `No signed-in unit has an identity of the player: 2 looked at, with identities of the kinds discord, steam. Their CAD account has to have ${LICENSE}, and they have to be signed in with it.`,
    ]);
  });

  it.each([
    ['of another kind', `discord:${LICENSE.slice(8)}`, LICENSE, 'which is the value, but not the kind, of'],
    ['in decimal', '76561197960265729', 'steam:110000100000001', 'which is the decimal form of'],
    ['cut off', LICENSE.slice(0, -3), LICENSE, 'which is nearly the value of'],
    ['with one wrong character', LICENSE.replace('aa', 'ab'), LICENSE, 'which is nearly the value of'],
  ])('may be that the CAD has the value %s', (_how, theirs, own, difference) => {
    const [first] = explain([own, 'license:x'], [unit([theirs])]);
    expect(first).toBe(
      `Unit A-12 (12) has ${theirs}, ${difference} ${own}. If they are the same person, give their CAD account ${own}.`,
    );
  });

  it('is not guessed from values that are short, or that differ in two characters', () => {
    expect(explain(['license:00aabb'], [unit(['license:00aabc'])])).toHaveLength(1);
    expect(explain([LICENSE], [unit([LICENSE.replace('aa', 'bb')])])).toHaveLength(1);
  });

  it('names five near misses at most', () => {
    const units = Array.from({ length: 9 }, () => unit([`discord:${LICENSE.slice(8)}`]));
    expect(explain([LICENSE], units)).toHaveLength(6);
  });

  it('may be that the player has no identifier of the kind that the CAD knows players by', () => {
    expect(explain(['steam:110000100000001'], [unit(['license:a'])])).toEqual([
      'The player has no license identifier, by which the CAD knows players (primaryIdentifier).',
      expect.stringMatching(/^No signed-in unit .* Look which identifier their CAD account has\.$/),
    ]);
    const [steam] = explainNoMatch({ identifiers: [LICENSE], isLinked: false, primaryIdentifier: 'steam' }, [unit([])]);
    expect(steam).toContain('(primaryIdentifier). Steam has to run before FiveM is started');
  });

  it('may be that units have nothing but an account, and it is not known whose', () => {
    const units = [unit([], 'account-1')];
    expect(explain([LICENSE], units)[0]).toMatch(/^Units with an account and no identity: 1\. .*linkCommand/);
    expect(explain([LICENSE], units, true)).toHaveLength(1);
  });

  it("never shows a player's address", () => {
    const lines = explain(['ip:203.0.113.77', LICENSE], [unit(['license:203.0.113.77', '203.0.113.7'])]);
    expect(lines.join()).not.toContain('203.0');
    for (const address of ['ip:203.0.113.7', '203.0.113.7', 'IP:2001:db8::1', '2001:db8::1'])
      expect(shownIdentity(address)).toBe('ip:(not shown)');
    expect(shownIdentity(LICENSE)).toBe(LICENSE);
  });
});
