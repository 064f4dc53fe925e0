import type { CallView } from '../../players/state-view.ts';
import { readNumber } from '../../push-events/catalogue/read-values.ts';

/** A place on the map. */
export interface Place {
  readonly x: number;
  readonly y: number;
}

/**
 * Where a call is.
 *
 * @param kind `exact`: the coordinates in its metaData. `postal`: its postal code's, or where that is not known, the exact ones
 * @param findPostal gives a postal code's place
 * @returns null for no place: coordinates that are no numbers, or 0,0, which is what scripts send that have none
 */
export function placeOfCall(
  { postal, metaData }: CallView,
  kind: 'exact' | 'postal',
  findPostal: (code: string) => Place | undefined,
): Place | null {
  const byPostal = kind === 'postal' ? findPostal(postal || metaData.postal || '') : undefined;
  if (byPostal !== undefined) return byPostal;
  const x = readNumber(metaData.x);
  const y = readNumber(metaData.y);
  return x === undefined || y === undefined || (x === 0 && y === 0) ? null : { x, y };
}
