import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { Agent, type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { build } from 'esbuild';
import { type FxHost, startHost } from '../../../packages/fxhost/src/index.ts';
import { openRawClient } from '../../../packages/fxhost/test/http/raw-client.ts';
import { until } from '../../until.ts';

let folder: string;
let host: FxHost;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'bridge-'));
  const resource = join(folder, 'bridge');
  mkdirSync(resource);
  writeFileSync(join(resource, 'fxmanifest.lua'), "fx_version 'cerulean'\ngame 'common'\nserver_script 'server.js'\n");
  await build({
    entryPoints: [join(import.meta.dirname, 'bridge-resource.ts')],
    outfile: join(resource, 'server.js'),
    bundle: true,
    format: 'iife',
    platform: 'node',
    target: 'node22',
    logLevel: 'error',
  });
  host = await startHost({ trustPeerHeader: true });
  host.addResource(resource);
  expect(host.start('bridge')).toBe(true);
});

// Rejects when a test made the bridge do what would have ended FXServer.
afterAll(async () => {
  await host.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Answer {
  status: number;
  headers: IncomingHttpHeaders;
  body: string;
}

interface Ask {
  method?: string;
  headers?: Record<string, string>;
  /** Each a segment of its own. */
  body?: (string | Buffer)[];
  agent?: Agent;
}

/** One request below the resource, and all of its answer. */
function ask(path: string, { method = 'GET', headers = {}, body = [], agent }: Ask = {}): Promise<Answer> {
  return new Promise((resolve, reject) => {
    const length = body.reduce((sum, part) => sum + Buffer.byteLength(part), 0);
    const allHeaders = method === 'POST' ? { 'content-length': String(length), ...headers } : headers;
    const outgoing = request(`${host.url}/bridge${path}`, { method, headers: allHeaders, agent: agent ?? false });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      const chunks: Buffer[] = [];
      incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
      incoming.on('error', reject);
      incoming.on('end', () =>
        resolve({
          status: incoming.statusCode ?? 0,
          headers: incoming.headers,
          body: Buffer.concat(chunks).toString(),
        }),
      );
    });
    const send = async (): Promise<void> => {
      for (const part of body) {
        outgoing.write(part);
        await sleep(15);
      }
      outgoing.end();
    };
    send().catch(reject);
  });
}

async function journal(): Promise<string[]> {
  return JSON.parse((await ask('/journal')).body) as string[];
}

/** Waits for something that the server learns of in its own time. */
async function journalWith(entry: string): Promise<string[]> {
  const seen: string[] = [];
  await until(async () => {
    seen.push(...(await journal()));
    return seen.includes(entry);
  });
  return seen;
}

