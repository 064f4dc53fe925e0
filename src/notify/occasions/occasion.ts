/** Something that happened, of which players may want to be told. */
export interface Occasion {
  /** What rules call it: an occasion's name, or the type of the push event. */
  readonly on: string;
  /** The players it is about. Asked only when a rule wants them. */
  involved(): readonly number[];
  /** The player who called for help, while they are still the same person. */
  caller(): number | null;
  /** What the paths in templates and conditions lead into. */
  readonly values: Readonly<Record<string, unknown>>;
}

export const nobody = (): null => null;

/** The data of an event as what paths lead into: its own fields. */
export function valuesOf(data: unknown): Readonly<Record<string, unknown>> {
  return typeof data === 'object' && data !== null && !Array.isArray(data) ? { ...data } : {};
}
