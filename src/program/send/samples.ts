import { readFileSync } from 'node:fs';
import { findType } from '../../events/catalogue/type-names.ts';
import { errorCodeOf } from '../../lib/text.ts';
import { programFault } from '../arguments.ts';

/** A push event to send: a JSON object with a `type`, into which the key is put later. */
export interface Payload {
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
  /** What happens with it in the game, for the people who watch. */
  readonly about?: string;
}

/** One event of each type, by its type. */
export type Samples = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** The types in the order in which a shift brings them; those that are not here come last. */
const ORDER: readonly string[] = [
  ...['EVENT_COMMUNITY_LINK_VERIFIED', 'EVENT_CHAR_SELECTED', 'EVENT_UNIT_LOGIN', 'EVENT_UNIT_UPDATE'],
  ...['EVENT_UNIT_GROUP_ADD', 'EVENT_UNIT_GROUP_CHANGE_NAME', 'EVENT_UNIT_GROUP_REMOVE'],
  ...['EVENT_STREETSIGN_UPDATED', 'EVENT_911', 'EVENT_DISPATCH_NEW', 'EVENT_REMOVE_911'],
  ...['EVENT_TONE', 'EVENT_PAGER_REBORN', 'EVENT_STATION_ALERT', 'EVENT_NEW_CALLOUT'],
  ...['EVENT_DISPATCH_UNIT_ATTACH', 'EVENT_UNIT_STATUS', 'EVENT_DISPATCH_TOGGLE_BODYCAM', 'EVENT_DISPATCH_NOTE'],
  ...['EVENT_DISPATCH_EDIT', 'EVENT_UNIT_PANIC', 'EVENT_RECORD_ADD', 'EVENT_RECORD_EDIT', 'EVENT_PRINT_RECORD'],
  ...['EVENT_RECORD_REMOVE', 'EVENT_DISPATCH_UNIT_DETACH', 'EVENT_DISPATCH_CLOSED', 'GET_LOGS', 'EVENT_UNIT_LOGOUT'],
];

/** @returns every sample, in the order in which a shift brings them */
export function allSamples(samples: Samples): Payload[] {
  const known = ORDER.filter((type) => type in samples);
  const others = Object.keys(samples).filter((type) => !known.includes(type));
  return [...known, ...others.sort()].map((type) => ({ type, body: samples[type] ?? {} }));
}

/**
 * @param type in any case, with or without its `EVENT_`
 * @throws a fault that names the types there are, when there is no sample of this one
 */
export function findSample(samples: Samples, type: string): Payload {
  const wanted = type.toUpperCase();
  const name = [wanted, `EVENT_${wanted}`].find((known) => Object.hasOwn(samples, known));
  const body = name === undefined ? undefined : samples[name];
  if (name === undefined || body === undefined) {
    const types = Object.keys(samples).sort().join(', ');
    const found = findType(type, 1);
    const [nearest] = 'nearest' in found ? found.nearest : [];
    const hint = nearest === undefined ? '.' : `; did you mean ${nearest}?`;
    throw programFault(`There is no sample of "${type}"${hint} There are: ${types}.`);
  }
  return { type: name, body };
}

/**
 * Reads an event from a file.
 *
 * @throws a fault when the file cannot be read or holds no JSON object
 */
export function readPayload(path: string): Payload {
  const body = parse(path, readText(path));
  if (typeof body !== 'object' || body === null || Array.isArray(body)) {
    throw programFault(`${path} holds no JSON object.`);
  }
  const type = 'type' in body && typeof body.type === 'string' ? body.type : '(no type)';
  return { type, body: { ...body } };
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw programFault(`--file: ${path} cannot be read (${errorCodeOf(error)}).`);
  }
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw programFault(`${path} holds no JSON: ${(error as Error).message}`);
  }
}
