import { readFileSync } from 'node:fs';

/** @returns whether a process runs: one that has ended and was not yet waited for does not */
export function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
