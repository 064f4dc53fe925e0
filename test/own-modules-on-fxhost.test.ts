import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type FxHost, startHost } from '../packages/fxhost/src/index.ts';
import { packageResource } from '../scripts/package.ts';
import { projectRoot } from '../scripts/project-root.ts';
import type { LaneStatus } from '../src/forward/forwarding-status.ts';
import { unpack } from './scripts/unpack.ts';
import { KEY } from './serve-resource.ts';
import { until } from './until.ts';

const HEALTH_TOKEN = 'a-token-for-testing';
const CONFIG = {
  ...{ apiKey: KEY, apiSendEnabled: false, healthToken: HEALTH_TOKEN, enablePushEventForwarding: true },
  pushEventForwardTargets: [{ name: 'network', url: 'nats://127.0.0.1:9', stream: 'sonoran' }],
};

/** Prints the exports of both modules. FXServer's `require`, too, starts at a `dummy.js` in the resource's folder. */
const LOAD = `
  const require = process.getBuiltinModule('node:module').createRequire(process.argv[1] + '/dummy.js');
  for (const file of ['nats', 'prometheus']) console.log(Object.keys(require('./resource/' + file + '.cjs')).join());
`;

/** How the resource gets into `folder/sonorancad`. */
const FORMS: Readonly<Record<string, (folder: string) => Promise<void>>> = {
  async 'a built clone'(folder) {
    for (const name of ['package.json', 'fxmanifest.lua', 'resource'])
      cpSync(join(projectRoot, name), join(folder, 'sonorancad', name), { recursive: true });
  },
  async 'the unpacked zip'(folder) {
    const { path } = await packageResource({ outputFolder: folder });
    unpack(path, folder);
  },
};

describe.each(Object.entries(FORMS))('nats.cjs and prometheus.cjs in %s', (_form, prepare) => {
  const folder = mkdtempSync(join(tmpdir(), 'sonorancad-'));
  const own = join(folder, 'sonorancad');
  let host: FxHost;

  beforeAll(async () => {
    await prepare(folder);
    writeFileSync(join(own, 'config.json'), JSON.stringify(CONFIG));
  });
  afterAll(() => rmSync(folder, { recursive: true }));
  afterEach(() => host.close());

  async function start(): Promise<void> {
    // scripts/jest/enhanced.config.js runs this file again on the Node of the enhanced edition.
    host = await startHost({ edition: Number.parseInt(process.versions.node, 10) >= 26 ? 'enhanced' : 'legacy' });
    host.addResource(own);
    host.start('sonorancad');
  }

  async function scrape(): Promise<[number, string]> {
    const headers = { authorization: `Bearer ${HEALTH_TOKEN}` };
    const answer = await fetch(`${host.url}/sonorancad/metrics`, { headers });
    return [answer.status, await answer.text()];
  }

  const post = (): Promise<Response> =>
    fetch(`${host.url}/sonorancad/event`, {
      method: 'POST',
      body: JSON.stringify({ key: KEY, type: 'EVENT_UNIT_LOGOUT', data: { identId: 1 } }),
    });

  const target = () => (host.callExport('sonorancad', 'getForwardingStatus') as { targets: LaneStatus[] }).targets[0];

  it('load through the require of Node, and through that of the stand-in', async () => {
    const { stdout, stderr } = spawnSync(process.execPath, ['-e', LOAD, own], { encoding: 'utf8' });
    expect([stdout.split('\n'), stderr]).toEqual([
      [expect.stringContaining('jetstream'), expect.stringContaining('Registry'), ''],
      '',
    ]);
    await start();
    expect(await scrape()).toEqual([200, expect.stringContaining('sonorancad_build_info')]);
    await post();
    await until(() => target()?.reason === 'ECONNREFUSED');
  });

  it('are reported with file and cause when they cannot be loaded, and are not loaded again', async () => {
    for (const file of ['nats.cjs', 'prometheus.cjs']) writeFileSync(join(own, 'resource', file), 'unknownName()');
    await start();
    const unavailable = [503, expect.stringMatching(/^Metrics are unavailable: the Prometheus client could not be/)];
    expect([await scrape(), await scrape()]).toEqual([unavailable, unavailable]);
    await post();
    await until(() => target()?.state === 'parked');
    expect(target()).toMatchObject({
      reason: 'resource/nats.cjs could not be loaded: unknownName is not defined',
      advice: 'the NATS client could not be loaded; install this resource again and restart it',
      nextAttemptInMs: null,
    });
    const errors = host.lines.filter((line) => line.includes('[error]'));
    expect(errors.map((line) => / reason="([^"]+)"/.exec(line)?.[1])).toEqual([
      'resource/prometheus.cjs could not be loaded: unknownName is not defined',
      'resource/nats.cjs could not be loaded: unknownName is not defined',
    ]);
  });
});
