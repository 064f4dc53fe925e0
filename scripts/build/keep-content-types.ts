import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** The content types that Koa gives to answers by itself: texts, pages, objects and bytes. */
export const contentTypes: readonly string[] = [
  'application/json',
  'application/octet-stream',
  'text/html',
  'text/plain',
];

/**
 * Keeps of mime-db only {@link contentTypes}, with all that the table says about them: `ctx.type = 'text'` works through the extensions
 * listed for text/plain. The whole table is 145 kB.
 */
export const keepContentTypes: Plugin = {
  name: 'keep-content-types',
  setup(build) {
    build.onLoad({ filter: /[\\/]mime-db[\\/]db\.json$/ }, async ({ path }) => {
      const table = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>;
      const kept = Object.entries(table).filter(([type]) => contentTypes.includes(type));
      return { contents: JSON.stringify(Object.fromEntries(kept)), loader: 'json' };
    });
  },
};
