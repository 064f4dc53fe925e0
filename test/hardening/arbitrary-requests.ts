import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { anyCharacter } from '../any-character.ts';
import { KEY } from '../serve-resource.ts';

const FIXTURES = join(import.meta.dirname, '../fixtures');

interface Example {
  readonly type: string;
  readonly data: unknown;
}

const examples: readonly Example[] = ['push-events', 'variants'].flatMap((folder) =>
  readdirSync(join(FIXTURES, folder)).map((file) => JSON.parse(readFileSync(join(FIXTURES, folder, file), 'utf8'))),
);
const TYPES = [...new Set(examples.map(({ type }) => type)), 'SOMETHING_ELSE', '__proto__', 'constructor'];
const NAMES = [...namesIn(examples), '__proto__', 'constructor', 'toString', 'length', '', '0', 'key'];

/** Some are deeper than what the game server can hand on, most are not: each level costs time in every consumer. */
const depth = fc.oneof(
  { weight: 19, arbitrary: fc.integer({ min: 1, max: 20 }) },
  { weight: 1, arbitrary: fc.integer({ min: 400, max: 700 }) },
);

/** One piece of JSON text, of any shape, with the names that events have and every odd value there is. */
const { piece } = fc.letrec<{ piece: string }>((tie) => ({
  piece: fc.oneof(
    { maxDepth: 5, withCrossShrink: true },
    fc.oneof(
      fc.constantFrom(
        'null',
        'true',
        '0',
        '-0',
        '1e400',
        '9007199254740993',
        '1.5',
        '"12"',
        '"True"',
        '""',
        '[]',
        '{}',
      ),
      fc.constantFrom('"\\ud800"', '"\\udc00x"', '"\\u0000"', '"\u2028"', JSON.stringify(KEY), `"${'x'.repeat(300)}"`),
      fc.string({ unit: anyCharacter, maxLength: 12 }).map((text) => JSON.stringify(text)),
      fc.integer().map(String),
    ),
    fc.array(tie('piece'), { maxLength: 4 }).map((members) => `[${members}]`),
    fc.array(fc.tuple(fc.constantFrom(...NAMES), tie('piece')), { maxLength: 6 }).map(objectOf),
    fc.tuple(depth, tie('piece')).map(([depth, inner]) => nested(depth, inner)),
  ),
}));

/** Data of a known shape with one value, anywhere in it, in the place of which something else stands. */
const example = fc
  .tuple(fc.constantFrom(...examples), piece, fc.nat())
  .map(([{ type, data }, value, at]) => [type, replaceValue(JSON.stringify(data ?? null), value, at)] as const);

const type = fc.oneof(
  { weight: 8, arbitrary: fc.constantFrom(...TYPES).map((name) => JSON.stringify(name)) },
  { weight: 1, arbitrary: piece },
);

/** An envelope with the right key: as the CAD sends it, with one value replaced, or of any shape. */
const envelope = fc.oneof(
  example.map(([name, data]) =>
    objectOf([
      ['key', JSON.stringify(KEY)],
      ['type', JSON.stringify(name)],
      ['data', data],
    ]),
  ),
  fc
    .tuple(
      type,
      piece,
      fc.array(fc.tuple(fc.constantFrom(...NAMES.filter((name) => name !== 'key')), piece), { maxLength: 3 }),
    )
    .map(([name, data, more]) => objectOf([['key', JSON.stringify(KEY)], ['type', name], ['data', data], ...more])),
);

/** What else may come: wrong keys, no JSON, cut and changed bodies, bytes. */
const broken = fc.oneof(
  piece,
  fc.tuple(envelope, fc.nat()).map(([text, at]) => text.slice(0, at % (text.length + 1))),
  fc
    .tuple(envelope, fc.nat(), fc.string({ unit: anyCharacter, minLength: 1, maxLength: 4 }))
    .map(([text, at, other]) => {
      const place = at % (text.length + 1);
      return text.slice(0, place) + other + text.slice(place + other.length);
    }),
  envelope.map((text) => text.replace(KEY, 'a-key-that-is-wrong')),
);

/** The body of a request, never empty: an envelope with the right key four times out of five. */
export const arbitraryBody: fc.Arbitrary<Buffer> = fc
  .oneof(
    { weight: 8, arbitrary: envelope.map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: broken.map((text) => Buffer.from(text)) },
    { weight: 1, arbitrary: fc.uint8Array({ minLength: 1, maxLength: 64 }).map((bytes) => Buffer.from(bytes)) },
  )
  .filter((body) => body.length > 0);

function objectOf(members: readonly (readonly [name: string, value: string])[]): string {
  return `{${members.map(([name, value]) => `${JSON.stringify(name)}:${value}`)}}`;
}

function nested(depth: number, inner: string): string {
  return depth % 2 === 0
    ? '['.repeat(depth) + inner + ']'.repeat(depth)
    : `${'{"a":'.repeat(depth)}${inner}${'}'.repeat(depth)}`;
}

/** Strings and numbers that follow a colon, a comma or a bracket are values: one of them makes way. */
function replaceValue(json: string, value: string, at: number): string {
  const places = [...json.matchAll(/(?<=[:[,])(?:"(?:[^"\\]|\\.)*"|-?[\d.]+|true|false|null)(?=[,\]}])/g)];
  const place = places[at % places.length];
  return place === undefined ? value : json.slice(0, place.index) + value + json.slice(place.index + place[0].length);
}

function namesIn(value: unknown): string[] {
  if (typeof value !== 'object' || value === null) return [];
  const own = Array.isArray(value) ? [] : Object.keys(value);
  return [...new Set([...own, ...Object.values(value).flatMap(namesIn)])];
}
