import { createKeyRing } from '../../src/events/api-keys.ts';
import { findEntry, toClientData } from '../../src/events/catalogue/catalogue.ts';
import { normalise } from '../../src/events/normalise.ts';
import { receiveEvent } from '../../src/events/receive.ts';
import type { Fixture } from './fixtures.ts';
import { exactText, madeEnvelopes } from './made-envelopes.ts';

const KEY = 'a-key-for-testing';
const keys = createKeyRing([KEY]);

/** What becomes of an envelope. */
export interface Outcome {
  readonly text: string;
  readonly type: string;
  /** The event without its id and time, what a player's game sees, whom it concerns, and what comes of it uncleaned. */
  readonly outcome: string;
}

/** What becomes of the examples, and of so many envelopes made of them. */
export function outcomes(examples: readonly Fixture[], count: number, seed?: number): Outcome[] {
  const texts = examples.map(({ body }) => JSON.stringify({ ...body, key: KEY }));
  return [...texts, ...madeEnvelopes(examples, count, KEY, seed)].map(outcomeOf);
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
