import type { System } from '../system.ts';

/** A fault of the official resource, and what must hold instead. */
export interface Fault {
  /** In reference of its kind: the number it has in the list of faults. */
  readonly number: number;
  readonly name: string;
  /** Rejects while the fault is there. */
  check(system: System): Promise<void>;
}
