import { readdirSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { compileFunction } from 'node:vm';
import { expect, it } from '@jest/globals';
import { build, type Plugin } from 'esbuild';
import { leftOut } from '../../scripts/build/bundle.ts';
import { projectRoot } from '../../scripts/project-root.ts';

const SOURCES = join(projectRoot, 'src');

/** Keeps each schema that is made when it is first asked for, so that all of them can be asked for. */
const collectSchemas: Plugin = {
  name: 'collect-schemas',
  setup(build) {
    build.onLoad({ filter: /[\\/]schemas[\\/]lazily\.ts$/ }, () => ({
      contents: `export function lazily(make) {
        let made = null;
        const give = () => (made ??= make());
        globalThis.schemas.push([make.toString(), give]);
        return give;
      }`,
      loader: 'js',
    }));
  },
};

const usesSchemas = (file: string): boolean =>
  file.endsWith('.ts') && /from '[./]+\/schemas\/lazily\.ts'/.test(readFileSync(join(SOURCES, file), 'utf8'));

it('can all be made of the part of zod that is bundled', async () => {
  const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter(usesSchemas);
  const result = await build({
    stdin: {
      contents: files.map((file) => `import './${file.replaceAll('\\', '/')}';`).join('\n'),
      resolveDir: SOURCES,
    },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'iife',
    plugins: [collectSchemas, ...leftOut],
    logLevel: 'silent',
  });
  const scope = { schemas: [] as [string, () => unknown][] };
  compileFunction(result.outputFiles[0]?.text ?? '', ['require', 'globalThis'])(createRequire(import.meta.url), scope);
  expect(scope.schemas.length).toBeGreaterThan(60);
  const failing = scope.schemas.flatMap(([source, give]) => {
    try {
      give();
      return [];
    } catch (error) {
      return [`${String(error)} in ${source}`];
    }
  });
  expect(failing).toEqual([]);
});
