/** Response headers as FXServer keeps them: sorted, looked up without regard to case, several values possible. */
export interface ResponseHeaders {
  has(name: string): boolean;
  /** The first value, or the empty string. */
  first(name: string): string;
  /** Replaces all values, and the casing of the name. */
  set(name: string, value: string | readonly string[]): void;
  delete(name: string): void;
  /** One line for each value, each with its CR LF. */
  lines(): string;
}

export function createResponseHeaders(): ResponseHeaders {
  const entries = new Map<string, { name: string; values: readonly string[] }>();
  const find = (name: string) => entries.get(name.toLowerCase());

  return {
    has: (name) => entries.has(name.toLowerCase()),
    first: (name) => find(name)?.values[0] ?? '',
    set(name, value) {
      const values = typeof value === 'string' ? [value] : value;
      if (values.length > 0) entries.set(name.toLowerCase(), { name, values });
      else entries.delete(name.toLowerCase());
    },
    delete(name) {
      entries.delete(name.toLowerCase());
    },
    lines() {
      const sorted = [...entries].sort(([a], [b]) => (a < b ? -1 : 1));
      return sorted.flatMap(([, { name, values }]) => values.map((value) => `${name}: ${value}\r\n`)).join('');
    },
  };
}
