import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { Plugin } from 'esbuild';
import { projectRoot } from '../project-root.ts';
import { replaceIn, withoutMethods } from './edit-source.ts';

/** Made only to continue a lost connection, which the session does not ask for. */
const UNUSED = 'MessageBuffer';

/** Methods of a hub's connection that the session does not call, or that only those call: streams, and reconnecting. */
const UNCALLED = [
  ...['stream', 'send', 'off', 'onreconnecting', 'onreconnected', '_reconnect', '_getNextRetryDelay'],
  ...['_createStreamInvocation', '_createCancelInvocation'],
];

/** Whole statements, one a line, that only tell a logger what the session's own does not take. */
const CHATTER = /^\s*this\._logger\.log\(LogLevel\.(?:Trace|Debug|Information), .*\);$/gm;

/**
 * Bundles the part of SignalR's client that is used: the hub protocol, over the session's own socket. In Node its other part asks
 * for packages (`ws` and others) by a `require` that no bundler sees, which works beside a node_modules folder and dies in the
 * zip: so it is also told that it is not in Node.
 */
export const shrinkSignalr: Plugin = {
  name: 'shrink-signalr',
  setup(build) {
    // For Node esbuild would take its CommonJS form, of which nothing can be left out.
    build.onResolve({ filter: /^@microsoft\/signalr$/ }, () => ({
      path: join(projectRoot, 'node_modules', '@microsoft', 'signalr', 'dist', 'esm', 'index.js'),
      sideEffects: false,
    }));
    build.onLoad({ filter: /[\\/]@microsoft[\\/]signalr[\\/]dist[\\/]esm[\\/]\w+\.js$/ }, async ({ path }) => {
      if (basename(path, '.js') === UNUSED) return { contents: `export class ${UNUSED} {}`, loader: 'js' };
      const source = (await readFile(path, 'utf8')).replaceAll('Platform.isNode', 'false');
      if (basename(path) !== 'HubConnection.js') return { contents: source, loader: 'js' };
      return { contents: replaceIn(withoutMethods(source, 4, UNCALLED), CHATTER, ''), loader: 'js' };
    });
  },
};
