import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodeOf } from '../lib/text.ts';
import { programFault, readFault } from './arguments.ts';

const LOCK = 'in-use';

/**
 * Makes a folder that of this process alone: two that write one outbox would destroy it. What a killed process has left behind
 * does not count.
 *
 * @returns a function that gives the folder back
 * @throws a fault when another process has it, or it cannot be written to
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, LOCK);
  try {
    mkdirSync(folder, { recursive: true });
    if (!claim(file)) {
      const owner = liveOwner(file);
      if (owner !== null) {
        throw programFault(
          `The folder of --forward-dir is in use by process ${owner}: give each listener one of its own.`,
          1,
        );
      }
      rmSync(file, { force: true });
      if (!claim(file)) throw programFault('Another listener has just taken the folder of --forward-dir.', 1);
    }
  } catch (error) {
    if (readFault(error) !== null) throw error;
    throw programFault(`The folder of --forward-dir cannot be written to (${errorCodeOf(error)}).`, 1);
  }
  return () => rmSync(file, { force: true });
}

function claim(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid} ${lifeOf(process.pid)}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** @returns the process that has the lock, or null when that is no more */
function liveOwner(file: string): number | null {
  const [, digits, life] = /^(\d{1,10}) (.*)$/m.exec(readFileSync(file, 'utf8')) ?? [];
  const pid = Number(digits);
  // In a container the last run had the same number.
  if (digits === undefined || pid === process.pid) return null;
  return isRunning(pid) && lifeOf(pid) === life ? pid : null;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCodeOf(error) === 'EPERM';
  }
}

/** @returns what tells a process from a later one with its number, also after the machine was started anew; '' where nothing does */
function lifeOf(pid: number): string {
  try {
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    // The name of the program, in brackets, may hold spaces. What comes 20th after it is when it was started.
    const started = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ')[19];
    return `${boot}/${started}`;
  } catch {
    return '';
  }
}
