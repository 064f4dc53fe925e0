import { describe, expect, it } from '@jest/globals';
import { normalise } from '../../src/events/normalise.ts';
import { eventFixtures } from './fixtures.ts';

type Step = string | number;

/** What is put in the place of a field; undefined for its being left out. */
const DAMAGES: readonly unknown[] = [undefined, null, {}, [], '', '7', 7, true];

/** The places of all fields in a value, and of the first entry of each list. */
function placesIn(value: unknown, place: readonly Step[] = []): (readonly Step[])[] {
  if (typeof value !== 'object' || value === null) return [place];
  const entries: [Step, unknown][] = Array.isArray(value) ? [[0, value[0]]] : Object.entries(value);
  const inner = entries.flatMap(([step, member]) => placesIn(member, [...place, step]));
  return place.length === 0 ? inner : [place, ...inner];
}

/** @returns a copy of the data with another value at one place */
function damaged(data: unknown, place: readonly Step[], value: unknown): unknown {
  const copy = structuredClone(data) as Record<Step, unknown>;
  let holder = copy;
  for (const step of place.slice(0, -1)) holder = holder[step] as Record<Step, unknown>;
  const last = place.at(-1) ?? '';
  if (value === undefined) delete holder[last];
  else holder[last] = value;
  return copy;
}

function valueAt(data: unknown, place: readonly Step[]): unknown {
  return place.reduce<unknown>((found, step) => (found as Record<Step, unknown> | undefined)?.[step], data);
}

const shown = (value: unknown): string => (value === undefined ? 'missing' : JSON.stringify(value));

/** What becomes of the damages to a field, such as `missing, null → ""`; of those that are refused, with the first reason. */
function outcomesOf(type: string, body: Record<string, unknown>, place: readonly Step[]): string {
  const outcomes = DAMAGES.map((damage) => {
    const result = normalise(type, { ...body, data: damaged(body.data, place, damage) });
    return { damage: shown(damage), result: result.valid ? shown(valueAt(result.data, place)) : 'refused', ...result };
  });
  const groups = Map.groupBy(outcomes, ({ result }) => result);
  const reason = outcomes.flatMap((outcome) => (outcome.valid ? [] : outcome.issues))[0];
  return [...groups]
    .map(([result, of]) => `${of.map(({ damage }) => damage).join(', ')} → ${result}`)
    .map((line) => (line.endsWith('refused') ? `${line} (${reason})` : line))
    .join('; ');
}

describe('an event of which one field is damaged', () => {
  it.each(eventFixtures().filter(({ body }) => body.data !== undefined))(
    'becomes what the snapshot of $name says',
    ({ type, body }) => {
      const lines = placesIn(body.data).map((place) => `${place.join('.')}: ${outcomesOf(type, body, place)}`);
      expect(`\n${lines.join('\n')}\n`).toMatchSnapshot();
    },
  );
});
