import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../scripts/project-root.ts';

/** What the compiler says of each file of a TypeScript resource somewhere else, which has installed nothing but this package. */
let said: ReadonlyMap<string | undefined, readonly string[]>;

beforeAll(() => {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-types-'));
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
  const tsc = join(projectRoot, 'node_modules', 'typescript', 'bin', 'tsc');
  const options = ['--noEmit', '--strict', '--noUncheckedIndexedAccess', '--types', '', '--module', 'preserve'];
  const files = ['right.ts', 'misspelt.ts', 'shown.ts'];
  const { stdout } = spawnSync(process.execPath, [tsc, ...options, ...files], { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  said = Map.groupBy(stdout.split(/\n(?=\S)/), (error) => /^[\w.]+(?=\()/.exec(error)?.[0]);
});

describe('types.d.ts, without valibot in reach', () => {
  it('compiles what is right, and refuses every misspelling that is marked as one', () => {
    expect([...said.keys()].sort()).toEqual(['misspelt.ts', 'shown.ts']);
  });

  it('refuses a misspelt field by its name', () => {
    expect(said.get('misspelt.ts')).toEqual([expect.stringContaining("'titel'")]);
  });

  it('shows an event by the name of its type', () => {
    expect(said.get('shown.ts')).toEqual([
      expect.stringContaining(`'KnownPushEvent<"EVENT_911">'`),
      expect.stringContaining(`'KnownPushEvents<"EVENT_TONE" | "GET_LOGS">'`),
    ]);
  });
});
