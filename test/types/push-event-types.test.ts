import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../scripts/project-root.ts';

/** A TypeScript resource somewhere else, which has installed nothing but this package. */
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'sonorancad-types-'));
  const packageFolder = join(folder, 'node_modules', 'sonorancad');
  mkdirSync(packageFolder, { recursive: true });
  for (const file of ['types.d.ts', 'package.json']) copyFileSync(join(projectRoot, file), join(packageFolder, file));
  copyFileSync(join(projectRoot, 'test', 'types', 'push-event.types.ts'), join(folder, 'right.ts'));
  const misspelt = `import type { PushEventData } from 'sonorancad/types';
export const title = (data: PushEventData<'EVENT_DISPATCH_NEW'>) => data.dispatch.titel;
`;
  writeFileSync(join(folder, 'misspelt.ts'), misspelt);
  const shown = `import type { SonoranCadExports } from 'sonorancad/types';
export function subscribe(cad: SonoranCadExports): void {
  cad.onPushEvent('EVENT_911', (event) => (event satisfies null));
  cad.onPushEvent(['EVENT_TONE', 'GET_LOGS'], (event) => (event satisfies null));
}
`;
  writeFileSync(join(folder, 'shown.ts'), shown);
});

afterAll(() => rmSync(folder, { recursive: true }));

function compile(file: string) {
  const tsc = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--types', '', '--module', 'preserve'];
  const { status, stdout } = spawnSync(process.execPath, [tsc, ...options, file], { cwd: folder, encoding: 'utf8' });
  return { status, stdout };
}

describe('types.d.ts, without valibot in reach', () => {
  it('compiles what is right, and refuses every misspelling that is marked as one', () => {
    expect(compile('right.ts')).toEqual({ status: 0, stdout: '' });
  });

  it('refuses a misspelt field by its name', () => {
    const { status, stdout } = compile('misspelt.ts');
    expect(status).not.toBe(0);
    expect(stdout).toContain("'titel'");
  });

  it('shows an event by the name of its type', () => {
    const { stdout } = compile('shown.ts');
    expect(stdout).toContain(`'KnownPushEvent<"EVENT_911">'`);
    expect(stdout).toContain(`'KnownPushEvents<"EVENT_TONE" | "GET_LOGS">'`);
  });
});
