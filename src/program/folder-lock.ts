import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { errorCodeOf } from '../lib/text.ts';
import { ProgramFault } from './arguments.ts';

const LOCK_FILE = 'in-use';

/**
 * Locks a folder for this process, because two processes that write one outbox would destroy it. The lock of a killed
 * process is taken over.
 *
 * @returns a function that unlocks the folder
 * @throws a ProgramFault if another process has the lock, or the folder is not writable
 */
export function lockFolder(folder: string): () => void {
  const file = join(folder, LOCK_FILE);
  try {
    mkdirSync(folder, { recursive: true });
    acquireLock(file);
  } catch (error) {
    if (error instanceof ProgramFault) throw error;
    throw new ProgramFault(`The folder of --forward-dir cannot be written to (${errorCodeOf(error)}).`, 1);
  }
  return () => rmSync(file, { force: true });
}

function acquireLock(file: string): void {
  if (writeLock(file)) return;
  const owner = findLiveOwner(file);
  if (owner !== null) {
    throw new ProgramFault(
      `The folder of --forward-dir is in use by process ${owner}. Give each listener its own folder.`,
      1,
    );
  }
  rmSync(file, { force: true });
  if (!writeLock(file)) throw new ProgramFault('Another listener has just locked the folder of --forward-dir.', 1);
}

/** @returns false if the lock file exists already */
function writeLock(file: string): boolean {
  try {
    writeFileSync(file, `${process.pid} ${readProcessIdentity(process.pid)}\n`, { flag: 'wx' });
    return true;
  } catch (error) {
    if (errorCodeOf(error) === 'EEXIST') return false;
    throw error;
  }
}

/** @returns the process that holds the lock, or null if that process has ended */
function findLiveOwner(file: string): number | null {
  const [, digits, identity] = /^(\d{1,10}) (.*)$/m.exec(readFileSync(file, 'utf8')) ?? [];
  const pid = Number(digits);
  // In a container, each run of the program has the same process id.
  if (digits === undefined || pid === process.pid) return null;
  return isRunning(pid) && readProcessIdentity(pid) === identity ? pid : null;
}

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch (error) {
    return errorCodeOf(error) === 'EPERM';
  }
}

/**
 * Reads the boot id and the process's start time, which tell a process from a later one with the same id.
 *
 * @returns '' where /proc does not exist
 */
function readProcessIdentity(pid: number): string {
  try {
    const bootId = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may contain spaces. The start time is field 22.
    const fieldsAfterName = stat.replace(/^.*\) /s, '').split(' ');
    return `${bootId}/${fieldsAfterName[19]}`;
  } catch {
    return '';
  }
}
