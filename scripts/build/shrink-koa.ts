import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Plugin } from 'esbuild';
import { withoutMethods } from './edit-source.ts';

/** Cookies, content negotiation, attachments, caching and the like, of which no route of the resource makes use: by file. */
const UNCALLED: Readonly<Record<string, readonly string[]>> = {
  'context.js': ['cookies', 'inspect', 'toJSON'],
  'request.js': [
    ...['fresh', 'stale', 'idempotent', 'charset', 'ips', 'subdomains', 'accept', 'accepts', 'acceptsEncodings'],
    ...[
      'acceptsCharsets',
      'acceptsLanguages',
      'is',
      'href',
      'origin',
      'search',
      'hostname',
      'URL',
      'inspect',
      'toJSON',
    ],
  ],
  'response.js': [...['vary', 'redirect', 'back', 'attachment', 'lastModified', 'etag', 'is', 'inspect', 'toJSON']],
};

/** The packages behind them, which Koa asks for all the same. */
const UNUSED = ['accepts', 'content-disposition', 'content-type', 'cookies', 'fresh', 'http-assert', 'type-is', 'vary'];

/** Bundles of Koa the part that is used: 40 kB less to read at each start, other packages included. */
export const shrinkKoa: Plugin = {
  name: 'shrink-koa',
  setup(build) {
    build.onResolve({ filter: new RegExp(`^(?:${UNUSED.join('|')})$`) }, ({ path, importer }) =>
      /[\\/]node_modules[\\/]koa[\\/]/.test(importer) ? { path, namespace: 'unused' } : undefined,
    );
    build.onLoad({ filter: /./, namespace: 'unused' }, () => ({ contents: 'module.exports = {};', loader: 'js' }));
    build.onLoad({ filter: /[\\/]node_modules[\\/]koa[\\/]lib[\\/]\w+\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return { contents: withoutMethods(source, 2, UNCALLED[basename(path)] ?? []), loader: 'js' };
    });
  },
};
