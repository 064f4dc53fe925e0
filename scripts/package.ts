import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { strToU8, type Zippable, zipSync } from 'fflate';
import { bundleResource } from './build/bundle.ts';
import { bundlePage } from './build/bundle-page.ts';
import { thirdPartyNotices } from './build/third-party-notices.ts';
import { packageVersion, projectAddress, setManifestVersion } from './build/versions.ts';
import { configExample } from './generate/config-documents.ts';
import { runProgram } from './is-program.ts';
import { projectRoot } from './project-root.ts';

const COPIED = [
  'sonorancad.cfg',
  'resource/exports.lua',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
  'types.d.ts',
  'types.lua',
  'config.schema.json',
];

/** Folders to which README.md leads, and which of their files go along: a tried relay has more in its folder. */
const COPIED_FROM = [
  ['docs', /^(?!architecture).*\.md$/],
  ['docs/images', /\.webp$/],
  ['examples/discord-relay', /\.(md|mjs)$|^package\.json$/],
  ['examples/monitoring', /\.(json|md|yml)$/],
] as const;

// Zip files hold local time: made from local parts, it is the same bytes in every time zone.
const MODIFIED = new Date(2000, 0, 1);

interface PackageOptions {
  /** Absolute folder for the zip. Default `dist/`. */
  readonly outputFolder?: string;
}

/**
 * Writes sonorancad-<version>.zip, which holds the one folder that an operator drops into `resources/`. The same
 * sources give the same bytes. The scripts are built in memory: what lies in resource/ is neither used nor changed.
 *
 * @returns the zip's absolute path, and the names in it, sorted, each beginning with `sonorancad/`
 * @throws when a file that belongs in the zip is missing, or the build fails
 */
export async function packageResource(options: PackageOptions = {}) {
  const version = packageVersion();
  const [{ server, nats, prometheus, client, metafiles }, page] = await Promise.all([
    bundleResource(version),
    bundlePage(),
  ]);
  const address = projectAddress();
  const manifest =
    setManifestVersion(readFileSync(join(projectRoot, 'fxmanifest.lua'), 'utf8'), version) +
    (address === null ? '' : `\nrepository '${address}'\n`);
  const contents: Record<string, Uint8Array> = {
    ...Object.fromEntries(
      [...COPIED, ...copiedFromFolders()].map((name) => [name, readFileSync(join(projectRoot, name))]),
    ),
    // No config.json: unzipped over an older release it would take the operator's place.
    'config.example.json': strToU8(configExample()),
    'fxmanifest.lua': strToU8(manifest),
    'resource/inspector.html': page.html,
    'resource/server.js': server,
    'resource/nats.cjs': nats,
    'resource/prometheus.cjs': prometheus,
    'resource/client.js': client,
    'THIRD-PARTY-NOTICES.txt': strToU8(thirdPartyNotices([...metafiles, page.metafile])),
  };
  const sorted = Object.entries(contents).sort(([a], [b]) => (a < b ? -1 : 1));
  const zip: Zippable = {};
  for (const [name, content] of sorted) zip[`sonorancad/${name}`] = [content, { mtime: MODIFIED, level: 9 }];
  const outputFolder = options.outputFolder ?? join(projectRoot, 'dist');
  mkdirSync(outputFolder, { recursive: true });
  const path = join(outputFolder, `sonorancad-${version}.zip`);
  writeFileSync(path, zipSync(zip));
  return { path, files: Object.keys(zip) };
}

function copiedFromFolders(): string[] {
  return COPIED_FROM.flatMap(([folder, wanted]) =>
    readdirSync(join(projectRoot, folder))
      .filter((name) => wanted.test(name))
      .map((name) => `${folder}/${name}`),
  );
}

await runProgram(import.meta.url, async () => {
  const { path, files } = await packageResource();
  console.log([relative(projectRoot, path), ...files.map((name) => `  ${name}`)].join('\n'));
});
