import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import { type FxHost, startHost } from '../packages/fxhost/src/index.ts';
import { printedBy, writeResource } from '../packages/fxhost/test/write-resource.ts';
import { packageResource } from '../scripts/package.ts';
import { projectRoot } from '../scripts/project-root.ts';
import type { ForwardingStatus } from '../types.d.ts';
import { type HttpTarget, startHttpTarget } from './http-target.ts';
import { unpack } from './scripts/unpack.ts';
import { KEY, payload } from './serve-resource.ts';
import { until } from './until.ts';

const EXEC = 'exec @sonorancad/sonorancad.cfg';
/** No test asks the real CAD for anything. */
const QUIET = { sonoran_apiSendEnabled: 'false' };

let zip: string;
let zipFolder: string;
/** The server's resources/, as an operator sees it. */
let resources: string;
let host: FxHost;
let bot: HttpTarget | null = null;
const own = (path: string) => join(resources, 'sonorancad', path);
const config = () => readFileSync(own('config.json'), 'utf8');
const said = () => printedBy(host, 'sonorancad');
const warnings = () => said().filter((line) => /\[(warn|error)\]/.test(line));

/** @returns how many events the bot has not taken yet */
const waiting = () =>
  (host.callExport('sonorancad', 'getForwardingStatus') as ForwardingStatus).targets[0]?.queued ?? Number.NaN;

beforeAll(async () => {
  zipFolder = mkdtempSync(join(tmpdir(), 'sonorancad-release-'));
  zip = (await packageResource({ outputFolder: zipFolder })).path;
}, 60_000);
afterAll(() => rmSync(zipFolder, { recursive: true }));
afterEach(async () => {
  await host.close();
  await bot?.close();
  bot = null;
  rmSync(resources, { recursive: true });
});

/** Unpacks the release into an empty resources/ of a server that does not run the resource yet. */
async function newServer(convars: Readonly<Record<string, string>> = {}): Promise<void> {
  resources = mkdtempSync(join(tmpdir(), 'sonorancad-server-'));
  unpack(zip, resources);
  host = await startHost({ convars: { ...QUIET, ...convars } });
}

function start(): void {
  host.addResource(join(resources, 'sonorancad'), 'sonorancad');
  host.execute(EXEC);
}

async function post(body: string): Promise<[number, string]> {
  const answer = await fetch(`${host.url}/sonorancad/event`, { method: 'POST', body });
  return [answer.status, await answer.text()];
}

describe('a newcomer', () => {
  it('unpacks, starts, is told where the key goes, and loses nothing to the next release', async () => {
    await newServer();
    expect(existsSync(own('config.json'))).toBe(false);
    start();
    expect(config()).toBe(readFileSync(own('config.example.json'), 'utf8'));
    const written = said().filter((line) => line.includes('config.json was written'));
    expect(written).toEqual([
      expect.stringMatching(/\[info\].*Put your API key into it, then type "sonorancad reload"/),
    ]);
    expect(warnings()).toEqual([expect.stringContaining('no API key is set')]);
    expect(await post(payload('EVENT_TONE'))).toEqual([400, 'Authentication Key Failed!']);

    bot = await startHttpTarget();
    const edited = config()
      .replace('"apiKey": ""', `"apiKey": "${KEY}"`)
      .replace('"enablePushEventForwarding": false', '"enablePushEventForwarding": true')
      .replace(
        '// "pushEventForwardTargets": []',
        `"pushEventForwardTargets": [{ "name": "bot", "url": "http://127.0.0.1:${bot.port}/" }]`,
      );
    writeFileSync(own('config.json'), edited);
    host.execute('sonorancad reload');
    expect(await post(payload('EVENT_TONE'))).toEqual([200, 'ok']);
    await until(() => waiting() === 0);

    writeFileSync(own('resource/server.js'), 'of the release before');
    unpack(zip, resources);
    host.restart('sonorancad');
    expect(config()).toBe(edited);
    expect(await post(payload('EVENT_911'))).toEqual([200, 'ok']);
    await bot.count(2);
    expect(bot.received.map(({ body }) => JSON.parse(String(body)).type)).toEqual(['EVENT_TONE', 'EVENT_911']);
    expect(said().filter((line) => line.includes('config.json was written'))).toHaveLength(1);
    expect(warnings().filter((line) => !line.includes('Refused an event'))).toHaveLength(1);
  });

  it('may set the key by convar, which the file that is written does not undo', async () => {
    const convars = { sonoran_communityID: 'mycity', sonoran_serverId: '7', sonoran_debugMode: 'true' };
    await newServer({ ...convars, sonoran_apiKey: KEY });
    host.addResource(join(resources, 'sonorancad'), 'sonorancad');
    host.execute('ensure sonorancad');
    for (const _ of [1, 2]) {
      expect(await post(payload('EVENT_TONE'))).toEqual([200, 'ok']);
      for (const [name, value] of Object.entries(convars)) expect(host.getConvar(name)).toBe(value);
      host.restart('sonorancad');
    }
    expect(said().filter((line) => line.includes('config.json was written'))).toEqual([
      expect.stringMatching(/with a comment on each setting\.$/),
    ]);
    expect(warnings()).toEqual([]);
  });
});

