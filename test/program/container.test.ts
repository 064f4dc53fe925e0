import { spawnSync } from 'node:child_process';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageNpm } from '../../scripts/build/package-npm.ts';
import { ROOT } from './start-program.ts';

const folder = join(ROOT, 'examples', 'docker');
/** The client alone is not enough. */
const withDocker = spawnSync('docker', ['info']).status === 0 ? it : it.skip;

describe('examples/docker', () => {
  withDocker(
    'is built by docker compose, and runs the program',
    async () => {
      await packageNpm();
      const key = join(folder, 'key');
      writeFileSync(key, 'a-key-for-the-container\n', { flag: 'wx' });
      try {
        const compose = (...args: string[]) =>
          spawnSync('docker', ['compose', ...args], { cwd: folder, encoding: 'utf8' });
        expect(compose('build')).toMatchObject({ status: 0 });
        const help = compose('run', '--rm', 'sonorancad', 'node', 'bin/sonorancad.js', '--help');
        expect(help).toMatchObject({ status: 0, stdout: expect.stringContaining('sonorancad listen') });
      } finally {
        rmSync(key);
      }
    },
    300_000,
  );
});
