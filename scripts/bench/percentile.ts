/**
 * @param sorted values in ascending order, at least one
 * @param share 0.5 for the median, 0.99 for the ninety-ninth of a hundred
 */
export function percentile(sorted: ArrayLike<number>, share: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;
}

export function median(values: readonly number[]): number {
  return percentile(Float64Array.from(values).sort(), 0.5);
}
