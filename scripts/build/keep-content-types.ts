import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

/** The content types that requests and answers of the resource can carry. */
export const contentTypes: readonly string[] = [
  'application/javascript',
  'application/json',
  'application/octet-stream',
  'application/x-www-form-urlencoded',
  'application/xml',
  'image/png',
  'image/svg+xml',
  'multipart/form-data',
  'text/css',
  'text/html',
  'text/javascript',
  'text/plain',
  'text/xml',
];

/**
 * Keeps of every copy of mime-db only {@link contentTypes}, with all that the table says about them. The whole table is
 * 145 kB a copy. A table written by hand loses details that Koa depends on: `ctx.is('text')` and `ctx.type = 'text'`
 * work through the extensions listed for text/plain.
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