describe('an operator', () => {
  it('of a release that shipped a config.json keeps the key and the targets in it', async () => {
    bot = await startHttpTarget();
    await newServer();
    // As 5.0.0 had it: the file of the source, edited.
    const old = readFileSync(join(projectRoot, 'config.json'), 'utf8')
      .replace('"apiKey": ""', `"apiKey": "${KEY}"`)
      .replace('"enablePushEventForwarding": false', '"enablePushEventForwarding": true')
      .replace('"pushEventForwardUrl": ""', `"pushEventForwardUrl": "http://127.0.0.1:${bot.port}/"`);
    writeFileSync(own('config.json'), old);
    start();
    expect(config()).toBe(old);
    expect(await post(payload('EVENT_TONE'))).toEqual([200, 'ok']);
    await bot.count(1);
    expect(warnings()).toEqual([]);
    expect(said().filter((line) => line.includes('config.json was written'))).toEqual([]);
  });

  it('with a configuration/config.json gets no other file', async () => {
    await newServer();
    mkdirSync(own('configuration'));
    writeFileSync(own('configuration/config.json'), JSON.stringify({ apiKey: KEY }));
    start();
    unpack(zip, resources);
    host.restart('sonorancad');
    expect(await post(payload('EVENT_TONE'))).toEqual([200, 'ok']);
    expect(existsSync(own('config.json'))).toBe(false);
    expect(warnings()).toEqual([]);
  });

  it('is told what to copy where the folder cannot be written to, and convars count all the same', async () => {
    await newServer({ sonoran_apiKeys: JSON.stringify([KEY]) });
    // Root may write everywhere, so the refusal is what the file system would say.
    writeFileSync(
      own('refuse.js'),
      `const fs = require('node:fs');
       for (const name of ['openSync', 'writeFileSync'])
         fs[name] = () => { throw Object.assign(new Error('read-only file system'), { code: 'EROFS' }); };`,
    );
    const manifest = readFileSync(own('fxmanifest.lua'), 'utf8');
    writeFileSync(own('fxmanifest.lua'), `server_script 'refuse.js'\n${manifest}`);
    start();
    expect(existsSync(own('config.json'))).toBe(false);
    expect(warnings()).toEqual([
      expect.stringMatching(/\[warn\].*it could not be written \(EROFS\): copy config\.example\.json to config\.json/),
    ]);
    expect(await post(payload('EVENT_TONE'))).toEqual([200, 'ok']);
  });

  it('lets another resource read the key from server.cfg, which no update overwrites', async () => {
    await newServer();
    writeFileSync(own('config.json'), JSON.stringify({ apiKey: KEY }));
    const script = `RegisterCommand('ask', () => console.log('key: ' + GetConvar('sonoran_apiKey', 'nothing')), true);`;
    for (const name of ['trusted', 'stranger']) host.addResource(writeResource(resources, name, script));
    start();
    host.execute('add_convar_permission trusted read sonoran_apiKey');
    for (const name of ['trusted', 'stranger']) {
      host.execute(`ensure ${name}`);
      host.execute('ask');
    }
    expect(printedBy(host, 'trusted')).toEqual([`key: ${KEY}`]);
    expect(printedBy(host, 'stranger')).toEqual(['key: nothing']);
  });
});
