/** @returns a number and what it counts, in the plural unless it is one */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Rows of one table: a console shows no more at once. */
const MAX_ROWS = 50;

/** @returns the first rows, and what to write below them when there are more */
export function firstRows<Item>(items: readonly Item[]): { rows: readonly Item[]; rest: string[] } {
  const left = items.length - MAX_ROWS;
  return { rows: items.slice(0, MAX_ROWS), rest: left > 0 ? [`… and ${left} more`] : [] };
}

/** @returns milliseconds in words as short as they can be: `90 s`, `3 min`, `26 h`, `4 d` */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** Longest text of one cell: a console line has an end. */
const MAX_CELL = 80;

/** @returns lines in which the columns stand below one another */
export function formatTable(head: readonly string[], rows: readonly (readonly string[])[]): string[] {
  const all = [head, ...rows].map((row) =>
    row.map((cell) => (cell.length > MAX_CELL ? `${cell.slice(0, MAX_CELL - 1)}…` : cell)),
  );
  const widths = head.map((_cell, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  return all.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  );
}
