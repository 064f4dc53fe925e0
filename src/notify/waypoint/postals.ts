import * as z from 'zod';
import type { Log } from '../../platform/log.ts';
import { lazily } from '../../schemas/lazily.ts';
import type { Place } from './call-place.ts';

/** The places of postal codes. */
export interface Postals {
  /** @param code in any case. @returns undefined for one that is not known, or where there is no file of them */
  find(code: string): Place | undefined;
  /** The file may have changed: reads it again when it is next needed. */
  reread(): void;
}

const postalFile = lazily(() =>
  z.array(z.object({ code: z.union([z.string(), z.number()]).transform(String), x: z.number(), y: z.number() })),
);

/** @param readFile gives the text of the postal file, null when there is none */
export function createPostals(readFile: () => string | null, log: Log): Postals {
  let places: ReadonlyMap<string, Place> | null = null;

  function read(): ReadonlyMap<string, Place> {
    const text = readFile();
    if (text === null) return new Map();
    try {
      const entries = postalFile().parse(JSON.parse(text));
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
