import { globSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { projectRoot } from './project-root.ts';

/**
 * The folders of src, and the files in src itself, in the order of imports: each imports only what stands before it. Circles
 * between files are biome's part (noImportCycles), and natives outside of the platform, too (noUndeclaredVariables).
 */
const ORDER: readonly string[] = [
  ...[
    'lib',
    'events',
    'platform',
    'forward',
    'cad',
    'game',
    'notify',
    'api',
    'http',
    'inspector',
    'config',
    'commands',
  ],
  ...['listener', 'program', 'game.ts', 'client.ts', 'server.ts'],
];

/** Folders that must not import others of those that stand before them. */
const STRANGERS: Readonly<Record<string, readonly string[]>> = {
  cad: ['forward'],
  game: ['forward', 'cad'],
  notify: ['forward', 'cad'],
  http: ['forward', 'cad', 'game', 'notify', 'api'],
  listener: ['cad', 'game', 'notify', 'api', 'commands'],
};

/** Folders that run without CitizenFX: they take what they need as an argument, and import no more than types from there. */
const WITHOUT_PLATFORM = /^src\/(?:lib|events|game\/state|forward|notify|cad)\//;

/** Where in src packages may be imported, but for their types; all others anywhere. */
const PACKAGES: readonly (readonly [name: RegExp, place: string])[] = [
  [/^(?:koa|@koa\/.+)$/, 'src/http/'],
  [/^(?:@nats-io\/.+|prom-client)$/, 'scripts/build/bundle.ts'],
  [/^@citizenfx\/http-wrapper$/, 'src/http/citizenfx/request.ts'],
  [/^(?:preact|@preact\/.+)$/, 'src/inspector/page/'],
];

/** Packages of their own: they import nothing of this project, and `src/` imports nothing of them. */
const OWN_PACKAGES: readonly string[] = ['packages/fxhost/src/', 'packages/fakecad/src/'];

/** Type or value imports and re-exports, as biome writes them. */
const IMPORT = /^(?:import|export) (type )?(?:[^'";]*? from )?'([^']+)';$/gm;

/** @returns one line for each import that goes through a wall; none when all is well */
export function brokenWalls(): string[] {
  return globSync(
    ['src/', ...OWN_PACKAGES].map((folder) => `${folder}**/*.{ts,tsx}`),
    { cwd: projectRoot },
  )
    .map((file) => file.replaceAll(sep, '/'))
    .sort()
    .flatMap((file) => {
      const source = readFileSync(join(projectRoot, file), 'utf8');
      return [...source.matchAll(IMPORT)].flatMap(([, type, imported = '']) => {
        const problem = imported.startsWith('.')
          ? problemOfFolders(file, posix.join(posix.dirname(file), imported), type !== undefined)
          : problemOfPackage(file, imported, type !== undefined);
        return problem === null ? [] : [`${file}: ${problem}`];
      });
    });
}

function problemOfFolders(importer: string, imported: string, isType: boolean): string | null {
  const folder = OWN_PACKAGES.find((own) => importer.startsWith(own));
  if (folder !== undefined && !imported.startsWith(folder)) return `${folder} must not import ${imported}`;
  if (folder === undefined && imported.startsWith('packages/')) return `src/ must not import ${imported}`;
  const [from, to] = [partOf(importer), partOf(imported)];
  if (to === null || from === null || from === to) return null;
  for (const part of [from, to]) if (!ORDER.includes(part)) return `${part} has no place in the order of imports`;
  if (ORDER.indexOf(to) > ORDER.indexOf(from)) {
    return `${from} must not import ${imported}`;
  }
  if (STRANGERS[from]?.includes(to)) return `${from} and ${to} do not know one another: server.ts joins them`;
  if (to === 'platform' && !isType && WITHOUT_PLATFORM.test(importer))
    return `${from} runs without CitizenFX: take what you need of ${imported} as an argument`;
  return null;
}

/** Types cost nothing at run time. */
function problemOfPackage(importer: string, name: string, isType: boolean): string | null {
  const wall = !isType && importer.startsWith('src/') ? PACKAGES.find(([pattern]) => pattern.test(name)) : undefined;
  return wall === undefined || importer.startsWith(wall[1]) ? null : `${name} belongs in ${wall[1]}`;
}

/** The folder of src that a file is in, or its name where it is in none; null for what is not in src. */
function partOf(file: string): string | null {
  const [top, part] = file.split('/');
  return top === 'src' && part !== undefined ? part : null;
}
