import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.ts';

/** @returns a new folder in which `sonorancad/listener` is the library as it is built. To be removed after the tests. */
export function linkPackage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-app-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(projectRoot, join(folder, 'node_modules', 'sonorancad'), 'junction');
  return folder;
}
