import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { build } from '../build.ts';
import { projectRoot } from '../project-root.ts';

/**
 * Jest's global set-up: tests that start the resource find a fresh resource/server.js. When the sources cannot be
 * bundled they find none, rather than an old one, and fail; all other tests still say what they have to say.
 */
export default async function buildOnce(): Promise<void> {
  try {
    await build({ quiet: true });
  } catch (error) {
    rmSync(join(projectRoot, 'resource', 'server.js'), { force: true });
    console.error(`\nThe resource could not be built, tests that run it will fail: ${(error as Error).message}`);
  }
}
