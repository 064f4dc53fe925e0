import { readFileSync } from 'node:fs';

/** Whether a process is running. A zombie, which has ended but is not reaped yet, is not running. */
export function isRunning(pid: number): boolean {
  try {
    return !/\) [ZX] /.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
}
