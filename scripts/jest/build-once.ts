import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { packageNpm } from '../build/package-npm.ts';
import { build } from '../build.ts';
import { projectRoot } from '../project-root.ts';

/**
 * Jest's global set-up: tests that start the resource find a fresh resource/server.js, those of the npm package a fresh dist/.
 * When the sources cannot be bundled they find none, rather than an old one, and fail; all other tests still say what they have
 * to say.
 */
export default async function buildOnce(): Promise<void> {
  await buildOrRemove(() => build({ quiet: true }), join('resource', 'server.js'));
  await buildOrRemove(packageNpm, 'dist');
}

async function buildOrRemove(build: () => Promise<unknown>, built: string): Promise<void> {
  try {
    await build();
  } catch (error) {
    rmSync(join(projectRoot, built), { recursive: true, force: true });
    console.error(`\n${built} could not be built, tests that run it will fail: ${(error as Error).message}`);
  }
}
