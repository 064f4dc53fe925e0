import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const EXPORTED = /^export (?:const|function) (\w+)/gm;

/**
 * Leaves out how zod turns schemas into JSON Schema, of which each schema holds a method: only the generator of the documents
 * asks for it, and that runs from the sources. What is left in its place does nothing.
 */
export const dropJsonSchema: Plugin = {
  name: 'drop-json-schema',
  setup(build) {
    build.onLoad(
      { filter: /[\\/]zod[\\/]v4[\\/]core[\\/](?:to-json-schema|json-schema-processors)\.js$/ },
      async ({ path }) => {
        const names = [...(await readFile(path, 'utf8')).matchAll(EXPORTED)].map(([, name]) => name);
        return { contents: names.map((name) => `export const ${name} = () => undefined;`).join('\n'), loader: 'js' };
      },
    );
  },
};
