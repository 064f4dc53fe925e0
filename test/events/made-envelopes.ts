import { createHash } from 'node:crypto';
import type { Fixture } from './fixtures.ts';

/** Numbers from 0 up to, not including, the one given: the same for the same seed, whichever library or engine runs this. */
type Random = (below: number) => number;

/** The generator mulberry32. */
function createRandom(seed: number): Random {
  let state = seed;
  return (below) => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) % below;
  };
}

const NAMES = [
  'constructor',
  'prototype',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'length',
  'secretField',
  '7',
  'é',
];
/** Names that a field once had, or has in another event. */
const KNOWN_NAMES = [
  ...['callId', 'callIds', 'ident', 'idents', 'identId', 'identIds', 'unit', 'units', 'apiId1', 'apiId2', 'apiIds'],
  ...['communityUserId', 'communityUserIds', 'identities', 'metaData', 'note', 'notes', 'logKey', 'url', 'status'],
  ...['isPanic', 'isDispatch', 'eventOriginIdent', 'coordinates', 'CalloutLocations', 'data', 'dispatch', 'call'],
  ...['primary', 'trackPrimary', 'updated', 'template', 'x', 'postal', 'silentAlert', 'record', 'signData', 'id'],
];
const TEXTS = [
  '',
  ' ',
  'text',
  'True',
  'FALSE',
  '12',
  '-3',
  '007',
  '1.50',
  '1e3',
  '9007199254740993',
  '\ud83d',
  'a\udc00b',
];
const NUMBERS = [0, -0, 1, 2, 5, -1, 1.5, 12, 2 ** 53, -(2 ** 53), 2 ** 53 - 1, 1e300, Number.POSITIVE_INFINITY];

/** What is put in the place of a value. */
function oddValue(random: Random, depth = 0): unknown {
  const kinds = depth > 2 ? 5 : 10;
  switch (random(kinds)) {
    case 0:
      return null;
    case 1:
      return TEXTS[random(TEXTS.length)];
    case 2:
      return NUMBERS[random(NUMBERS.length)];
    case 3:
      return random(2) === 1;
    case 4:
      return random(3) === 0 ? 'x'.repeat(random(60)) : String(random(50));
    case 5:
      return [];
    case 6:
      return Array.from({ length: 1 + random(3) }, () => oddValue(random, depth + 1));
    case 7:
      return [[oddValue(random, depth + 1)]];
    default: {
      const made = {};
      for (let left = random(4); left > 0; left -= 1) put(made, anyName(random), oddValue(random, depth + 1));
      return made;
    }
  }
}

function anyName(random: Random): string {
  const names = random(3) === 0 ? NAMES : KNOWN_NAMES;
  return names[random(names.length)] ?? '';
}

/** As JSON's parser does it: `__proto__` becomes a member like any other. */
function put(target: object, name: string, value: unknown): void {
  Object.defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
}

/** What the CAD might write instead of a value, which often means the same. */
function otherForm(random: Random, value: unknown): unknown {
  switch (random(5)) {
    case 0:
      return [value];
    case 1:
      return Array.isArray(value) && value.length > 0 ? value[0] : oddValue(random);
    case 2:
      if (typeof value === 'number' || typeof value === 'boolean') return String(value);
      return typeof value === 'string' && value !== '' && Number.isFinite(Number(value)) ? Number(value) : null;
    case 3:
      return Array.isArray(value) ? [...value, oddValue(random)] : [value, oddValue(random)];
    default:
      return oddValue(random);
  }
}

/** One place of an envelope: an object or list, and the name or index in it. */
type Place = readonly [node: object, name: string];

function placesIn(value: unknown): Place[] {
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([name, member]): Place[] => [[value, name], ...placesIn(member)]);
}

function change(random: Random, body: Record<string, unknown>): void {
  // Of the envelope itself only `data` is changed often: what lies beside it matters to two types.
  const places =
    random(12) === 0 ? placesIn(body).filter(([, name]) => name !== 'type' && name !== 'key') : placesIn(body.data);
  const place = places[random(Math.max(1, places.length))];
  if (place === undefined) {
    put(body, 'data', oddValue(random));
    return;
  }
  const [node, name] = place;
  const value: unknown = Reflect.get(node, name);
  switch (random(6)) {
    case 0:
      if (Array.isArray(node)) node.splice(Number(name), 1);
      else Reflect.deleteProperty(node, name);
      break;
    case 1:
      put(node, name, oddValue(random));
      break;
    case 2:
      if (!Array.isArray(node)) {
        Reflect.deleteProperty(node, name);
        put(node, anyName(random), value);
      }
      break;
    case 3:
      if (!Array.isArray(node)) put(node, anyName(random), random(2) === 0 ? value : oddValue(random));
      break;
    default:
      put(node, name, otherForm(random, value));
  }
}

/** JSON as others may write it: with -0, and with numbers that are too large for any. */
function write(value: unknown): string {
  if (Object.is(value, -0)) return '-0';
  if (value === Number.POSITIVE_INFINITY) return '1e999';
  if (typeof value !== 'object' || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(write).join(',')}]`;
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${write(member)}`);
  return `{${members.join(',')}}`;
}

/**
 * Envelopes that are nearly right: an example with one to four changes each. Always the same for the same example, whichever others
 * there are: a new type changes nothing about the others.
 *
 * @returns the JSON of each, with the key given
 */
export function madeEnvelopes({ name, body: example }: Fixture, count: number, key: string): string[] {
  const random = createRandom(createHash('sha256').update(name).digest().readInt32LE());
  return Array.from({ length: count }, () => {
    const body = structuredClone(example);
    for (let left = 1 + random(4); left > 0; left -= 1) change(random, body);
    return write({ ...body, key });
  });
}

/** A value as text: everything that tells two values apart, the order of members included. */
export function exactText(value: unknown): string {
  if (typeof value === 'string') return JSON.stringify(value);
  if (typeof value !== 'object') return Object.is(value, -0) ? '-0' : String(value);
  if (value === null) return 'null';
  if (Array.isArray(value)) return `[${value.map(exactText).join(',')}]`;
  const members = Object.entries(value).map(([name, member]) => `${JSON.stringify(name)}:${exactText(member)}`);
  return `{${members.join(',')}}`;
}
