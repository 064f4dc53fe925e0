import type * as z from 'zod';

export type Judgement<Value> =
  | { readonly accepted: true; readonly value: Value }
  /** The faults; none when the value is too odd to be measured. */
  | { readonly accepted: false; readonly issues: readonly z.core.$ZodIssue[] };

/** Holds a value against its schema; never throws, which zod does for objects with a `length` that is no number. */
export function judgeValue<Schema extends z.ZodType>(schema: Schema, value: unknown): Judgement<z.output<Schema>> {
  try {
    const result = schema.safeParse(value);
    if (result.success) return { accepted: true, value: result.data };
    return { accepted: false, issues: result.error.issues };
  } catch {
    return { accepted: false, issues: [] };
  }
}
