import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { transformSync } from 'esbuild';
import { projectRoot } from '../project-root.ts';

/** Makes the script of the TypeScript example, as a scripter's own build would: the game server runs plain scripts only. */
export function buildExamples(): void {
  const folder = join(projectRoot, 'examples', 'ts-consumer');
  const source = readFileSync(join(folder, 'server.ts'), 'utf8');
  const { code } = transformSync(source, { loader: 'ts', format: 'iife', target: 'node22' });
  writeFileSync(join(folder, 'server.js'), code);
}
