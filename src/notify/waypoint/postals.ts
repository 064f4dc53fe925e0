import * as v from 'valibot';
import type { Log } from '../../platform/log.ts';
import type { Place } from './call-place.ts';

/** The places of postal codes. */
export interface Postals {
  /** @param code in any case. @returns undefined for one that is not known, or where there is no file of them */
  find(code: string): Place | undefined;
  /** The file may have changed: reads it again when it is next needed. */
  reread(): void;
}

const number = v.pipe(v.number(), v.finite());
const code = v.pipe(v.union([v.string(), number]), v.transform(String));
const postalFile = v.array(v.object({ code, x: number, y: number }));

/** @param readFile gives the text of the postal file, null when there is none */
export function createPostals(readFile: () => string | null, log: Log): Postals {
  let places: ReadonlyMap<string, Place> | null = null;

  function read(): ReadonlyMap<string, Place> {
    const text = readFile();
    if (text === null) return new Map();
    try {
      const entries = v.parse(postalFile, JSON.parse(text));
      return new Map(entries.map(({ code, x, y }) => [code.toUpperCase(), { x, y }]));
    } catch {
      // The parser's message would quote the file.
      log.warn(
        "The postal file that nearest-postal's postal_file names is no list of { code, x, y }; waypoints use the calls' own coordinates.",
      );
      return new Map();
    }
  }

  return {
    find(code) {
      if (code === '') return undefined;
      places ??= read();
      return places.get(code.trim().toUpperCase());
    },
    reread() {
      places = null;
    },
  };
}
