import { type TargetSettings, targetExpectations, targetSchema } from '../forward/targets/target-schema.ts';
import { badValue, type FoundValue } from './bad-value.ts';
import type { ConfigProblem } from './config-problem.ts';
import { judgeValue } from './judge-value.ts';
import type { Preview } from './preview.ts';

const MEMBERS = Object.keys(targetExpectations).join(', ');
const isMember = (name: unknown): name is keyof TargetSettings =>
  typeof name === 'string' && Object.hasOwn(targetExpectations, name);

/**
 * Judges each entry of `pushEventForwardTargets`: a faulty one costs the others nothing.
 *
 * @returns the usable ones, and one problem for each of the others
 */
export function judgeForwardTargets(
  list: readonly unknown[],
  { name, place }: Pick<FoundValue, 'name' | 'place'>,
  preview: Preview,
): { targets: TargetSettings[]; problems: ConfigProblem[] } {
  const targets: TargetSettings[] = [];
  const problems: ConfigProblem[] = [];
  for (const [index, value] of list.entries()) {
    const judgement = judgeValue(targetSchema(), value);
    if (judgement.accepted) {
      targets.push(judgement.value);
      continue;
    }
    const { issue } = judgement;
    const otherwise = 'this target is off';
    if (issue?.code === 'unrecognized_keys') {
      const unknown = preview(issue.keys[0]);
      const line = `${name}[${index}] in ${place} has a member ${unknown}, expected only ${MEMBERS}: ${otherwise}`;
      problems.push({ level: 'error', line });
      continue;
    }
    const path = issue?.path ?? [];
    const expected = isMember(path[0]) ? targetExpectations[path[0]] : `an object with the members ${MEMBERS}`;
    const found = { name: `${name}[${index}]`, entry: { expected, otherwise, default: undefined }, place, value };
    problems.push(badValue(found, path, preview));
  }
  return { targets, problems };
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
