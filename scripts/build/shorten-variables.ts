import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type MinifyOptions, minify } from 'terser';
import { projectRoot } from '../project-root.ts';

/** As for the bundler: lines that an editor can show. */
const LINE_LIMIT = 120;
const NAMED = /\b(?:function\*?|class)\s+([A-Za-z_$][\w$]*)/g;

/**
 * Shortens the names of variables, and those of functions in packages. Our own functions, classes and methods keep theirs,
 * so that a stack trace in an operator's console still tells where it leads.
 *
 * @param files what the script was made of, as paths below the project
 */
export async function shortenVariables(script: string, files: readonly string[]): Promise<string> {
  const own = files.filter((file) => file.startsWith('src/')).map((file) => readFile(join(projectRoot, file), 'utf8'));
  const names = (await Promise.all(own)).flatMap((source) => [...source.matchAll(NAMED)].map(([, name]) => name));
  const kept = new RegExp(`^(?:${[...new Set(names)].join('|').replaceAll('$', '\\$')})$`);
  const [banner = ''] = script.split('\n', 1);
  const options: MinifyOptions = {
    ecma: 2020,
    compress: false,
    // By its name one sees what the script requires.
    mangle: { toplevel: true, reserved: ['__require'], keep_fnames: kept, keep_classnames: kept },
    format: { max_line_len: LINE_LIMIT, preamble: banner },
  };
  const { code } = await minify(script, options);
  if (code === undefined) throw new Error('terser gave no output.');
  return `${code}\n`;
}
