/** What a check has found. */
export interface Finding {
  /** Of which check it is, where a program reads it. */
  readonly name?: string;
  /** null for what cannot be told from here, or is left out because the operator wants it so. */
  readonly ok: boolean | null;
  /** One sentence, safe for the console. */
  readonly text: string;
  /** What to do about it, in words that follow a colon; absent when there is nothing to do. */
  readonly fix?: string;
}

/** One thing that is verified; what it is about is handed to it. */
export type Check<About> = (about: About) => Finding | readonly Finding[] | Promise<Finding | readonly Finding[]>;

/** A fault in the configuration, which holds its own remedy: one line for the console, free of secrets. */
export interface Problem {
  readonly level: 'error' | 'warn';
  readonly line: string;
}

/** @param fix what to do about each of them */
export function findingsOf(problems: readonly Problem[], fix: string): Finding[] {
  return problems.map(({ line }) => ({ ok: false, text: line, fix }));
}

const SIGNS = { true: '✓', false: '✗', null: '–' };

/** @returns a line for each finding, and one more for what to do where there is something to do */
export function describeFindings(findings: readonly Finding[]): string[] {
  const lines = findings.flatMap(({ ok, text, fix }) => [
    `${SIGNS[`${ok}`]} ${text}`,
    ...(fix !== undefined && ok !== true ? [`    → ${fix}`] : []),
  ]);
  const wrong = findings.filter(({ ok }) => ok === false).length;
  return [...lines, wrong === 0 ? 'Nothing is wrong.' : `${wrong} of ${findings.length} checks found something wrong.`];
}
