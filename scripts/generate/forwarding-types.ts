import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../project-root.ts';

/** What `getForwardingStatus` gives, part by part: the interface's name and the file that has it. */
const PARTS = [
  ['LaneCounts', 'src/forward/forwarding-status.ts'],
  ['LaneStatus', 'src/forward/forwarding-status.ts'],
  ['StoreStatus', 'src/forward/forwarding-status.ts'],
  ['ForwardingStatus', 'src/forward/forwarding-status.ts'],
] as const;

/**
 * The types of how forwarding is doing, as the source has them.
 *
 * @throws when one of them is no longer where it was
 */
export function forwardingTypes(): string {
  return PARTS.map(([name, path]) => interfaceIn(path, name)).join('\n\n');
}

function interfaceIn(path: string, name: string): string {
  const source = readFileSync(join(projectRoot, path), 'utf8').replaceAll('\r\n', '\n');
  const found = new RegExp(`^/\\*\\* [^\\n]*\\*/\\nexport interface ${name} \\{\\n.*?^\\}`, 'ms').exec(source);
  if (found === null) throw new Error(`${path} has no interface ${name} with a comment of one line.`);
  return found[0];
}
