import { isFunctionReference } from './function-reference.ts';
import type { FunctionReferences } from './function-references.ts';

/** Values of a test on their way to scripts and back: functions become references, references functions. */
export interface PlainValues {
  toScript(value: unknown): unknown;
  fromScript(value: unknown): unknown;
}

/** @param call calls a reference with values of the test. */
export function createPlainValues(
  references: FunctionReferences,
  call: (ref: string, args: readonly unknown[]) => unknown,
): PlainValues {
  const toScript = (value: unknown): unknown => {
    if (typeof value === 'function') {
      return references.offer((args) => [toScript(value(...args.map(fromScript)))]);
    }
    return mapped(value, toScript);
  };
  const fromScript = (value: unknown): unknown => {
    if (!isFunctionReference(value)) return mapped(value, fromScript);
    const ref = references.duplicate(value.functionReference);
    return (...args: unknown[]) => call(ref, args);
  };
  return { toScript, fromScript };
}

function mapped(value: unknown, change: (item: unknown) => unknown): unknown {
  if (Array.isArray(value)) return value.map(change);
  if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, change(item)]));
}
