import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageVersion, setManifestVersion } from '../../scripts/build/versions.ts';
import { projectRoot } from '../../scripts/project-root.ts';

const manifest = "fx_version 'cerulean'\nversion '5.0.0'\nnode_version '22'\n";

describe('the version in the manifest', () => {
  it('changes in one line and nowhere else', () => {
    expect(setManifestVersion(manifest, '6.10.3')).toBe("fx_version 'cerulean'\nversion '6.10.3'\nnode_version '22'\n");
  });

  it.each(['5.0', '5.0.0-beta.1', '5.0.0.1', 'v5.0.0', ''])('refuses "%s"', (version) => {
    expect(() => setManifestVersion(manifest, version)).toThrow('three plain numbers');
  });

  it('must have a line to stand in', () => {
    expect(() => setManifestVersion("game 'common'\n", '5.0.0')).toThrow('no line of the form');
  });

  it('is that of package.json, and at least the 4.0.72 that other resources ask for', () => {
    const version = packageVersion();
    expect(readFileSync(join(projectRoot, 'fxmanifest.lua'), 'utf8')).toContain(`\nversion '${version}'\n`);
    expect(version).toMatch(/^\d+\.\d+\.\d+$/);
    const [major = 0, minor = 0, patch = 0] = version.split('.').map(Number);
    expect(major * 1e6 + minor * 1e3 + patch).toBeGreaterThanOrEqual(4_000_072);
  });
});
