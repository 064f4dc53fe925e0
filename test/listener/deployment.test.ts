import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { findProgram } from '../../scripts/jest/programs.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { signatureOf } from '../../src/forward/signed-headers.ts';
import { createListener, listenerClock } from '../../src/listener/create-push-event-listener.ts';
import type { ListeningServer, PushEvent } from '../../src/listener/push-event-listener.ts';
import { makeCertificate } from '../certificate.ts';
import { openLocally } from '../local-server.ts';
import { until } from '../until.ts';
import { blockOf, KEY, page, SECRET, samples } from './page-samples.ts';

const has = (program: Parameters<typeof findProgram>[0]) => findProgram(program) !== null;
const withNginx = has('nginx') && has('openssl') ? it : it.skip;
const withCaddy = has('caddy') ? it : it.skip;
const withSystemd = has('systemd-analyze') ? it : it.skip;

const PATH = '/sonorancad/event';
const GAME_SERVER = '203.0.113.5';

describe('deployment files in docs/listener.md', () => {
  let folder: string;
  let server: ListeningServer;
  let events: PushEvent[];
  let proxy: ChildProcess | null = null;

  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'sonorancad-deployment-'));
    // If root starts nginx, its workers run as another user.
    chmodSync(folder, 0o755);
    events = [];
    const listener = createListener({ apiKey: KEY, secret: SECRET }, listenerClock, () => {});
    listener.on('*', (event) => events.push(event));
    server = await listener.listen(0);
  });
  afterEach(async () => {
    if (proxy !== null) {
      proxy.kill();
      if (proxy.exitCode === null && proxy.signalCode === null) await once(proxy, 'exit');
    }
    proxy = null;
    await server.close();
    rmSync(folder, { recursive: true, force: true });
  });

  /** Starts a proxy, and waits until it accepts connections. */
  async function start(program: string, args: readonly string[], port: number): Promise<void> {
    const child = spawn(program, args, { env: { PATH: process.env.PATH, HOME: folder }, stdio: 'pipe' });
    proxy = child;
    const chunks: Buffer[] = [];
    for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk: Buffer) => chunks.push(chunk));
    while (!(await isOpen(port))) {
      if (child.exitCode !== null) throw new Error(Buffer.concat(chunks).toString());
      await sleep(20);
    }
  }

  async function expectEventsToPass(ask: Ask): Promise<void> {
    const body = Buffer.from(JSON.stringify({ key: KEY, type: 'EVENT_UNIT_LOGOUT', data: { identId: 12 } }));
    // The signature covers the bytes of the body, so it proves that the proxy changes none.
    expect(await ask(PATH, body, signed(body))).toEqual([200, 'ok']);
    expect(await ask(PATH, body, {})).toEqual([401, 'Invalid Signature']);
    await until(() => events.length === 1);
    const padded = (size: number) => Buffer.concat([body, Buffer.alloc(size - body.length, ' ')]);
    const largest = padded(1024 * 1024);
    expect(await ask(PATH, largest, signed(largest, 'large'))).toEqual([200, 'ok']);
    expect((await ask(PATH, padded(1024 * 1024 + 1), {}))[0]).toBe(413);
    expect((await ask('/', body, {}))[0]).toBe(404);
  }

  function nginxConfig(from: string, port: number): string {
    const site = blockOf('nginx')
      .replace('listen 443 ssl', `listen 127.0.0.1:${port} ssl`)
      .replaceAll('/etc/ssl/bot.example', folder)
      .replace('127.0.0.1:30150', `127.0.0.1:${server.port}`)
      .replace(GAME_SERVER, from);
    const inFolder = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map(
      (name) => `${name}_temp_path ${folder}/${name};`,
    );
    const main = `daemon off; pid ${folder}/pid; error_log stderr; events {}`;
    return `${main} http { access_log off; ${inFolder.join(' ')}\n${site}}`;
  }

  withNginx.each([
    ['passes events from the configured game server on', '127.0.0.1'],
    ['answers 403 to an address other than the game server', GAME_SERVER],
  ])('the nginx site %s', async (_result, from) => {
    makeCertificate(folder, 'bot.example');
    const port = await freePort();
    const path = join(folder, 'nginx.conf');
    writeFileSync(path, nginxConfig(from, port));
    const checked = spawnSync('nginx', ['-t', '-q', '-p', folder, '-c', path], { encoding: 'utf8' });
    expect(checked).toMatchObject({ status: 0, stderr: expect.not.stringMatching(/warn|emerg/) });
    await start('nginx', ['-p', folder, '-c', path], port);
    const ask = createAsk(port, true);
    if (from === GAME_SERVER) expect((await ask(PATH, Buffer.from('{}'), {}))[0]).toBe(403);
    else await expectEventsToPass(ask);
  });

  withCaddy.each([
    ['passes events from the configured game server on', '127.0.0.1'],
    ['answers 404 to an address other than the game server', GAME_SERVER],
  ])('the Caddyfile %s', async (_result, from) => {
    const port = await freePort();
    const path = join(folder, 'Caddyfile');
    const site = blockOf('caddyfile')
      .replace('bot.example', `http://127.0.0.1:${port}`)
      .replace('127.0.0.1:30150', `127.0.0.1:${server.port}`)
      .replace(GAME_SERVER, from);
    writeFileSync(path, `{\n    admin off\n}\n${site}`);
    await start('caddy', ['run', '--adapter', 'caddyfile', '--config', path], port);
    const ask = createAsk(port, false);
    if (from === GAME_SERVER) expect((await ask(PATH, Buffer.from('{}'), {}))[0]).toBe(404);
    else await expectEventsToPass(ask);
  });

  withSystemd('the systemd unit passes systemd-analyze', () => {
    const path = join(folder, 'bot.service');
    const unit = blockOf('ini').replace('/usr/bin/node /opt/bot/bot.mjs', process.execPath);
    writeFileSync(path, unit);
    const { status, stderr } = spawnSync('systemd-analyze', ['verify', '--man=no', path], { encoding: 'utf8' });
    // systemd-analyze also reports problems of the machine's other units.
    expect(stderr.split('\n').filter((line) => line.includes('bot.service'))).toEqual([]);
    expect(status).toBe(0);
  });

  it('the Dockerfile runs the program of the page as an unprivileged user, with the secret of compose.yaml', () => {
    const lines = blockOf('dockerfile').split('\n');
    expect(samples.map(({ name }) => name)).toContain('bot.mjs');
    expect(lines[0]).toBe('FROM node:22-slim');
    expect(lines.indexOf('USER node')).toBeLessThan(lines.indexOf('CMD ["node", "bot.mjs"]'));
    expect(lines.indexOf('USER node')).toBeGreaterThan(0);
    for (const name of ['HOST', 'PORT', 'SONORANCAD_KEY_FILE']) {
      expect(samples.find(({ name }) => name === 'bot.mjs')?.source).toContain(`process.env.${name}`);
      expect(lines.some((line) => line.startsWith('ENV') && line.includes(`${name}=`))).toBe(true);
    }
    // The image reads its key from the file that the compose secret provides.
    const [, secret = ''] = /SONORANCAD_KEY_FILE=\/run\/secrets\/(\w+)/.exec(lines.join('\n')) ?? [];
    const [, file = ''] = /with a file `(\S+?)`/.exec(page) ?? [];
    const compose = blockOf('yaml');
    expect(compose).toContain(`secrets: [${secret}]\n`);
    expect(compose).toContain(`secrets:\n  ${secret}:\n    file: ./${file}\n`);
    expect(page).not.toContain(projectRoot);
  });
});

type Ask = (path: string, body: Buffer, headers: Record<string, string>) => Promise<[number, string]>;

/** Sends requests without checking the certificate: the test's certificate is for a name that does not resolve. */
function createAsk(port: number, isSecure: boolean): Ask {
  const request = isSecure ? httpsRequest : httpRequest;
  return (path, body, headers) =>
    new Promise((resolve, reject) => {
      const length = { 'content-length': String(body.length) };
      const options = { host: '127.0.0.1', port, path, method: 'POST', rejectUnauthorized: false, agent: false };
      const outgoing = request({ ...options, headers: { ...headers, ...length } }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        response.on('end', () => resolve([response.statusCode ?? 0, text]));
      });
      outgoing.on('error', reject);
      outgoing.end(body);
    });
}

function signed(body: Buffer, id = 'event-1'): Record<string, string> {
  const now = Math.floor(Date.now() / 1_000);
  const signature = signatureOf([SECRET], id, now, body);
  return { 'webhook-id': id, 'webhook-timestamp': String(now), 'webhook-signature': signature };
}

async function freePort(): Promise<number> {
  const { port, close } = await openLocally(createServer());
  await close();
  return port;
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}
