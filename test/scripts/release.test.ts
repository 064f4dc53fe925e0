import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { packageVersion } from '../../scripts/build/versions.ts';
import { buildRelease, releaseNotes } from '../../scripts/release.ts';

const CHANGELOG = `# Changelog

## [${packageVersion()}] - 2026-11-29

### Added

- A thing.

## [1.0.0] - 2020-01-01

- Old.
`;

describe('a release', () => {
  it('attaches the zip and the npm package with checksums, and the section of the changelog', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'sonorancad-release-'));
    try {
      await buildRelease(`v${packageVersion()}`, folder, CHANGELOG);
      const files = [`sonorancad-${packageVersion()}.tgz`, `sonorancad-${packageVersion()}.zip`];
      expect(readdirSync(folder).sort()).toEqual(['NOTES.md', 'SHA256SUMS', ...files]);
      expect(execFileSync('sha256sum', ['--check', 'SHA256SUMS'], { cwd: folder, encoding: 'utf8' })).toBe(
        files.map((name) => `${name}: OK\n`).join(''),
      );
      expect(readFileSync(join(folder, 'NOTES.md'), 'utf8')).toBe('### Added\n\n- A thing.\n');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it('refuses a tag of another version', async () => {
    await expect(buildRelease('v0.0.1', '/nowhere', CHANGELOG)).rejects.toThrow(
      `The tag must be v${packageVersion()}, as package.json says, and is "v0.0.1".`,
    );
  });

  it('refuses a section without a date, and none', () => {
    expect(() => releaseNotes('## [5.0.0] - unreleased\n', '5.0.0')).toThrow('needs the date of the release');
    expect(() => releaseNotes('## [5.0.0] - 2026-11-29\n', '5.0.1')).toThrow('has no section ## [5.0.1]');
  });
});
