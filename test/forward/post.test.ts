import { afterEach, describe, expect, it } from '@jest/globals';
import { post } from '../../src/forward/post.ts';
import { type Listener, listen } from './listener.ts';

describe('post', () => {
  let listener: Listener | undefined;
  afterEach(() => listener?.close());

  const send = (body: Uint8Array, deadlineMs = 5_000, path = '/hook') =>
    post({
      url: new URL(`http://127.0.0.1:${listener?.port ?? 9}${path}`),
      body,
      headers: { 'content-type': 'application/json' },
      deadlineMs,
    });

  it('sends the exact bytes with their length', async () => {
    listener = await listen();
    const body = Buffer.from([0x7b, 0xff, 0xfe, 0x00, 0x7d]);
    expect(await send(body)).toEqual({ outcome: 'answered', status: 200, body: 'ok' });
    expect(listener.received[0]).toMatchObject({ method: 'POST', path: '/hook', body });
    expect(listener.received[0]?.headers).toMatchObject({ 'content-type': 'application/json', 'content-length': '5' });
    expect(listener.received[0]?.headers).not.toHaveProperty('transfer-encoding');
  });

  it('sends the user info of a URL as credentials', async () => {
    listener = await listen();
    await post({
      url: new URL(`http://bot:word@127.0.0.1:${listener.port}/`),
      body: Buffer.from('{}'),
      headers: {},
      deadlineMs: 5_000,
    });
    expect(listener.received[0]?.headers.authorization).toBe(`Basic ${Buffer.from('bot:word').toString('base64')}`);
  });

  it('does not follow a redirect', async () => {
    listener = await listen((_request, response) => response.writeHead(307, { location: '/elsewhere' }).end());
    expect(await send(Buffer.from('{}'))).toMatchObject({ outcome: 'answered', status: 307 });
    expect(listener.received).toHaveLength(1);
  });

  it('reads at most 4 KiB of an answer that never ends', async () => {
    listener = await listen((_request, response) => {
      const pour = () => {
        while (response.write('x'.repeat(1024)));
        response.once('drain', pour);
      };
      pour();
    });
    const result = await send(Buffer.from('{}'));
    expect(result).toEqual({ outcome: 'answered', status: 200, body: 'x'.repeat(4096) });
  });

  it.each([
    ['never answers', () => {}],
    ['never finishes its answer', (_request: unknown, response: { write(text: string): void }) => response.write('o')],
  ] as const)('gives up at the deadline when the listener %s', async (_what, respond) => {
    listener = await listen(respond);
    expect(await send(Buffer.from('{}'), 100)).toEqual({ outcome: 'failed', reason: 'no answer within 0.1 s' });
  });

  it('says that nothing listens', async () => {
    listener = await listen();
    await listener.close();
    expect(await send(Buffer.from('{}'))).toEqual({ outcome: 'failed', reason: 'ECONNREFUSED' });
  });

  it('says that the listener hung up', async () => {
    listener = await listen((request) => request.socket.destroy());
    expect(await send(Buffer.from('{}'))).toEqual({ outcome: 'failed', reason: 'ECONNRESET' });
  });
});
