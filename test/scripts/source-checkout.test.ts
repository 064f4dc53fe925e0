import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { LuaFactory } from 'wasmoon';
import { projectRoot } from '../../scripts/project-root.ts';

/** Runs resource/exports.lua as FXServer would, with or without a built script beside it, and gives what it printed. */
async function printed(script: string | undefined): Promise<string[]> {
  const lines: string[] = [];
  const lua = await new LuaFactory().createEngine();
  lua.global.set('GetCurrentResourceName', () => 'sonorancad');
  lua.global.set('LoadResourceFile', (_resource: string, file: string) =>
    file === 'resource/client.js' ? script : undefined,
  );
  lua.global.set('exports', () => {});
  lua.global.set('print', (line: string) => lines.push(line));
  await lua.doString(readFileSync(join(projectRoot, 'resource', 'exports.lua'), 'utf8'));
  lua.global.close();
  return lines;
}

describe('resource/exports.lua', () => {
  it('says in one line what to do when the resource was not built', async () => {
    const lines = await printed(undefined);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/Download the release \(zip\), or run "npm run build"/);
  });

  it('says nothing when it was', async () => {
    expect(await printed('built')).toEqual([]);
  });
});
