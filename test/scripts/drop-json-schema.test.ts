import { beforeAll, expect, it } from '@jest/globals';
import { bundleResource } from '../../scripts/build/bundle.ts';

let server: string;
beforeAll(async () => {
  server = Buffer.from((await bundleResource('0.0.0')).server).toString();
});

it('leaves the making of JSON Schemas out of the server script', () => {
  expect(server).not.toContain('json-schema.org');
});

it('keeps the validation', () => {
  expect(server).toContain('safeParse');
});
