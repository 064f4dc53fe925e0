/** One thing that was looked at. */
export interface Check {
  /** null for what cannot be told from here. */
  readonly ok: boolean | null;
  /** One sentence. */
  readonly text: string;
  /** What to do about it. */
  readonly fix?: string;
}

const SIGNS = { true: '✓', false: '✗', null: '–' };

/** @returns a line for each check, and one more for what to do where there is something to do */
export function describeChecks(checks: readonly Check[]): string[] {
  const lines = checks.flatMap(({ ok, text, fix }) => [
    `${SIGNS[`${ok}`]} ${text}`,
    ...(fix !== undefined && ok !== true ? [`    → ${fix}`] : []),
  ]);
  const wrong = checks.filter(({ ok }) => ok === false).length;
  return [...lines, wrong === 0 ? 'Nothing is wrong.' : `${wrong} of ${checks.length} checks found something wrong.`];
}
