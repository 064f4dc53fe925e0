import * as z from 'zod';
import { readFlag, readIds, readText, readWhole } from '../../../push-events/catalogue/read-values.ts';

/** Whatever the CAD answers: what counts is that it did. */
export const anything = z.unknown();

/** A whole number, or its text. */
export const whole = z.preprocess((given) => readWhole(given) ?? given, z.int());

/** A whole number; null where there is none. */
export const wholeOrNull = z
  .unknown()
  .optional()
  .transform((given) => readWhole(given) ?? null);

/** Text; empty where there is none. */
export const text = z
  .unknown()
  .optional()
  .transform((given) => readText(given) ?? '');

/** Text; null where there is none. */
export const textOrNull = z
  .unknown()
  .optional()
  .transform((given) => readText(given) ?? null);

/** A boolean or its text. */
export const flag = z.preprocess((given) => readFlag(given) ?? given, z.boolean());

/** Whole numbers; unreadable ones are left out. */
export const wholes = z
  .unknown()
  .optional()
  .transform((given) => readIds(given) as number[]);

/** A list that must be there: one that is missing would read as "there is nothing". Null is an empty one. */
export const list = z.preprocess((given) => (given === null ? [] : given), z.array(z.unknown()));

/** A list; empty where there is none. */
export const listOrNone = z
  .unknown()
  .optional()
  .transform((given): unknown[] => (Array.isArray(given) ? given : []));

/** An object with whatever fields. */
export const fields = z.looseObject({});

/** A call; only its id is needed to go on with it. */
export const call = z.looseObject({ callId: whole });
