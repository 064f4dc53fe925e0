/** A figure and what it has to be. */
export interface Goal {
  readonly name: string;
  readonly value: number;
  readonly unit: string;
  readonly atMost?: number;
  readonly atLeast?: number;
}

/** @returns one line for each goal that says whether it was reached */
export function describeGoals(goals: readonly Goal[]): string[] {
  const width = Math.max(...goals.map(({ name }) => name.length));
  return goals.map(({ name, value, unit, atMost, atLeast }) => {
    const reached = (atMost === undefined || value <= atMost) && (atLeast === undefined || value >= atLeast);
    const wanted = atMost === undefined ? `at least ${atLeast}` : `at most ${atMost}`;
    const shown = unit === '' ? value.toFixed(2) : value.toFixed(0);
    return `${reached ? 'reached' : 'MISSED '}  ${name.padEnd(width)}  ${shown}${unit} (${wanted}${unit})`;
  });
}
