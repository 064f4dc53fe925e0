import { once } from 'node:events';
import { Agent, request } from 'node:http';
import { connect } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { printedBy } from '../../packages/fxhost/test/write-resource.ts';
import {
  KEY,
  payload,
  postDirectly,
  type ServedResource,
  type ServeOptions,
  serveResource,
} from '../serve-resource.ts';
import { until } from '../until.ts';

const WRONG = JSON.stringify({ key: 'not-the-right-key', type: 'T' });
const RIGHT = JSON.stringify({ key: KEY, type: 'T' });

describe('limits of the resource on the game port', () => {
  let served: ServedResource;
  afterEach(() => served.close());

  async function serve(options: ServeOptions = {}) {
    served = await serveResource({ trustPeerHeader: true, ...options });
    served.host.ensure('sonorancad');
  }

  /** Posts from an address through the server's own limits, 12 connections at a time. @returns how often each status came */
  async function burst(count: number, address: string): Promise<Record<number, number>> {
    const agent = new Agent({ maxSockets: 12 });
    const statuses: Record<number, number> = {};
    await Promise.all(
      Array.from(
        { length: count },
        () =>
          new Promise<void>((resolve, reject) => {
            const headers = { 'x-fxhost-peer': address, 'content-length': RIGHT.length };
            const sent = request(
              `${served.host.url}/sonorancad/event`,
              { method: 'POST', agent, headers },
              (answer) => {
                statuses[answer.statusCode ?? 0] = (statuses[answer.statusCode ?? 0] ?? 0) + 1;
                answer.resume().on('end', resolve);
              },
            );
            sent.on('error', reject);
            sent.end(RIGHT);
          }),
      ),
    );
    agent.destroy();
    return statuses;
  }

  /** Wrong keys and right ones, past the server's own limits. @returns the statuses */
  async function statusesOf(bodies: readonly string[], address: string, headers: Record<string, string> = {}) {
    const statuses: number[] = [];
    for (const body of bodies) statuses.push((await postDirectly(served.host, body, { address, headers })).status);
    return statuses;
  }

  const refusals = () => printedBy(served.host, 'sonorancad').filter((line) => line.includes('Refused an event'));
  const wrong = (count: number) => Array.from({ length: count }, () => WRONG);

  it('let a burst of 1,000 events from one public address through', async () => {
    await serve();
    const count = `let [events, exported] = [0, 0];
      on('sonorancad:pushEvent', () => events++);
      exports.sonorancad.onPushEvent('T', () => exported++);
      exports('counts', () => [events, exported]);`;
    served.add('counter', count);
    served.host.ensure('counter');
    expect(await burst(1_000, '198.51.100.7:5555')).toEqual({ 200: 1_000 });
    const counts = () => served.host.callExport('counter', 'counts') as readonly number[];
    await until(() => counts().every((each) => each >= 1_000));
    expect(counts()).toEqual([1_000, 1_000]);
  });

  it("leave the operator's own limits on the server alone", async () => {
    const convars = { rateLimiter_http_sonorancad_rate: '0.001', rateLimiter_http_sonorancad_burst: '30' };
    await serve({ convars });
    const statuses: number[] = [];
    for (let count = 0; count < 35; count += 1) {
      const [status] = await served.post(RIGHT, '/sonorancad/event', { 'x-fxhost-peer': '198.51.100.7:5555' });
      statuses.push(status);
    }
    expect(statuses).toEqual([...Array(30).fill(200), ...Array(5).fill(429)]);
    expect(served.host.getConvar('rateLimiter_http_sonorancad_rate')).toBe('0.001');
  });

  it('are raised for the name that the resource has', async () => {
    await serve({ name: 'cad-events' });
    served.host.ensure('cad-events');
    expect(served.host.getConvar('rateLimiter_http_cad-events_burst')).toBe('1000');
    expect(served.host.getConvar('rateLimiter_http_cad-events_rate')).toBe('100');
    expect(served.host.getConvar('rateLimiter_http_sonorancad_burst')).toBeUndefined();
  });

  it('serve a right key after 100 wrong ones from the same peer, for all of which there is one line', async () => {
    await serve();
    const statuses = await statusesOf([...wrong(100), RIGHT, WRONG], '198.51.100.7:5555');
    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(400));
    expect(statuses.slice(20)).toEqual([...Array(80).fill(429), 200, 429]);
    expect(refusals()).toHaveLength(1);
    expect(await statusesOf([WRONG], '198.51.100.8:5555')).toEqual([400]);
  });

  it('write no line for a peer that is turned away', async () => {
    await serve();
    await statusesOf(wrong(20), '198.51.100.7:5555');
    const before = served.host.lines.length;
    expect(await statusesOf(wrong(50), '198.51.100.7:7777')).toEqual(Array(50).fill(429));
    expect(served.host.lines.length).toBe(before);
  });

  it('take an IPv6 network of 64 bits for one peer, and a mapped IPv4 address for that address', async () => {
    await serve();
    await statusesOf(wrong(20), '[2001:db8:1:2::1]:5555');
    expect(await statusesOf([WRONG, RIGHT], '[2001:db8:1:2:ffff:ffff:ffff:ffff]:1')).toEqual([429, 200]);
    expect(await statusesOf([WRONG], '[2001:db8:1:3::1]:5555')).toEqual([400]);
    await statusesOf(wrong(20), '[::ffff:198.51.100.7]:5555');
    expect(await statusesOf([WRONG], '198.51.100.7:1')).toEqual([429]);
    expect(await statusesOf([WRONG], '[::ffff:198.51.100.8]:5555')).toEqual([400]);
  });

  it('count the peer, and behind a trusted proxy the client that it names', async () => {
    await serve({ config: { trustedProxies: ['198.51.100.0/24'] } });
    const from = (hop: string) => ({ 'x-forwarded-for': `203.0.113.99, ${hop}` });
    expect(await statusesOf([WRONG], '198.51.100.7:1', from('203.0.113.5'))).toEqual([400]);
    expect(refusals().at(-1)).toContain('from=203.0.113.5');
    expect(
      await statusesOf([WRONG], '198.51.100.7:1', {
        'X-Forwarded-For': '203.0.113.7',
        'x-forwarded-for': '203.0.113.8',
      }),
    ).toEqual([400]);
    expect(refusals().at(-1)).toContain('from=198.51.100.7');
    expect(await statusesOf([WRONG], '192.0.2.1:1', from('203.0.113.100'))).toEqual([400]);
    expect(refusals().at(-1)).toContain('from=192.0.2.1');
    await statusesOf(wrong(19), '198.51.100.7:1', from('203.0.113.5'));
    expect(await statusesOf([WRONG, RIGHT], '198.51.100.8:1', from('203.0.113.5'))).toEqual([429, 200]);
    expect(await statusesOf([WRONG], '198.51.100.7:1', from('203.0.113.6'))).toEqual([400]);
    // What another peer says of itself counts for nothing.
    for (let hop = 1; hop <= 19; hop += 1) await statusesOf([WRONG], '192.0.2.1:1', from(`203.0.113.${100 + hop}`));
    expect(await statusesOf([WRONG, RIGHT], '192.0.2.1:1', from('203.0.113.200'))).toEqual([429, 200]);
  });

  describe('with chunked bodies, which the game server loses', () => {
    const HEAD = 'POST /sonorancad/event HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\n';
    const chunk = (text: string) => `${Buffer.byteLength(text).toString(16)}\r\n${text}\r\n`;
    const explanations = () => printedBy(served.host, 'sonorancad').filter((line) => line.includes('Content-Length'));

    /** Sends segments, one at a time. @returns the answer, once they are sent */
    async function send(...segments: string[]): Promise<{ readonly answer: Promise<string> }> {
      const socket = connect(served.host.port, '127.0.0.1').setNoDelay();
      const answer = once(socket, 'data').then(([data]) => {
        socket.destroy();
        return String(data);
      });
      for (const segment of segments) {
        socket.write(segment);
        // What came before a request has arrived once that is answered.
        expect(await served.post(RIGHT)).toEqual([200, 'ok']);
      }
      return { answer };
    }

    it('answer 408 whatever is left of one, and explain it once', async () => {
      await serve({ movableTime: true });
      const event = payload('EVENT_TONE');
      const keyLast = JSON.stringify({ type: 'EVENT_TONE', data: {}, key: KEY });
      const sent = await Promise.all([
        send(`${HEAD}${chunk(event)}0\r\n\r\n`),
        send(HEAD, `${chunk(event)}0\r\n\r\n`),
        send(HEAD, chunk(event.slice(0, 40)), `${chunk(event.slice(40))}0\r\n\r\n`),
        send(HEAD, chunk(keyLast.slice(0, 30)), `${chunk(keyLast.slice(30))}0\r\n\r\n`),
      ]);
      served.later(4_000);
      for (const { answer } of sent) expect(await answer).toMatch(/^HTTP\/1\.1 408 /);
      expect(explanations()).toHaveLength(1);
      const whole = await send(HEAD, chunk(event), '0\r\n\r\n');
      expect(await whole.answer).toMatch(/^HTTP\/1\.1 200 /);
      expect(await served.post(RIGHT)).toEqual([200, 'ok']);
    });
  });
});
