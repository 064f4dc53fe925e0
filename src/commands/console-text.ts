/** Formats a number with its noun, in the plural unless the number is one: `2 events`. */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}

/** Formats milliseconds in the largest unit of which there are at least two: `90 s`, `3 min`, `26 h`, `4 d`. */
export function formatDuration(milliseconds: number): string {
  const seconds = Math.max(0, Math.round(milliseconds / 1000));
  if (seconds < 120) return `${seconds} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} d`;
}

/** Formats milliseconds for the cell of a table. The cell stays empty where there is no duration. */
export function formatDurationCell(milliseconds: number | null | undefined): string | null {
  return typeof milliseconds === 'number' ? formatDuration(milliseconds) : null;
}

type Cell = string | number | null | undefined;

/** The columns of a table: for each heading, a function that gives the cell of one row. */
type Columns<Row> = Readonly<Record<string, (row: Row) => Cell>>;

/** Formats a table as console lines with aligned columns. An empty cell is printed as `-`. */
export function formatTable<Row>(rows: readonly Row[], columns: Columns<Row>): string[] {
  const headings = Object.keys(columns);
  const body = rows.map((row) => Object.values(columns).map((column) => formatCell(column(row))));
  const lines = [headings, ...body];
  const widths = headings.map((_heading, index) => Math.max(...lines.map((line) => line[index]?.length ?? 0)));
  return lines.map((line) => {
    const cells = line.map((cell, index) => cell.padEnd(widths[index] ?? 0));
    return cells.join('  ').trimEnd();
  });
}

/** Rows that one answer prints. More would scroll the first rows out of the console. */
const MAX_ROWS = 50;

/** Formats the first 50 rows as a table, followed by a line with the number of rows left out. */
export function formatFirstRows<Row>(rows: readonly Row[], columns: Columns<Row>): string[] {
  const lines = formatTable(rows.slice(0, MAX_ROWS), columns);
  if (rows.length > MAX_ROWS) lines.push(`… and ${rows.length - MAX_ROWS} more`);
  return lines;
}

/** Characters of one cell. Longer text is cut, because console lines are not wrapped. */
const MAX_CELL_LENGTH = 80;

function formatCell(value: Cell): string {
  const text = String(value ?? '') || '-';
  return text.length > MAX_CELL_LENGTH ? `${text.slice(0, MAX_CELL_LENGTH - 1)}…` : text;
}
