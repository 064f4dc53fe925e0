import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { findProgram } from '../../scripts/jest/programs.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { openLocally } from '../local-server.ts';
import { payload, type ServedResource, serveResource } from '../serve-resource.ts';
import { until } from '../until.ts';

const page = readFileSync(join(projectRoot, 'docs', 'inspector.md'), 'utf8');
const recipe = (language: string): string => new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 's').exec(page)?.[1] ?? '';

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

let served: ServedResource;
let token = '';
beforeAll(async () => {
  served = await serveResource();
  served.host.ensure('sonorancad');
  served.host.execute('sonorancad inspect');
  token = /#([\w-]{43})/.exec(served.host.lines.join('\n'))?.[1] ?? '';
});
afterAll(() => served.close());

/** Makes a request to a proxy whose certificate nobody has signed. */
async function ask(port: number, path: string, method = 'GET', body = ''): Promise<IncomingMessage> {
  const options = { port, path: `/sonorancad/${path}`, method, rejectUnauthorized: false, agent: false } as const;
  const headers = { authorization: `Bearer ${token}`, 'content-length': Buffer.byteLength(body) };
  const request = httpsRequest({ ...options, host: 'localhost', family: 4, headers });
  request.end(body);
  const [answer] = await once(request, 'response');
  return answer as IncomingMessage;
}

async function textOf(answer: IncomingMessage): Promise<string> {
  return Buffer.concat(await answer.toArray()).toString();
}

for (const [name, { program, write }] of Object.entries(RECIPES)) {
  const canRun = program !== null && openssl !== null;
  (canRun ? describe : describe.skip)(`the recipe for ${name}`, () => {
    const folder = mkdtempSync(join(tmpdir(), 'sonorancad-tls-'));
    let proxy: ChildProcess;
    let port = 0;

    beforeAll(async () => {
      const files = ['-keyout', join(folder, 'key.pem'), '-out', join(folder, 'cert.pem')];
      const made = spawnSync(openssl ?? '', [
        'req',
        '-x509',
        '-newkey',
        'ec',
        '-pkeyopt',
        'ec_paramgen_curve:prime256v1',
        '-nodes',
        '-subj',
        '/CN=localhost',
        ...files,
      ]);
      expect(made.status).toBe(0);
      port = await freePort();
      const args = write(folder, port, served.host.port);
      const env = { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder };
      proxy = spawn(program ?? '', args, { env, stdio: 'ignore' });
      await until(() =>
        ask(port, 'event').then(
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
      const html = await ask(port, '');
      expect([html.statusCode, html.headers['content-security-policy']]).toEqual([
        200,
        expect.stringContaining("default-src 'none'"),
      ]);
      html.resume();
      expect(JSON.parse(await textOf(await ask(port, 'api/about')))).toMatchObject({ resource: 'sonorancad' });
      expect((await ask(port, 'api/health/look', 'POST')).statusCode).toBe(200);
    });

    it('lets events in', async () => {
      expect(await textOf(await ask(port, 'event', 'POST', payload('EVENT_911')))).toBe('ok');
    });

    it('lets a stream through as it is written', async () => {
      const stream = await ask(port, 'api/stream');
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
