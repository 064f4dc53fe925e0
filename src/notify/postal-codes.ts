import * as v from 'valibot';
import type { Place } from './client.ts';
import type { NotificationParts } from './preferences.ts';

const number = v.pipe(v.number(), v.finite());
const code = v.pipe(v.union([v.string(), number]), v.transform(String));
const postalFile = v.array(v.object({ code, x: number, y: number }));

type PlacesByCode = ReadonlyMap<string, { readonly code: string; readonly place: Place }>;

/** The places of postal codes, read from the postal file of the resource nearest-postal. */
export class PostalCodes {
  readonly #parts: Pick<NotificationParts, 'resources' | 'log'>;
  /** Places by postal code in capitals. Null until the file is read. */
  #places: PlacesByCode | null = null;

  constructor(parts: Pick<NotificationParts, 'resources' | 'log'>) {
    this.#parts = parts;
  }

  /** Finds the place of a postal code, in upper or lower case. */
  find(code: string): Place | undefined {
    if (code === '') return undefined;
    return this.#readOnce().get(code.trim().toUpperCase())?.place;
  }

  nearest({ x, y }: Place): string | null {
    let nearest: string | null = null;
    let shortest = Number.POSITIVE_INFINITY;
    for (const { code, place } of this.#readOnce().values()) {
      const distance = Math.hypot(place.x - x, place.y - y);
      if (distance >= shortest) continue;
      nearest = code;
      shortest = distance;
    }
    return nearest;
  }

  reread(): void {
    this.#places = null;
  }

  #readOnce(): PlacesByCode {
    this.#places ??= this.#read();
    return this.#places;
  }

  #read(): PlacesByCode {
    const text = this.#parts.resources.readNamedFile('nearest-postal', 'postal_file');
    if (text === null) return new Map();
    try {
      const entries = v.parse(postalFile, JSON.parse(text));
      return new Map(entries.map(({ code, x, y }) => [code.toUpperCase(), { code, place: { x, y } }]));
    } catch {
      // The parser's message is not logged, because it quotes the file.
      this.#parts.log.warn(
        "nearest-postal's postal_file is not a list of { code, x, y }. Waypoints use the coordinates of calls instead.",
      );
      return new Map();
    }
  }
}
