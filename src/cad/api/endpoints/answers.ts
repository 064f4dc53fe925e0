import * as z from 'zod';
import { readFlag, readIds, readText, readWhole } from '../../../push-events/catalogue/read-values.ts';
import { lazily } from '../../../schemas/lazily.ts';

/** Whatever the CAD answers: what counts is that it did. */
export const anything = lazily(() => z.unknown());

/** A whole number, or its text. */
export const whole = lazily(() => z.preprocess((given) => readWhole(given) ?? given, z.int()));

/** A whole number; null where there is none. */
export const wholeOrNull = lazily(() =>
  z
    .unknown()
    .optional()
    .transform((given) => readWhole(given) ?? null),
);

/** Text; empty where there is none. */
export const text = lazily(() =>
  z
    .unknown()
    .optional()
    .transform((given) => readText(given) ?? ''),
);

/** Text; null where there is none. */
export const textOrNull = lazily(() =>
  z
    .unknown()
    .optional()
    .transform((given) => readText(given) ?? null),
);

/** A boolean or its text. */
export const flag = lazily(() => z.preprocess((given) => readFlag(given) ?? given, z.boolean()));

/** Whole numbers; unreadable ones are left out. */
export const wholes = lazily(() =>
  z
    .unknown()
    .optional()
    .transform((given) => readIds(given) as number[]),
);

/** A list that must be there: one that is missing would read as "there is nothing". Null is an empty one. */
export const list = lazily(() => z.preprocess((given) => (given === null ? [] : given), z.array(z.unknown())));

/** A list; empty where there is none. */
export const listOrNone = lazily(() =>
  z
    .unknown()
    .optional()
    .transform((given): unknown[] => (Array.isArray(given) ? given : [])),
);

/** An object with whatever fields. */
export const fields = lazily(() => z.looseObject({}));

/** A call; only its id is needed to go on with it. */
export const call = lazily(() => z.looseObject({ callId: whole() }));
