import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { build } from 'esbuild';
import { projectRoot } from '../project-root.ts';

/** Where the operator's page is, in src/. */
const FOLDER = join(projectRoot, 'src', 'inspector', 'page');

/**
 * Bundles the operator's page in memory. Unlike the scripts it is minified: it travels over the game port, to phones too.
 *
 * @returns one HTML file with one `<style>` and one `<script>`, which makes requests to its own server only, and esbuild's account of it
 * @throws when a source file is broken
 */
export async function bundlePage() {
  const { outputFiles, metafile } = await build({
    absWorkingDir: projectRoot,
    entryPoints: [join(FOLDER, 'main.tsx'), join(FOLDER, 'page.css')],
    outdir: FOLDER,
    bundle: true,
    write: false,
    metafile: true,
    format: 'iife',
    platform: 'browser',
    target: ['chrome112', 'firefox115', 'safari16.4'],
    jsx: 'automatic',
    jsxImportSource: 'preact',
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    logLevel: 'silent',
  });
  const textOf = (extension: string) => outputFiles.find(({ path }) => path.endsWith(extension))?.text.trim() ?? '';
  const template = readFileSync(join(FOLDER, 'index.html'), 'utf8');
  const [head, middle, end] = template.split(/(?=<\/style>|<\/script>)/);
  return { html: Buffer.from(`${head}${textOf('.css')}${middle}${textOf('.js')}${end}`), metafile };
}
