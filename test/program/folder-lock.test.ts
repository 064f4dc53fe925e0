import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { lockFolder } from '../../src/program/folder-lock.ts';
import { cleanUp, newFolder } from './start-program.ts';

describe('lockFolder', () => {
  afterEach(cleanUp);

  it('creates the folder, and removes its lock file when the folder is unlocked', () => {
    const folder = join(newFolder(), 'a', 'b');
    const unlock = lockFolder(folder);
    expect(readdirSync(folder)).toEqual(['in-use']);
    unlock();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a folder that another running process has locked', () => {
    const folder = newFolder();
    const other = spawn('sleep', ['1000']);
    try {
      // Writes the lock file as the other process would write it.
      lockFolder(folder);
      const boot = (readFileSync(join(folder, 'in-use'), 'utf8').split(' ')[1] ?? '').split('/')[0];
      const started = readFileSync(`/proc/${other.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19];
      writeFileSync(join(folder, 'in-use'), `${other.pid} ${boot}/${started}\n`);
      expect(() => lockFolder(folder)).toThrow(`is in use by process ${other.pid}`);
      // The same process id with another start time belongs to a later process.
      writeFileSync(join(folder, 'in-use'), `${other.pid} ${boot}/1\n`);
      lockFolder(folder);
    } finally {
      other.kill();
    }
  });

  it('takes over the lock file of a killed process, and a damaged lock file', () => {
    const folder = newFolder();
    for (const left of ['', '4194999 x/1\n', 'garbage', `${process.pid} \n`]) {
      writeFileSync(join(folder, 'in-use'), left);
      lockFolder(folder)();
      expect(existsSync(join(folder, 'in-use'))).toBe(false);
    }
  });

  it('throws a ProgramFault if the folder cannot be created', () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    expect(() => lockFolder(join(file, 'folder'))).toThrow(
      'The folder of --forward-dir cannot be written to (ENOTDIR).',
    );
  });
});
