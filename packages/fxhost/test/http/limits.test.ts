import { afterEach, describe, expect, it } from '@jest/globals';
import { createConnectionLimit, createRateLimiter } from '../../src/http/limits.ts';
import {
  createIpRanges,
  DEFAULT_PROXY_RANGES,
  formatPeerAddress,
  isLoopback,
  parsePeerAddress,
  takePeerHeader,
} from '../../src/http/peer-address.ts';
import { startTestServer, stopTestServers, type TestServer } from './test-server.ts';

afterEach(stopTestServers);

describe('the rate limiter of a resource', () => {
  const from = (peer: string) => `X-Fxhost-Peer: ${peer}\r\n`;

  /** Status codes of this many requests, sent as fast as they are answered. */
  async function statuses(server: TestServer, count: number, headers: string): Promise<string[]> {
    const responses = await Promise.all(Array.from({ length: count }, () => server.ask('/res/', headers)));
    return responses.map((response) => response.split(' ')[1] ?? '').sort();
  }

  it('refuses what exceeds the burst of one address, whatever the port', async () => {
    const server = await startTestServer();
    server.convars.set('rateLimiter_http_res_rate', '0');
    server.convars.set('rateLimiter_http_res_burst', '3');
    const first = await statuses(server, 2, from('198.51.100.7:1'));
    const second = await statuses(server, 2, from('198.51.100.7:2'));
    expect({ first, second }).toEqual({ first: ['200', '200'], second: ['200', '429'] });
  });

  it('says so in plain text', async () => {
    const server = await startTestServer();
    server.convars.set('rateLimiter_http_res_burst', '0');
    const response = await server.ask('/res/', from('198.51.100.7:1'));
    expect(response).toMatch(/^HTTP\/1\.1 429 Too Many Requests\r\n[\s\S]*text\/plain[\s\S]*Rate limit exceeded\./);
  });

  it('asks before a missing handler is noticed', async () => {
    const server = await startTestServer(null);
    server.convars.set('rateLimiter_http_res_burst', '0');
    expect(await statuses(server, 1, from('198.51.100.7:1'))).toEqual(['429']);
  });

  it('can be raised while it runs', async () => {
    const server = await startTestServer();
    server.convars.set('rateLimiter_http_res_burst', '0');
    await statuses(server, 1, from('[2001:db8::7]:1'));
    server.convars.set('rateLimiter_http_res_burst', '10');
    expect(await statuses(server, 2, from('[2001:db8::7]:1'))).toEqual(['200', '200']);
  });

  it.each(['127.0.0.1:1', '10.1.2.3:1', '192.168.0.9:1', '172.31.0.1:1'])('lets %s pass', async (peer) => {
    const server = await startTestServer();
    server.convars.set('rateLimiter_http_res_burst', '0');
    expect(await statuses(server, 1, from(peer))).toEqual(['200']);
  });

  it.each(['172.32.0.1:1', '[::ffff:10.1.2.3]:1', '[::1]:1'])('does not let %s pass', async (peer) => {
    const server = await startTestServer();
    server.convars.set('rateLimiter_http_res_burst', '0');
    expect(await statuses(server, 1, from(peer))).toEqual(['429']);
  });

  it('lets the ranges pass that are set while it runs', async () => {
    const server = await startTestServer();
    server.convars.set('rateLimiter_http_res_burst', '0');
    server.convars.set('sv_proxyIPRanges', '198.51.100.0/24');
    expect(await statuses(server, 1, from('198.51.100.7:1'))).toEqual(['200']);
    expect(await statuses(server, 1, '')).toEqual(['429']);
  });

  it('gives each resource its own count', async () => {
    const server = await startTestServer();
    server.http.register('other', null);
    server.convars.set('rateLimiter_http_other_burst', '0');
    expect(await statuses(server, 1, from('198.51.100.7:1'))).toEqual(['200']);
  });

  it('ends the run at a peer header that is no address', () => {
    const request = { method: 'GET', target: '/', minorVersion: 1, headers: [['X-Fxhost-Peer', 'nobody']] } as const;
    const take = () =>
      takePeerHeader(request, (message) => {
        throw new Error(message);
      });
    expect(take).toThrow('nobody is no address');
  });
});

describe('a token bucket', () => {
  const limit = { rate: 10, burst: 25 };

  it('gives the burst, then as many a second as the rate says', () => {
    let time = 0;
    const limiter = createRateLimiter(() => time);
    const taken = (count: number) =>
      Array.from({ length: count }, () => limiter.consume('a', limit.rate, limit.burst)).filter(Boolean);
    const counts = [taken(30).length];
    for (const wait of [500, 99, 1, 60_000]) {
      time += wait;
      counts.push(taken(30).length);
    }
    expect(counts).toEqual([25, 5, 0, 1, 25]);
  });

  it('counts each address apart', () => {
    const limiter = createRateLimiter(() => 0);
    const one = { rate: 1, burst: 1 };
    expect(['a', 'a', 'b'].map((key) => limiter.consume(key, one.rate, one.burst))).toEqual([true, false, true]);
  });

  it('gives nothing more at a rate of 0', () => {
    let time = 0;
    const limiter = createRateLimiter(() => time);
    const take = () => limiter.consume('a', 0, 2);
    const taken = [take(), take()];
    time = 1e9;
    expect([...taken, take()]).toEqual([true, true, false]);
  });
});

describe('the connections of one address', () => {
  it('are refused beyond the limit until one closes', () => {
    const limit = createConnectionLimit(() => 2, isLoopback);
    const opened = [1, 2, 3].map(() => limit.open('198.51.100.7'));
    limit.close('198.51.100.7');
    expect([...opened, limit.open('198.51.100.7'), limit.open('198.51.100.8')]).toEqual([
      true,
      true,
      false,
      true,
      true,
    ]);
  });

  it.each(['127.0.0.1', '127.9.9.9', '::1'])('are not limited for %s', (ip) => {
    const limit = createConnectionLimit(() => 0, isLoopback);
    expect(limit.open(ip)).toBe(true);
  });

  it('are limited for loopback mapped into IPv6', () => {
    expect(isLoopback('::ffff:127.0.0.1')).toBe(false);
  });
});

describe('ranges', () => {
  it.each([
    ['198.51.100.7', '198.51.100.7', true],
    ['198.51.100.8', '198.51.100.7', false],
    ['2001:db8::7', '10.0.0.0/8 2001:db8::/32', true],
    ['2001:db9::7', '2001:db8::/32', false],
    ['10.0.0.1', '10.0.0.0/33 nonsense', false],
    ['10.0.0.1', `nonsense\t${DEFAULT_PROXY_RANGES}`, true],
    ['10.0.0.1', '', false],
  ])('%s in "%s": %s', (ip, ranges, expected) => {
    expect(createIpRanges()(ip, ranges)).toBe(expected);
  });
});

describe('a peer address', () => {
  it.each(['198.51.100.7:5555', '[::1]:5', '[::ffff:198.51.100.7]:5'])('%s is read and written alike', (text) => {
    const peer = parsePeerAddress(text);
    expect(peer && formatPeerAddress(peer)).toBe(text);
  });

  it.each(['', '198.51.100.7', '::1:5', '[198.51.100.7]:5', '198.51.100.7:70000', 'host:5'])('%s is none', (text) => {
    expect(parsePeerAddress(text)).toBeNull();
  });
});
