import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/api-keys.ts';
import { catalogue, findEntry, toClientData } from '../../src/events/catalogue/catalogue.ts';
import { normalise } from '../../src/events/normalise.ts';
import { receiveEvent } from '../../src/events/receive.ts';
import { eventFixtures, variantFixtures } from './fixtures.ts';
import { exactText, madeEnvelopes } from './made-envelopes.ts';

const KEY = 'a-key-for-testing';
const keys = createKeyRing([KEY]);

/** What becomes of an envelope. */
interface Outcome {
  readonly text: string;
  readonly type: string;
  /** The event without its id and time, what a player's game sees, whom it concerns, and what comes of it uncleaned. */
  readonly outcome: string;
}

const MADE_OF_EACH = 180;
const PER_DIGEST = 100;

/** Of each type, a digest of each 100 outcomes, as they once were. Those of a new type are what its failing test has received. */
const recorded: Readonly<Record<string, readonly string[]>> = JSON.parse(
  readFileSync(new URL('outcomes.json', import.meta.url), 'utf8'),
);

describe('what becomes of the examples and of 180 envelopes made of each', () => {
  let byType: ReadonlyMap<string, readonly Outcome[]>;
  beforeAll(() => {
    const examples = [...eventFixtures(), ...variantFixtures()];
    const texts = examples.flatMap((example) => [
      JSON.stringify({ ...example.body, key: KEY }),
      ...madeEnvelopes(example, MADE_OF_EACH, KEY),
    ]);
    byType = Map.groupBy(texts.map(outcomeOf), ({ type }) => type);
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

function outcomeOf(text: string): Outcome {
  const result = receiveEvent(Buffer.from(text), keys, 'http', 0);
  if (!result.accepted) return { text, type: '', outcome: exactText(result) };
  const { event, body, fault } = result;
  const { id: _id, receivedAt: _receivedAt, ...told } = event;
  const { key: _key, ...uncleaned } = JSON.parse(text) as Record<string, unknown>;
  const concerns = event.valid ? findEntry(event.type)?.concerns : undefined;
  const outcome = {
    event: told,
    body,
    fault,
    client: event.valid ? toClientData(event.type, event.data) : undefined,
    concerns: Object.fromEntries(Object.entries(concerns ?? {}).map(([name, of]) => [name, of(event.data as never)])),
    uncleaned: normalise(event.type, uncleaned),
  };
  return { text, type: event.type, outcome: exactText(outcome) };
}
