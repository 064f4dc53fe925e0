import { describe, expect, it } from '@jest/globals';
import type { Metafile } from 'esbuild';
import { thirdPartyNotices } from '../../scripts/build/third-party-notices.ts';

/** As esbuild describes an output made of these inputs. */
function metafileOf(bytes: Readonly<Record<string, number>>): Metafile {
  const inputs = Object.fromEntries(Object.entries(bytes).map(([path, bytesInOutput]) => [path, { bytesInOutput }]));
  return { inputs: {}, outputs: { 'server.js': { bytes: 1, inputs, imports: [], exports: [] } } };
}

describe('the third-party notices', () => {
  it('name each bundled package once, with its version, licence and licence text', () => {
    const text = thirdPartyNotices([
      metafileOf({ 'node_modules/valibot/index.js': 10, 'node_modules/valibot/core.js': 10, 'src/server.ts': 5 }),
      metafileOf({ 'node_modules/koa/lib/application.js': 10, 'node_modules/valibot/index.js': 10 }),
    ]);
    expect(text.match(/^\S+ \d+\.\d+\.\d+$/gm)).toEqual(['koa 3.3.0', 'valibot 1.5.0']);
    expect(text).toContain('Licence: MIT');
    expect(text).toContain('Koa contributors');
  });

  it('tell copies of a package apart by their version', () => {
    const text = thirdPartyNotices([
      metafileOf({ 'node_modules/mime-db/db.json': 9, 'node_modules/accepts/node_modules/mime-db/db.json': 9 }),
    ]);
    expect(text.match(/^mime-db \S+$/gm)).toEqual(['mime-db 1.52.0', 'mime-db 1.54.0']);
  });

  it('leave out what esbuild read and did not use', () => {
    expect(thirdPartyNotices([metafileOf({ 'node_modules/koa/lib/x.js': 0 })])).not.toContain('koa');
  });

  it('hold the text of MIT for a package that only names it', () => {
    const text = thirdPartyNotices([metafileOf({ 'node_modules/@citizenfx/http-wrapper/index.js': 9 })]);
    expect(text).toContain('Copyright (c) the authors of @citizenfx/http-wrapper\n\nPermission is hereby granted');
  });
});
