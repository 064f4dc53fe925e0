import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { projectRoot } from '../../scripts/project-root.ts';

type Case = readonly [file: string, source: string];

const importing = (path: string) => `import { thing } from '${path}';\n\nexport const other = thing;\n`;

describe('the walls between the folders', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sonorancad-walls-'));
    copyFileSync(join(projectRoot, 'biome.json'), join(folder, 'biome.json'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  /** Lints files under our rules, in a folder of their own, and gives what each of them breaks. */
  function lint(files: readonly Case[]): Array<[file: string, ...rules: string[]]> {
    for (const [file, source] of files) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), source);
    }
    const biome = join(projectRoot, 'node_modules/@biomejs/biome/bin/biome');
    const args = [biome, 'lint', '--vcs-enabled=false', '--reporter=github', '--max-diagnostics=none'];
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    const found = [...stdout.matchAll(/title=lint\/\w+\/(\w+),file=([^,]+)/g)];
    return files.map(([file]) => [
      file,
      ...found.filter((match) => match[2]?.replaceAll('\\', '/').endsWith(`/${file}`)).map((match) => match[1] ?? ''),
    ]);
  }

  it('refuse imports that go the wrong way', () => {
    const files: Case[] = [
      ['src/a.ts', "import { z } from 'zod';\n\nexport const a = z;\n"],
      ['scripts/a.ts', "import z from 'zod';\n\nexport const a = z;\n"],
      ['src/b.ts', importing('koa')],
      ['src/platform/a.ts', importing('@koa/router')],
      ['src/ingress/a.ts', importing('@citizenfx/http-wrapper')],
      ['src/ingress/b.ts', importing('../dispatch/thing.ts')],
      ['src/push-events/a.ts', importing('../platform/thing.ts')],
      ['src/push-events/b.ts', importing('../state/thing.ts')],
      ['src/push-events/c.ts', importing('koa')],
      ['src/state/a.ts', importing('../platform/thing.ts')],
      ['src/state/b.ts', importing('../dispatch/thing.ts')],
      ['src/state/c.ts', importing('koa')],
      ['src/forward/a.ts', importing('../platform/thing.ts')],
      ['src/forward/b.ts', importing('../notify/thing.ts')],
      ['src/forward/deeper/c.ts', importing('../../state/thing.ts')],
      ['src/cad/a.ts', importing('../state/thing.ts')],
      ['src/listener/a.ts', importing('koa')],
      ['src/listener/b.ts', importing('../cad/thing.ts')],
      ['src/notify/a.ts', importing('../platform/thing.ts')],
      ['src/notify/b.ts', importing('../forward/thing.ts')],
      ['src/dispatch/a.ts', importing('../state/thing.ts')],
      ['src/dispatch/b.ts', importing('koa')],
    ];
    expect(lint(files)).toEqual(files.map(([file]) => [file, 'noRestrictedImports']));
  });

  it('allow those that go the right way', () => {
    const files: Case[] = [
      ['src/a.ts', "import * as z from 'zod';\n\nexport const a = z;\n"],
      ['src/ingress/a.ts', importing('koa')],
      ['src/ingress/b.ts', importing('../push-events/thing.ts')],
      ['src/ingress/citizenfx-request.ts', importing('@citizenfx/http-wrapper')],
      ['src/forward/a.ts', importing('../push-events/thing.ts')],
      ['src/forward/b.ts', importing('./thing.ts')],
      ['src/forward/c.ts', "import type { Log } from '../platform/log.ts';\n\nexport type A = Log;\n"],
      ['src/dispatch/a.ts', importing('../platform/thing.ts')],
    ];
    expect(lint(files)).toEqual(files.map(([file]) => [file]));
  });

  it.each([
    "GetConvar('a', 'b');\n",
    "emit('a');\n",
    "exports('a', 1);\n",
    "globalThis.exports('a', 1);\n",
    'setTimeout(String, 1);\n',
    'clearInterval(1);\n',
  ])('keep %s in src/platform/ and src/ingress/citizenfx.ts', (source) => {
    const outside = ['src/server.ts', 'src/forward/a.ts', 'src/ingress/a.ts', 'src/dispatch/a.ts'];
    const inside = ['src/platform/a.ts', 'src/ingress/citizenfx.ts'];
    expect(lint([...outside, ...inside].map((file) => [file, source]))).toEqual([
      ...outside.map((file) => [file, 'noRestrictedGlobals']),
      ...inside.map((file) => [file]),
    ]);
  });

  it('allow a real timer under the name of the global one', () => {
    const source = "import { setTimeout } from 'node:timers';\n\nsetTimeout(String, 1);\n";
    expect(lint([['src/dispatch/a.ts', source]])).toEqual([['src/dispatch/a.ts']]);
  });
});
