import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../project-root.ts';

const VERSION_LINE = /^version '([^']*)'$/m;

/**
 * Puts a version into the text of fxmanifest.lua and leaves every other byte alone.
 *
 * @param version three plain numbers: other resources compare it by splitting at the dots
 * @throws when the manifest has no line `version '…'`, or the version is not three plain numbers
 */
export function setManifestVersion(manifest: string, version: string): string {
  if (!/^\d+\.\d+\.\d+$/.test(version)) {
    throw new Error(`The version in package.json must be three plain numbers such as 5.0.0, and is "${version}".`);
  }
  if (!VERSION_LINE.test(manifest)) throw new Error("fxmanifest.lua has no line of the form: version '5.0.0'");
  return manifest.replace(VERSION_LINE, `version '${version}'`);
}

/** @returns the version in package.json, from which all others are derived */
export function packageVersion(): string {
  return readPackage().version;
}

/** @returns where the project lives, without a slash at the end; null while package.json names no repository */
export function projectAddress(): string | null {
  return (
    readPackage()
      .repository?.url?.replace(/^git\+/, '')
      .replace(/\.git$/, '') ?? null
  );
}

function readPackage(): { readonly version: string; readonly repository?: { readonly url?: string } } {
  return JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as ReturnType<typeof readPackage>;
}
