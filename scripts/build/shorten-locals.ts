import { readFile } from 'node:fs/promises';
import { type Plugin, transform } from 'esbuild';

/**
 * Shortens the local variables of packages. Names at the top of their files, methods and our own code stay as they are
 * written, so that a stack trace still tells where it leads.
 */
export const shortenLocals: Plugin = {
  name: 'shorten-locals',
  setup(build) {
    build.onLoad({ filter: /[\\/]node_modules[\\/].*\.[cm]?js$/ }, async ({ path }) => {
      const { code } = await transform(await readFile(path, 'utf8'), { minifyIdentifiers: true, target: 'node22' });
      return { contents: code, loader: 'js' };
    });
  },
};
