import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Metafile } from 'esbuild';
import { projectRoot } from '../project-root.ts';

/**
 * Writes the notices that the licences of bundled packages ask for.
 *
 * @param metafiles esbuild's accounts of the bundles; a package counts when one byte of it is in an output
 * @returns plain text, packages in alphabetical order
 * @throws when a package names no licence, or brings no licence text and is not under MIT
 */
export function thirdPartyNotices(metafiles: readonly Metafile[]): string {
  const packages = bundledFolders(metafiles).map(describePackage);
  const unique = new Map(packages.map((entry) => [`${entry.name} ${entry.version}`, entry]));
  const sections = [...unique]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([title, { license, origin, text }]) => [title, `Licence: ${license}`, origin, '', text].join('\n'));
  const rule = `\n\n${'-'.repeat(78)}\n\n`;
  return `${['The scripts of this resource contain the following packages.', ...sections].join(rule)}\n`;
}

/** Relative folders such as `node_modules/accepts/node_modules/mime-db`. */
function bundledFolders(metafiles: readonly Metafile[]): string[] {
  const inputs = metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap((output) => Object.entries(output.inputs)),
  );
  const folders = inputs
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .flatMap(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? []);
  return [...new Set(folders)];
}

function describePackage(folder: string) {
  const path = join(projectRoot, folder);
  const { name, version, license, homepage, repository } = JSON.parse(readFileSync(join(path, 'package.json'), 'utf8'));
  if (typeof license !== 'string') throw new Error(`${folder} names no licence: it cannot be part of a release.`);
  const source = typeof repository === 'string' ? repository : repository?.url;
  const origin = String(homepage ?? source ?? '');
  return { name, version, license, origin, text: licenceText(path) ?? textForNone(name, license) };
}

function licenceText(path: string): string | null {
  if (!existsSync(path)) return null;
  const file = readdirSync(path)
    .filter((name) => /^(licen[cs]e|copying)/i.test(name))
    .sort()[0];
  return file === undefined ? null : readFileSync(join(path, file), 'utf8').replace(/\r\n?/g, '\n').trim();
}

/** Some packages only name their licence. MIT's text is the same for all but the line of the holders. */
function textForNone(name: string, license: string): string {
  if (license !== 'MIT')
    throw new Error(`${name} (${license}) brings no licence text: it cannot be part of a release.`);
  const own = readFileSync(join(projectRoot, 'LICENSE'), 'utf8').trim();
  return own.replace(/^Copyright \(c\) .*$/m, `Copyright (c) the authors of ${name}`);
}
