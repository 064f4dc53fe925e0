import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';
import { replaceIn, withOnlyMethods } from './edit-source.ts';

const EXPORTED = /^export (?:const|function) (\w+)/gm;

/** The methods of schemas that the resource calls, or that zod calls by itself. */
const CALLED = [
  ...['parse', 'safeParse', 'check', 'clone', 'refine', 'transform', 'pipe', 'readonly', 'describe', 'meta'],
  ...['description', 'optional', 'nullable', 'nullish', 'default', 'prefault', 'unwrap'],
  ...['regex', 'trim', 'toLowerCase', 'toUpperCase', 'min', 'max', 'int'],
];

/** How zod turns schemas into JSON Schema: only the generator of the documents asks for it, and that runs from the sources. */
const JSON_SCHEMA = /[\\/]zod[\\/]v4[\\/]core[\\/](?:to-json-schema|json-schema-processors)\.js$/;
/** What is wrong is said by `describe-issues.ts` and by the settings' own texts. */
const ENGLISH = /[\\/]zod[\\/]v4[\\/]locales[\\/]en\.js$/;
/** Parts that the bundler cannot leave out by itself, and what is there instead. */
const UNNEEDED: readonly (readonly [RegExp, string])[] = [
  // It names a whole file, so that all functions in it are kept.
  [/^import \{ util \} from "\.\.\/core\/index\.js";$/m, "import * as util from '../core/util.js';"],
  // Parsers made of text, which save time where thousands of values are parsed: for events there is `quick-parser.ts`.
  [/core\.\$ZodObjectJIT\.init/, 'core.$ZodObject.init'],
  // For values that hold themselves, parsed by schemas that do: there are no such schemas.
  [/core\.config\(\{ memoizer: core\.memoizer\(\) \}\);/, ';'],
];
const SCHEMAS = /[\\/]zod[\\/]v4[\\/]classic[\\/]schemas\.js$/;

/**
 * Bundles the part of zod that is used. A schema's class names all that zod can check, such as the formats of texts, in methods of
 * which no bundler can tell that nobody calls them.
 */
export const shrinkZod: Plugin = {
  name: 'shrink-zod',
  setup(build) {
    build.onLoad({ filter: JSON_SCHEMA }, async ({ path }) => {
      const names = [...(await readFile(path, 'utf8')).matchAll(EXPORTED)].map(([, name]) => name);
      return { contents: names.map((name) => `export const ${name} = () => undefined;`).join('\n'), loader: 'js' };
    });
    build.onLoad({ filter: ENGLISH }, () => ({
      contents: "export default () => ({ localeError: () => 'not as expected' });",
      loader: 'js',
    }));
    build.onLoad({ filter: SCHEMAS }, async ({ path }) => {
      const called = withOnlyMethods(await readFile(path, 'utf8'), 4, CALLED);
      const contents = UNNEEDED.reduce((source, [part, instead]) => replaceIn(source, part, instead), called);
      return { contents, loader: 'js' };
    });
  },
};
