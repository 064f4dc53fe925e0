import { IncomingMessage, ServerResponse } from 'node:http';
import { createRequire } from 'node:module';
import { Socket } from 'node:net';
import { compileFunction } from 'node:vm';
import { beforeAll, describe, expect, it } from '@jest/globals';
import { build, type Plugin } from 'esbuild';
import type Koa from 'koa';
import { leftOut } from '../../scripts/build/bundle.ts';
import { projectRoot } from '../../scripts/project-root.ts';

const require = createRequire(import.meta.url);

/** Bundles Koa as the build does, and runs the bundle. */
async function bundledKoa(plugins: Plugin[]): Promise<{ Application: typeof Koa; bytes: number }> {
  const result = await build({
    stdin: { contents: "module.exports = require('koa');", resolveDir: projectRoot },
    bundle: true,
    write: false,
    platform: 'node',
    format: 'cjs',
    plugins,
  });
  const code = result.outputFiles[0]?.text ?? '';
  const target: { exports: unknown } = { exports: {} };
  compileFunction(code, ['require', 'module', 'exports'])(require, target, target.exports);
  const loaded = target.exports as { default?: typeof Koa } & typeof Koa;
  return { Application: loaded.default ?? loaded, bytes: code.length };
}

function contextOf(Application: typeof Koa): Koa.Context {
  const request = new IncomingMessage(new Socket());
  request.method = 'POST';
  request.url = '/event';
  return new Application().createContext(request, new ServerResponse(request));
}

/** What Koa makes of one name as an answer's type. */
function treatmentOf(Application: typeof Koa, name: string) {
  const answer = contextOf(Application);
  answer.type = name;
  return { type: answer.type, header: answer.response.get('Content-Type') };
}

const NAMES = [
  ...['text', 'html', 'json', 'bin', 'text/plain', 'text/css', 'application/json', 'application/octet-stream'],
  ...['text/html; charset=iso-8859-1', 'application/x-unknown', 'nothing-of-the-kind'],
];

describe('the content types in the bundle', () => {
  let whole: Awaited<ReturnType<typeof bundledKoa>>;
  let shipped: Awaited<ReturnType<typeof bundledKoa>>;
  beforeAll(async () => {
    [whole, shipped] = await Promise.all([bundledKoa([]), bundledKoa([...leftOut])]);
  });

  it.each(NAMES)('treat %s as the whole table does', (name) => {
    expect(treatmentOf(shipped.Application, name)).toEqual(treatmentOf(whole.Application, name));
  });

  it('leave out the rest of the table', () => {
    expect(treatmentOf(whole.Application, 'pdf').type).toBe('application/pdf');
    expect(treatmentOf(shipped.Application, 'pdf').type).toBe('');
    expect(shipped.bytes).toBeLessThan(whole.bytes - 200_000);
  });
});
