import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export interface Fixture {
  /** The file's name without `.json`. */
  readonly name: string;
  /** Upper-cased, as it comes out of the envelope. */
  readonly type: string;
  /** A fresh copy at each reading. */
  readonly body: Record<string, unknown>;
}

/** One valid example of each type. */
export function eventFixtures(): Fixture[] {
  return readFixtures('push-events');
}

/** The shapes that differ from those examples. */
export function variantFixtures(): Fixture[] {
  return readFixtures('variants');
}

function readFixtures(folder: string): Fixture[] {
  const path = fileURLToPath(new URL(`../fixtures/${folder}/`, import.meta.url));
  return readdirSync(path).map((file) => {
    const body: { type: string } & Record<string, unknown> = JSON.parse(readFileSync(`${path}${file}`, 'utf8'));
    return { name: file.replace(/\.json$/, ''), type: body.type.toUpperCase(), body };
  });
}
