import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { projectRoot } from '../project-root.ts';

/** Puts a function that does nothing where a bundled package asks for `debug`. */
export const dropDebug: Plugin = {
  name: 'drop-debug',
  setup(build) {
    build.onResolve({ filter: /^debug$/ }, () => ({ path: join(projectRoot, 'scripts', 'build', 'debug-noop.cjs') }));
  },
};
