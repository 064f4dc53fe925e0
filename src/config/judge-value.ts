import type * as z from 'zod';

export type Judgement<Value> =
  | { readonly accepted: true; readonly value: Value }
  /** The first fault; undefined when the value is too odd to be measured. */
  | { readonly accepted: false; readonly issue: z.core.$ZodIssue | undefined };

/** Holds a value against its schema; never throws, which zod does for objects with a `length` that is no number. */
export function judgeValue<Schema extends z.ZodType>(schema: Schema, value: unknown): Judgement<z.output<Schema>> {
  try {
    const result = schema.safeParse(value);
    if (result.success) return { accepted: true, value: result.data };
    return { accepted: false, issue: result.error.issues[0] };
  } catch {
    return { accepted: false, issue: undefined };
  }
}
