/** @returns a number and what it counts, in the plural unless it is one */
export function counted(count: number, noun: string): string {
  return `${count} ${noun}${count === 1 ? '' : 's'}`;
}
