import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../project-root.ts';

/** What `getForwardingStatus` gives, part by part: the interfaces, and the file that has them. */
const PARTS = ['LaneCounts', 'LaneStatus', 'StoreStatus', 'ForwardingStatus'];
const SOURCE = 'src/forward/forwarding-status.ts';

/**
 * The types of how forwarding is doing, as the source has them.
 *
 * @throws when one of them is no longer where it was
 */
export function forwardingTypes(): string {
  const source = readFileSync(join(projectRoot, SOURCE), 'utf8').replaceAll('\r\n', '\n');
  return PARTS.map((name) => {
    const found = new RegExp(`^/\\*\\* [^\\n]*\\*/\\nexport interface ${name} \\{\\n.*?^\\}`, 'ms').exec(source);
    if (found === null) throw new Error(`${SOURCE} has no interface ${name} with a comment of one line.`);
    return found[0];
  }).join('\n\n');
}
