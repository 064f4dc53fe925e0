/** Rows of one table: a console shows no more at once. */
const MAX_ROWS = 50;

/** @returns the first rows, and what to write below them when there are more */
export function firstRows<Item>(items: readonly Item[]): { rows: readonly Item[]; rest: string[] } {
  const left = items.length - MAX_ROWS;
  return { rows: items.slice(0, MAX_ROWS), rest: left > 0 ? [`… and ${left} more`] : [] };
}
