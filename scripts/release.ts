import { execFileSync } from 'node:child_process';
import { hash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { packageVersion, projectAddress } from './build/versions.ts';
import { runProgram } from './is-program.ts';
import { packageResource } from './package.ts';
import { projectRoot } from './project-root.ts';

/**
 * @param changelog text of CHANGELOG.md
 * @returns what its section of a version says
 * @throws when there is no such section, or it has no date yet
 */
export function releaseNotes(changelog: string, version: string): string {
  const section = changelog.split(/^(?=## \[)/m).find((part) => part.startsWith(`## [${version}]`)) ?? '';
  const [heading = '', ...rest] = section.split('\n');
  if (heading === '') throw new Error(`CHANGELOG.md has no section ## [${version}].`);
  if (!/ - \d{4}-\d{2}-\d{2}$/.test(heading)) {
    const example = `## [${version}] - 2026-01-31`;
    throw new Error(`CHANGELOG.md needs the date of the release: "${example}" in place of "${heading}".`);
  }
  return `${rest.join('\n').trim()}\n`;
}

/**
 * Writes what a release attaches: the zip for operators, the npm package, `SHA256SUMS` of both, `NOTES.md`, and, where package.json
 * names the project's repository, the recipe for txAdmin with the address of the zip.
 *
 * @param tag such as v5.0.0
 * @param folder absolute; emptied first
 * @throws when the tag is not that of the version in package.json, or the changelog is not ready for it
 */
export async function buildRelease(tag: string, folder: string, changelog: string): Promise<void> {
  const version = packageVersion();
  if (tag !== `v${version}`) throw new Error(`The tag must be v${version}, as package.json says, and is "${tag}".`);
  const notes = releaseNotes(changelog, version);
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  await packageResource({ outputFolder: folder });
  const packing = ['pack', '--pack-destination', folder, '--loglevel', 'error'];
  execFileSync('npm', packing, { cwd: projectRoot, stdio: 'pipe' });
  const sumOf = (name: string) => hash('sha256', readFileSync(join(folder, name)));
  const names = readdirSync(folder).sort();
  const sums = names.map((name) => `${sumOf(name)}  ${name}\n`);
  writeFileSync(join(folder, 'SHA256SUMS'), sums.join(''));
  writeFileSync(join(folder, 'NOTES.md'), notes);
  const address = projectAddress();
  if (address !== null) {
    const zip = `${address}/releases/download/${tag}/sonorancad-${version}.zip`;
    const recipe = readFileSync(join(projectRoot, 'examples/txadmin/recipe.yaml'), 'utf8');
    writeFileSync(join(folder, 'recipe.yaml'), recipe.replace(/^( +url: ).*$/m, `$1${zip}`));
  }
}

await runProgram(import.meta.url, () => {
  const changelog = readFileSync(join(projectRoot, 'CHANGELOG.md'), 'utf8');
  return buildRelease(process.argv[2] ?? '', join(projectRoot, 'dist', 'release'), changelog);
});
