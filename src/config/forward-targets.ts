import * as v from 'valibot';
import { type TargetSettings, targetExpectations, targetSchema } from '../forward/targets/target-schema.ts';
import type { Problem } from '../lib/finding.ts';
import { type DescribeFault, type FoundValue, type Preview, valueFaults, valueProblems } from './problems.ts';

const EACH_EVENT = 'an event type like "EVENT_911" or "EVENT_DISPATCH_*"';

function expectedAt([member, index]: readonly PropertyKey[]): string | undefined {
  if (member === 'events' && index !== undefined) return EACH_EVENT;
  return typeof member === 'string' && Object.hasOwn(targetExpectations, member)
    ? targetExpectations[member as keyof TargetSettings]
    : undefined;
}

const targetEntry = {
  schema: targetSchema,
  expected: `an object with the members ${Object.keys(targetExpectations).join(', ')}`,
  expectedAt,
  otherwise: 'this target is off',
  default: undefined,
};

/**
 * Judges each entry of `pushEventForwardTargets`: a faulty one costs the others nothing.
 *
 * @returns the usable ones, and the problems of the others
 */
export function judgeForwardTargets(
  list: readonly unknown[],
  { name, place }: Pick<FoundValue, 'name' | 'place'>,
  preview: Preview,
): { targets: TargetSettings[]; problems: Problem[] } {
  const targets: TargetSettings[] = [];
  const faults: DescribeFault[] = [];
  for (const [index, value] of list.entries()) {
    const read = v.safeParse(targetSchema, value);
    if (read.success) targets.push(read.output);
    else {
      const found = { name: `${name}[${index}]`, entry: targetEntry, place, value };
      for (const fault of valueFaults(found, read.issues, preview)) faults.push(fault);
    }
  }
  return { targets, problems: valueProblems({ name, place }, faults) };
}

/**
 * What must not be shown of `pushEventForwardTargets`, whatever it holds: signing secrets, the values of headers, and the
 * whole of a text that should have been a list.
 */
export function secretsOfTargets(value: unknown): unknown[] {
  if (!Array.isArray(value)) return [value];
  return value.flatMap((target: unknown) => {
    if (typeof target !== 'object' || target === null) return [];
    const { secret, headers } = target as { secret?: unknown; headers?: unknown };
    return [secret, typeof headers === 'object' && headers !== null ? Object.values(headers) : headers];
  });
}
