/** What an error carries whose message is for the person at the command line. */
interface FaultMarks {
  readonly code: 'SONORANCAD_FAULT';
  readonly exitCode: 1 | 2;
}

/**
 * An error that ends the program with one sentence.
 *
 * @param sentence what is wrong and what to do about it, without a key in it
 * @param exitCode 2 for what was written wrongly on the command line, 1 for what the machine refuses
 */
export function programFault(sentence: string, exitCode: 1 | 2): Error & FaultMarks {
  return Object.assign(new Error(sentence), { code: 'SONORANCAD_FAULT', exitCode } as const);
}

/** @returns the marks and the sentence of such an error, or null for any other */
export function readFault(error: unknown): { readonly sentence: string; readonly exitCode: number } | null {
  const { code, message, exitCode } = (error ?? {}) as Partial<FaultMarks> & { message?: unknown };
  if (code !== 'SONORANCAD_FAULT' || exitCode === undefined) return null;
  return { sentence: String(message), exitCode };
}
