import { join } from 'node:path';
import type { Plugin } from 'esbuild';
import { projectRoot } from '../project-root.ts';

/** Puts the few content types that answers can have where Koa asks for `mime-types`, which is 150 kB with its table. */
export const ownContentTypes: Plugin = {
  name: 'own-content-types',
  setup(build) {
    build.onResolve({ filter: /^mime-types$/ }, () => ({
      path: join(projectRoot, 'scripts', 'build', 'content-types.cjs'),
    }));
  },
};
