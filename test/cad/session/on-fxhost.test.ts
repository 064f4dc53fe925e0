import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from '@jest/globals';
import { type FakeCad, startFakeCad } from '../../../scripts/fakecad/fake-cad.ts';
import { type FxHost, startHost } from '../../../scripts/fxhost/host.ts';
import { packageResource } from '../../../scripts/package.ts';
import { unpack } from '../../scripts/unpack.ts';
import { until } from '../../until.ts';

const KEY = 'a-key-for-testing';
const COMMUNITY = 'mycommunity';

let folder: string;
let cad: FakeCad;
let host: FxHost;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sonorancad-session-'));
  const { path } = await packageResource({
    outputFolder: folder,
    serverEntry: join(import.meta.dirname, 'session-entry.ts'),
  });
  unpack(path, folder);
  const script = join(folder, 'sonorancad', 'resource', 'server.js');
  // Long strings go over several lines; then a mark that the code of the connection is run.
  const source = readFileSync(script, 'utf8').replaceAll('\\\n', '');
  const marked = source.replace(/hub-connection\.ts"\(\)\s*\{/, '$&globalThis.hubClientLoaded=true;');
  expect(marked.length).toBeGreaterThan(source.length);
  writeFileSync(script, marked);
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

beforeEach(async () => {
  cad = await startFakeCad({ apiKey: KEY, communityId: COMMUNITY });
  host = await startHost();
  host.setConvar(
    'session_test',
    JSON.stringify({
      ...{ transport: 'auto', apiSendEnabled: true, communityID: COMMUNITY, apiKeys: [KEY], serverId: 1 },
      ...{ mode: 'production', apiUrl: cad.url },
    }),
  );
  host.addResource(join(folder, 'sonorancad'));
  host.start('sonorancad');
});
afterEach(async () => {
  await host.close();
  await cad.close();
});

const ask = (name: string) => host.callExport('sonorancad', name);
const received = () => ask('received') as unknown[];
const open = async () => {
  ask('apply');
  await until(() => cad.sessions.length === 1 && (ask('status') as { state: string }).state === 'open');
};

it('holds a session from the unpacked zip with no node_modules in reach', async () => {
  for (let at = join(folder, 'sonorancad', 'resource'); at !== dirname(at); at = dirname(at))
    expect(existsSync(join(at, 'node_modules'))).toBe(false);
  await open();
  expect(await cad.push('EVENT_UNIT_PANIC', { identIds: [12], isPanic: true })).toBe('session');
  cad.faults.payloadAsText = true;
  expect(await cad.push('EVENT_TONE', { url: 'https://cad.example/a.mp3', playTonesTo: [] })).toBe('session');
  await until(() => received().length === 2);
  expect(received()).toEqual([
    ['EVENT_UNIT_PANIC', 'websocket', { identIds: [12], isPanic: true }],
    ['EVENT_TONE', 'websocket', { url: 'https://cad.example/a.mp3', playTonesTo: [] }],
  ]);
});

it("sends units' locations, of which the CAD refuses none", async () => {
  await open();
  const units = Array.from({ length: 60 }, (_, identId) => ({
    identId,
    location: 'Alta Street',
    coordinates: [1, 2, 3],
  }));
  expect(await host.callExport('sonorancad', 'sendUnitLocations', units)).toBe(true);
  const calls = cad.requests.filter(({ path }) => path.endsWith('/unitLocation'));
  expect(calls.map(({ status }) => status)).toEqual([200, 200, 200]);
});

it('runs the code of the client only once a session is wanted', async () => {
  expect(ask('isClientLoaded')).toBe(false);
  await open();
  expect(ask('isClientLoaded')).toBe(true);
});
