import { mkdirSync, mkdtempSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.ts';

/** Creates a folder in which `sonorancad/listener` resolves to the built library. The caller removes the folder. */
export function linkPackage(): string {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-app-'));
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }\n');
  mkdirSync(join(folder, 'node_modules'));
  symlinkSync(projectRoot, join(folder, 'node_modules', 'sonorancad'), 'junction');
  return folder;
}
