import { spawn } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from '@jest/globals';
import { lockFolder } from '../../src/program/forwarding.ts';
import { cleanUp, newFolder } from './start-program.ts';

describe('the lock of a folder', () => {
  afterEach(cleanUp);

  it('makes the folder, and leaves nothing behind when it is given back', () => {
    const folder = join(newFolder(), 'a', 'b');
    const unlock = lockFolder(folder);
    expect(readdirSync(folder)).toEqual(['in-use']);
    unlock();
    expect(readdirSync(folder)).toEqual([]);
  });

  it('refuses a folder that another living process has', () => {
    const folder = newFolder();
    const other = spawn('sleep', ['1000']);
    try {
      // As that process would have written it.
      lockFolder(folder);
      const boot = (readFileSync(join(folder, 'in-use'), 'utf8').split(' ')[1] ?? '').split('/')[0];
      const started = readFileSync(`/proc/${other.pid}/stat`, 'utf8').split(') ')[1]?.split(' ')[19];
      writeFileSync(join(folder, 'in-use'), `${other.pid} ${boot}/${started}\n`);
      expect(() => lockFolder(folder)).toThrow(`is in use by process ${other.pid}`);
      // Its number may be given to another process later.
      writeFileSync(join(folder, 'in-use'), `${other.pid} ${boot}/1\n`);
      lockFolder(folder);
    } finally {
      other.kill();
    }
  });

  it('does not mind what a killed process, or a power cut, has left behind', () => {
    const folder = newFolder();
    for (const left of ['', '4194999 x/1\n', 'garbage', `${process.pid} \n`]) {
      writeFileSync(join(folder, 'in-use'), left);
      lockFolder(folder)();
      expect(existsSync(join(folder, 'in-use'))).toBe(false);
    }
  });

  it('says that a folder cannot be had', () => {
    const file = join(newFolder(), 'file');
    writeFileSync(file, '');
    expect(() => lockFolder(join(file, 'folder'))).toThrow(
      'The folder of --forward-dir cannot be written to (ENOTDIR).',
    );
  });
});
