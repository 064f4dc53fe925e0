import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { projectRoot } from '../project-root.ts';

/**
 * Puts a function that does nothing where a bundled package asks for `debug` or `depd`: neither Koa's tracing nor its warnings of
 * deprecated calls have a reader on a game server, and `depd` looks through the call stack at each start.
 */
export const dropWarnings: Plugin = {
  name: 'drop-warnings',
  setup(build) {
    build.onResolve({ filter: /^(?:debug|depd)$/ }, () => ({
      path: join(projectRoot, 'scripts', 'build', 'says-nothing.cjs'),
    }));
  },
};
