import { readdirSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { projectRoot } from '../project-root.ts';

/** One payload to send: an object with a `type`, whose key is put in later. */
export interface Payload {
  readonly type: string;
  readonly body: Readonly<Record<string, unknown>>;
}

const FOLDER = join(projectRoot, 'test', 'fixtures', 'push-events');

/** @returns the types that have a sample, in alphabetical order */
export function sampleTypes(): string[] {
  return readdirSync(FOLDER)
    .filter((name) => name.endsWith('.json'))
    .map((name) => basename(name, '.json'))
    .sort();
}

/**
 * Reads the sample of a type.
 *
 * @param type in any case, with or without its `EVENT_`
 * @throws when there is no sample of it, naming those there are
 */
export function samplePayload(type: string): Payload {
  const types = sampleTypes();
  const wanted = type.toUpperCase();
  const name = types.find((known) => known === wanted) ?? types.find((known) => known === `EVENT_${wanted}`);
  if (name === undefined) throw new Error(`There is no sample of "${type}". There are: ${types.join(', ')}.`);
  return readPayload(join(FOLDER, `${name}.json`));
}

/**
 * Reads a payload from a file.
 *
 * @throws when the file cannot be read or holds no JSON object
 */
export function readPayload(path: string): Payload {
  const body = parse(path, readFileSync(path, 'utf8'));
  if (typeof body !== 'object' || body === null || Array.isArray(body))
    throw new Error(`${path} holds no JSON object.`);
  const type = 'type' in body && typeof body.type === 'string' ? body.type : '(no type)';
  return { type, body: { ...body } };
}

function parse(path: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Error(`${path} holds no JSON: ${(error as Error).message}`);
  }
}

/** The sample events without their keys. */
export function sampleEvents(): object[] {
  return sampleTypes().map((type) => {
    const { key: _, ...event } = samplePayload(type).body;
    return event;
  });
}
