import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { readDevelopmentKey, writeDevelopmentKey } from '../../scripts/development-key.ts';

describe('the key of the running stand-in', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sonorancad-key-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it('is read as it was written, in a folder that was not there', () => {
    const path = join(folder, 'new', 'key');
    writeDevelopmentKey('a-development-key', path);
    expect(readDevelopmentKey(path)).toBe('a-development-key');
  });

  it('is null before anything was started', () => {
    expect(readDevelopmentKey(join(folder, 'key'))).toBeNull();
  });
});
