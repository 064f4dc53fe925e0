import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { FxHost } from '../../packages/fxhost/src/index.ts';
import { printedBy } from '../../packages/fxhost/test/write-resource.ts';
import { packageVersion } from '../../scripts/build/versions.ts';
import { findProgram } from '../../scripts/jest/programs.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import type { EventDetail, EventList } from '../../src/inspector/api-types.ts';
import { openLocally } from '../local-server.ts';
import { KEY, payload, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';

const LICENSE = 'license:000000000000000000000000000000000000000c';
const USER = 'scraper';
const PASSWORD = 'password-of-the-scraper';

const CONSUMER = `
  on('sonorancad:ready', () => {
    exports.sonorancad.onPushEvent('EVENT_911', () => { throw new Error('no such street'); });
    exports.sonorancad.onPushEvent('EVENT_TONE', () => { for (const end = Date.now() + 61; Date.now() < end; ); });
    exports.sonorancad.onPushEvent('EVENT_UNIT_LOGIN', async () => { throw new Error('no such unit'); });
  });
  emit('SonoranCAD::RegisterPushEvent', 'EVENT_911', () => {});`;

const read = (page: string): string => readFileSync(join(projectRoot, 'docs', page), 'utf8');
const metrics = read('metrics.md');
/** The setting with which docs/metrics.md begins. */
const config = JSON.parse(/```json\n(.*?)```/s.exec(metrics)?.[1] ?? '');

let served: ServedResource;
let player: ReturnType<FxHost['addPlayer']>;
beforeAll(async () => {
  served = await serveResource({
    config,
    convars: { sv_prometheusBasicAuthUser: USER, sv_prometheusBasicAuthPassword: PASSWORD },
  });
  served.add('consumer', CONSUMER);
  player = served.host.addPlayer({ name: 'Jim Reed', identifiers: [LICENSE] });
  served.host.ensure('sonorancad');
  served.host.ensure('consumer');
});
afterAll(() => served.close());

/** @returns the token of a link that was taken just now */
function takeLink(): string {
  served.host.execute('sonorancad inspect');
  return [...served.host.lines.join('\n').matchAll(/#([\w-]{43})/g)].at(-1)?.[1] ?? '';
}

async function ask(path: string, authorization: string): Promise<Response> {
  return fetch(`${served.host.url}/sonorancad/${path}`, { headers: { authorization } });
}

describe('the page on the stand-in', () => {
  it('says who got an event: subscribers with how long each took, and players', async () => {
    const token = takeLink();
    const json = async <Body>(path: string) => (await (await ask(path, `Bearer ${token}`)).json()) as Body;
    const unit = { id: 12, status: 2, data: { apiIds: [LICENSE], unitNum: '1-A-12' } };
    await served.post(JSON.stringify({ key: KEY, type: 'EVENT_UNIT_LOGIN', data: { unit } }));
    await served.post(payload('EVENT_911'));
    const last = async () => (await json<EventList>('api/events')).events.at(-1);
    await until(async () => (await json<EventDetail>(`api/events/${(await last())?.id}`)).dispatchMs !== null);
    const { events } = await json<EventList>('api/events');
    const [login, call] = events;
    const detail = async (event = call) => json<EventDetail>(`api/events/${event?.id}`);
    // A promise fails some time after its subscriber was called.
    const failedOfLogin = async () => (await detail(login)).subscribers[0]?.failed;
    await until(async () => (await failedOfLogin()) !== null);
    expect(await failedOfLogin()).toContain('no such unit');
    const { subscribers, players } = await detail();
    const failed = expect.stringMatching(/^[^^]*no such street/);
    expect(subscribers).toEqual([
      { resource: 'consumer', form: 'body', ms: expect.any(Number), failed: null },
      { resource: 'consumer', form: 'event', ms: expect.any(Number), failed },
    ]);
    const told = { players: [player.id], at: expect.any(Number) };
    expect(players).toEqual([
      { by: 'event', what: 'sonorancad:pushEvent', ...told },
      { by: 'notification', what: '911', ...told },
    ]);
  });

  it('is opened by no link that a player asks for', () => {
    const { accessControl, commands, players } = served.host.natives;
    served.host.execute('add_ace group.admin command.sonorancad allow');
    served.host.execute(`add_principal identifier.${LICENSE} group.admin`);
    const before = printedBy(served.host, 'sonorancad').length;
    accessControl.runAs(players.principalsOf(player.player), () =>
      commands.execute('sonorancad inspect', { source: player.id }),
    );
    expect(printedBy(served.host, 'sonorancad').slice(before)).toEqual([
      `"sonorancad inspect" is for the server's own console.`,
    ]);
  });

  it('opens its metrics to the request with which docs/metrics.md begins, by the setting before it', async () => {
    const [, authorization = '', path] =
      /^curl -H "Authorization: (.*?)" http:\/\/127\.0\.0\.1:30120(\S+)$/m.exec(metrics) ?? [];
    const answer = await fetch(`${served.host.url}${path}`, { headers: { authorization } });
    const build = `\nsonorancad_build_info{version="${packageVersion()}"} 1\n`;
    expect([answer.status, await answer.text()]).toEqual([200, expect.stringContaining(build)]);
    expect(metrics).toContain(`metrics_path: ${path}\n`);
    expect(metrics).toContain(`credentials: ${config.healthToken}\n`);
  });

  it("opens its metrics to the game server's own login for Prometheus", async () => {
    const login = (text: string) => `Basic ${Buffer.from(text).toString('base64')}`;
    const statuses = [`${USER}:${PASSWORD}`, `${USER}:`, 'another:login'].map(
      async (text) => (await ask('metrics', login(text))).status,
    );
    expect(await Promise.all(statuses)).toEqual([200, 401, 401]);
    served.host.execute('set sv_prometheusBasicAuthPassword ""');
    expect((await ask('metrics', login(`${USER}:`))).status).toBe(401);
    served.host.execute(`set sv_prometheusBasicAuthPassword "${PASSWORD}"`);
    served.host.execute('set sv_prometheusBasicAuthUser ""');
    expect((await ask('metrics', login(`:${PASSWORD}`))).status).toBe(401);
  });

  it('measures in its metrics how long it holds the thread', async () => {
    const longest = async () => {
      const text = await (await ask('metrics', `Bearer ${config.healthToken}`)).text();
      return Number(/^sonorancad_longest_hold_seconds (\S+)$/m.exec(text)?.[1]);
    };
    await served.post(payload('EVENT_TONE'));
    // The subscriber takes more than 60 ms.
    await until(async () => (await longest()) >= 0.06);
  });

  it('ends its links with a restart', async () => {
    const token = takeLink();
    const status = async () => (await ask('api/about', `Bearer ${token}`)).status;
    expect(await status()).toBe(200);
    served.host.restart('sonorancad');
    expect(await status()).toBe(401);
  });
});

const inspector = read('inspector.md');
const recipe = (language: string): string =>
  new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(inspector)?.[1] ?? '';

const openssl = findProgram('openssl');

/** A recipe of docs/inspector.md, as this machine can run it: other ports, and a certificate of its own. */
interface Recipe {
  readonly program: string | null;
  /** @returns the arguments */
  write(folder: string, port: number, gamePort: number): string[];
}

const RECIPES: Readonly<Record<string, Recipe>> = {
  nginx: {
    program: findProgram('nginx'),
    write(folder, port, gamePort) {
      const server = recipe('nginx')
        .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
        .replaceAll(/\/etc\/\S+fullchain/g, `${folder}/cert`)
        .replaceAll(/\/etc\/\S+privkey/g, `${folder}/key`)
        .replace('127.0.0.1:30120', `127.0.0.1:${gamePort}`);
      const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
        (name) => `${name}_temp_path ${folder}/${name};`,
      );
      const http = `http { access_log off; ${temporary.join(' ')}\n${server}}`;
      const own = `daemon off; master_process off; pid ${folder}/pid; error_log ${folder}/log; events {}`;
      writeFileSync(join(folder, 'nginx.conf'), `${own}\n${http}\n`);
      return ['-p', folder, '-e', join(folder, 'log'), '-c', join(folder, 'nginx.conf')];
    },
  },
  Caddy: {
    program: findProgram('caddy'),
    write(folder, port, gamePort) {
      const site = recipe('caddyfile')
        .replace('cad.example {', `https://localhost:${port} {\n\ttls ${folder}/cert.pem ${folder}/key.pem`)
        .replace('127.0.0.1:30120', `127.0.0.1:${gamePort}`);
      writeFileSync(join(folder, 'Caddyfile'), `{\n\tadmin off\n\tauto_https disable_redirects\n}\n${site}`);
      return ['run', '--adapter', 'caddyfile', '--config', join(folder, 'Caddyfile')];
    },
  },
};

async function freePort(): Promise<number> {
  const server = await openLocally(createServer());
  await server.close();
  return server.port;
}

let token = '';

/** Makes a request to a proxy whose certificate nobody has signed. */
async function askSafely(port: number, path: string, method = 'GET', body = ''): Promise<IncomingMessage> {
  const options = { port, path: `/sonorancad/${path}`, method, rejectUnauthorized: false, agent: false } as const;
  const headers = { authorization: `Bearer ${token}`, 'content-length': Buffer.byteLength(body) };
  const request = httpsRequest({ ...options, host: 'localhost', family: 4, headers });
  request.end(body);
  const [answer] = await once(request, 'response');
  return answer as IncomingMessage;
}

for (const [name, { program, write }] of Object.entries(RECIPES)) {
  const canRun = program !== null && openssl !== null;
  (canRun ? describe : describe.skip)(`the recipe for ${name}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'sonorancad-tls-'));
    let proxy: ChildProcess;
    let port = 0;

    beforeAll(async () => {
      token = takeLink();
      const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
      const request = 'req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=localhost';
      const made = spawnSync(openssl ?? '', [...request.split(' '), ...files]);
      expect(made.status).toBe(0);
      port = await freePort();
      const args = write(folder, port, served.host.port);
      const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
      proxy = spawn(program ?? '', args, { env, stdio: 'ignore' });
      await until(() =>
        askSafely(port, 'event').then(
          ({ statusCode }) => statusCode === 200,
          () => false,
        ),
      );
    });
    afterAll(async () => {
      proxy.kill('SIGKILL');
      await once(proxy, 'exit');
      rmSync(folder, { recursive: true, force: true });
    });

    it('lets the page and its API through', async () => {
      const html = await askSafely(port, '');
      expect([html.statusCode, html.headers['content-security-policy']]).toEqual([
        200,
        expect.stringContaining("default-src 'none'"),
      ]);
      html.resume();
      expect(JSON.parse(await text(await askSafely(port, 'api/about')))).toMatchObject({ resource: 'sonorancad' });
      expect((await askSafely(port, 'api/health/look', 'POST')).statusCode).toBe(200);
    });

    it('lets events in', async () => {
      expect(await text(await askSafely(port, 'event', 'POST', payload('EVENT_911')))).toBe('ok');
    });

    it('lets a stream through as it is written', async () => {
      const stream = await askSafely(port, 'api/stream');
      let read = '';
      stream.on('data', (chunk: Buffer) => {
        read += chunk;
      });
      await until(() => read.includes('event: hello'));
      const before = (read.match(/event: events/g) ?? []).length;
      await served.post(payload('EVENT_UNIT_LOGIN'));
      await until(() => (read.match(/event: events/g) ?? []).length > before);
      expect(stream.complete).toBe(false);
      stream.destroy();
    });
  });
}
