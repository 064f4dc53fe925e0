import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { projectRoot } from '../project-root.ts';

/**
 * Gives every bundled package the same `http-errors`: http-assert brings an older one with all that hangs on it, 14 kB that are run
 * at each start, and calls nothing of it but `createError(status, message, properties)`, which has not changed since.
 */
export const oneHttpErrors: Plugin = {
  name: 'one-http-errors',
  setup(build) {
    build.onResolve({ filter: /^http-errors$/ }, () => ({
      path: join(projectRoot, 'node_modules', 'http-errors', 'index.js'),
    }));
  },
};
