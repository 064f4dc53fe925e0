import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { catalogue } from '../../src/events/catalogue/catalogue.ts';
import { eventFixtures, variantFixtures } from './fixtures.ts';
import { type Outcome, outcomes } from './outcomes.ts';

const MADE = 10_000;
const PER_DIGEST = 100;

/** Of each type, a digest of each 100 outcomes, recorded when the catalogue's schemas were zod's. */
const recorded: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(new URL('outcomes.json', import.meta.url), 'utf8'),
);

describe('what becomes of the examples and of 10,000 envelopes made of them', () => {
  let byType: ReadonlyMap<string, readonly Outcome[]>;
  beforeAll(() => {
    byType = Map.groupBy(outcomes([...eventFixtures(), ...variantFixtures()], MADE), ({ type }) => type);
  });

  it.each(Object.keys(catalogue))('is what it was before: %s', (type) => {
    expect(digestsOf(byType.get(type) ?? [])).toEqual(recorded[type]);
  });

  it('is what it was before, of types that the catalogue does not know', () => {
    expect(digestsOf(byType.get('EVENT_SOMETHING_NEW') ?? [])).toEqual(recorded.EVENT_SOMETHING_NEW);
    expect([...byType.keys()].sort()).toEqual(Object.keys(recorded).sort());
  });
});

function digestsOf(of: readonly Outcome[]): string[] {
  return Array.from({ length: Math.ceil(of.length / PER_DIGEST) }, (_, index) => {
    const chunk = of.slice(index * PER_DIGEST, (index + 1) * PER_DIGEST);
    return createHash('sha256')
      .update(chunk.map(({ text, outcome }) => `${text}\n${outcome}\n`).join(''))
      .digest('hex');
  });
}