describe('bodies through the bridge', () => {
  it('arrive whole from several segments, byte for byte', async () => {
    const json = '{"name":"Łódź 😀","invalid":"';
    const body = [json, Buffer.from([0xff, 0xfe]), '"}'];
    const sent = Buffer.concat(body.map((part) => Buffer.from(part)));
    const answer = await ask('/echo', { method: 'POST', body, headers: { 'Content-Type': 'application/json' } });
    expect([answer.status, answer.headers['content-length'], answer.body]).toEqual([
      200,
      String(sent.length),
      sent.toString(),
    ]);
  });

  it('are empty at once when there are none', async () => {
    await journal();
    expect((await ask('/echo', { method: 'POST' })).status).toBe(200);
    const client = await openRawClient(host.port);
    await client.send('POST /bridge/echo HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
    expect(await client.until('\r\n\r\n')).toContain('HTTP/1.1 200 OK');
    client.destroy();
    expect((await journal()).filter((entry) => entry.startsWith('whole'))).toEqual(['whole 0', 'whole 0']);
  });

  it('can be read as streams', async () => {
    const answer = await ask('/count', { method: 'POST', body: ['x'.repeat(100_000), 'y'] });
    expect(answer.body).toBe('100001');
    expect((await ask('/count', { method: 'POST' })).body).toBe('0');
  });

  it('are late when they do not come in time', async () => {
    const client = await openRawClient(host.port);
    await client.send('POST /bridge/echo?deadline=50 HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf');
    expect(await client.until('\r\n\r\n')).toContain('HTTP/1.1 408');
    await client.send('-rest!');
    client.destroy();
    expect((await ask('/text')).status).toBe(200);
  });

  it('are lost or late when they are chunked and FXServer drops them', async () => {
    await journal();
    const head = 'POST /bridge/echo?deadline=50 HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
    const oneSegment = await openRawClient(host.port);
    await oneSegment.send(`${head}2\r\n{}\r\n0\r\n\r\n`);
    expect(await oneSegment.until('\r\n\r\n')).toContain('HTTP/1.1 408');
    const twoSegments = await openRawClient(host.port);
    await twoSegments.send(head);
    await twoSegments.send('2\r\n{}\r\n0\r\n\r\n');
    expect(await twoSegments.until('\r\n\r\n')).toContain('HTTP/1.1 408');
    oneSegment.destroy();
    twoSegments.destroy();
    const outcomes = (await journalWith('lost')).filter((entry) => entry === 'late' || entry === 'lost');
    expect(outcomes).toEqual(['late', 'lost']);
  });

  it('over 5 MiB end with the connection, and the route learns that the client is gone', async () => {
    await journal();
    const client = await openRawClient(host.port);
    const size = 5 * 1024 * 1024 + 1;
    await client.send(`POST /bridge/echo HTTP/1.1\r\nHost: a\r\nContent-Length: ${size}\r\n\r\n`);
    await client.send(Buffer.alloc(size, 'x'));
    expect(await client.closed()).toBe('');
    const seen = await journalWith('aborted');
    expect(seen).toEqual(expect.arrayContaining(['/echo request aborted', '/echo close']));
    expect(seen).not.toContain('/echo finish');
  });

  it('are gone when the client leaves in the middle', async () => {
    await journal();
    const client = await openRawClient(host.port);
    await client.send('POST /bridge/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf');
    // Answers to other requests, by which time the bridge watches this one.
    for (let other = 0; other < 3; other += 1) await journal();
    client.destroy();
    const seen = await journalWith('/echo request close');
    expect(seen.filter((entry) => entry.startsWith('/echo')).sort()).toEqual([
      '/echo close',
      '/echo request aborted',
      '/echo request close',
    ]);
  });
});

describe('heads through the bridge', () => {
  it('name an IPv6 peer', async () => {
    const answer = await ask('/peer', { headers: { 'x-fxhost-peer': '[2001:db8::7]:5555' } });
    expect(JSON.parse(answer.body)).toEqual({ ip: '2001:db8::7', port: 5555, secure: false });
  });

  it('keep the first of doubled headers, in one casing or two', async () => {
    const client = await openRawClient(host.port);
    await client.send(
      'GET /bridge/headers HTTP/1.1\r\nHost: a\r\nx-a: 3\r\nX-A: 1\r\nX-A: 2\r\nConnection: close\r\n\r\n',
    );
    const received = await client.until('"raw"');
    client.destroy();
    expect(received).toContain('"x-a":"1"');
    expect(received).toContain('"X-A","1"');
    expect(received).toContain('"x-a","3"');
  });
});

describe('answers through the bridge', () => {
  it('have their length, and say what they say', async () => {
    const text = await ask('/text');
    expect([text.status, text.body, text.headers['content-length'], text.headers['transfer-encoding']]).toEqual([
      200,
      'grüß',
      '6',
      undefined,
    ]);
    const json = await ask('/json');
    expect([json.headers['content-type'], json.body]).toEqual([
      'application/json; charset=utf-8',
      '{"city":"Łódź 😀"}',
    ]);
    const missing = await ask('/nowhere');
    expect([missing.status, missing.body]).toEqual([404, 'Not Found']);
  });

  it('set two cookies', async () => {
    expect((await ask('/cookies')).headers['set-cookie']).toEqual(['a=1; path=/; httponly', 'b=2; path=/; httponly']);
  });

  it('stream', async () => {
    const answer = await ask('/stream');
    expect([answer.headers['transfer-encoding'], answer.body]).toEqual(['chunked', `${'a'.repeat(100_000)}ende ü`]);
  });

  it('are 500 for thrown errors, in Koa and before it', async () => {
    await journal();
    expect(await ask('/throw')).toMatchObject({ status: 500, body: 'Internal Server Error' });
    expect(await ask('/raw-throw')).toMatchObject({ status: 500, body: 'Internal Server Error' });
    expect(await journalWith('reported before Koa')).toContain('error on purpose');
  });

  it('are 500 for a header that would split them', async () => {
    const answer = await ask('/hostile');
    expect([answer.status, answer.headers['set-cookie'], answer.headers['x-name']]).toEqual([
      500,
      undefined,
      undefined,
    ]);
  });

  it('end once, whatever is written after', async () => {
    await journal();
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await ask('/twice', { agent })).body).toBe('once');
    expect((await ask('/text', { agent })).body).toBe('grüß');
    agent.destroy();
    const seen = await journalWith('write refused');
    expect(seen).toContain('ERR_STREAM_WRITE_AFTER_END');
  });

  it('finish, then close, once', async () => {
    await journal();
    await ask('/text');
    await ask('/stream');
    const seen = await journalWith('/stream request close');
    for (const path of ['/text', '/stream']) {
      expect(seen.filter((entry) => entry.startsWith(path))).toEqual([
        `${path} finish`,
        `${path} close`,
        `${path} request close`,
      ]);
    }
  });

  it('stop when the client leaves', async () => {
    await journal();
    const client = await openRawClient(host.port);
    await client.send('GET /bridge/endless HTTP/1.1\r\nHost: a\r\n\r\n');
    await client.until('first');
    client.destroy();
    const seen = await journalWith('/endless close');
    expect(seen).toContain('source closed');
    expect(seen).not.toContain('/endless finish');
  });

  it('leave their connection usable: GET, HEAD, POST, DELETE (204), GET', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    const ports = new Set<unknown>();
    const statuses: unknown[] = [];
    for (const [method, path] of [
      ['GET', '/peer'],
      ['HEAD', '/text'],
      ['POST', '/echo'],
      ['DELETE', '/gone'],
      ['GET', '/peer'],
    ] as const) {
      const answer = await ask(path, { method, agent, ...(method === 'POST' && { body: ['posted'] }) });
      statuses.push([answer.status, answer.headers['content-length']]);
      if (path === '/peer') ports.add(JSON.parse(answer.body).port);
    }
    agent.destroy();
    expect(statuses.slice(1, 4)).toEqual([
      [200, '6'],
      [200, '6'],
      [204, '0'],
    ]);
    expect(ports.size).toBe(1);
  });

  it('without a body leave it usable too: 304', async () => {
    const agent = new Agent({ keepAlive: true, maxSockets: 1 });
    expect((await ask('/unchanged', { agent })).status).toBe(304);
    expect((await ask('/text', { agent })).body).toBe('grüß');
    agent.destroy();
  });

  it('are 503 when the resource stops before they were given', async () => {
    const hanging = ask('/hang');
    const halfBody = await openRawClient(host.port);
    await halfBody.send('POST /bridge/echo HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nhalf');
    await ask('/text');
    host.restart('bridge');
    expect(await hanging).toMatchObject({ status: 503, body: 'Service Unavailable' });
    expect(await halfBody.until('Unavailable\r\n')).toContain('HTTP/1.1 503');
    halfBody.destroy();
    expect((await ask('/text')).body).toBe('grüß');
  });
});
