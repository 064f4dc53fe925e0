import { describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/api-keys.ts';

describe('createKeyRing', () => {
  const ring = createKeyRing(['First-Api-Key-0001', 'second-api-key-0002']);

  it('accepts each configured key', () => {
    expect(ring.accepts('First-Api-Key-0001')).toBe(true);
    expect(ring.accepts('second-api-key-0002')).toBe(true);
  });

  it('does not mind the case of a to z', () => {
    expect(ring.accepts('FIRST-API-KEY-0001')).toBe(true);
    expect(ring.accepts('first-api-key-0001')).toBe(true);
  });

  it.each(['', 'First-Api-Key-000', 'First-Api-Key-00011', ' First-Api-Key-0001', 'First-Api-Key-0001\0', 'third'])(
    'refuses %j',
    (candidate) => {
      expect(ring.accepts(candidate)).toBe(false);
    },
  );

  it('folds nothing but a to z', () => {
    expect(createKeyRing(['STRASSE-STRASSE-1']).accepts('STRAßE-STRASSE-1')).toBe(false);
    expect(createKeyRing(['SSSSSSSSSSSSSSSS']).accepts('ſſſſſſſſſſſſſſſſ')).toBe(false);
    expect(createKeyRing(['IIIIIIIIIIIIIIII']).accepts('ıııııııııııııııı')).toBe(false);
  });

  it('accepts nothing when there is no key, not even an empty one', () => {
    expect(createKeyRing([]).accepts('')).toBe(false);
    expect(createKeyRing(['']).accepts('')).toBe(false);
  });
});
