import { beforeAll, expect, it } from '@jest/globals';
import { bundleResource } from '../../scripts/build/bundle.ts';

let server: string;
let inputs: readonly string[];
beforeAll(async () => {
  const bundle = await bundleResource('0.0.0');
  server = Buffer.from(bundle.server).toString().replaceAll('\\\n', '');
  inputs = bundle.metafiles.flatMap(({ outputs }) =>
    Object.values(outputs).flatMap((each) => Object.keys(each.inputs)),
  );
});

it.each([
  ['the making of JSON Schemas', 'json-schema.org'],
  ["zod's checks of formats", 'nanoid'],
  ["zod's texts", 'email address'],
  ['nested routers and redirects', '_mountNestedRouter'],
  ['the writing of paths', 'Missing parameters: '],
  ['attachments', 'Content-Disposition'],
  ['content negotiation', 'acceptsEncodings (...'],
  ['what describes an event', 'A dispatch call has been created.'],
  ['what describes a setting', "This game server's number in the CAD's server list."],
])('leaves %s out of the server script', (_what, text) => {
  expect(server).not.toContain(text);
});

it.each(['cookies', 'negotiator', 'content-disposition', 'type-is', 'depd', 'debug'])(
  'bundles nothing of the package %s',
  (name) => {
    expect(inputs.filter((path) => path.includes(`node_modules/${name}/`))).toEqual([]);
  },
);

it.each(['safeParse', 'pathToRegexp', 'handleRequest', 'createContext'])('keeps %s', (name) => {
  expect(server).toContain(name);
});
