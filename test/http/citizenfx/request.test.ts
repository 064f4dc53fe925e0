import { describe, expect, it, jest } from '@jest/globals';
import { CitizenFxRequest } from '../../../src/http/citizenfx/request.ts';
import type { CfxRequest } from '../../../src/http/citizenfx/wire.ts';

interface Options {
  method?: string;
  headers?: Record<string, string>;
  address?: string;
}

function build({ method = 'GET', headers = {}, address = '203.0.113.7:54321' }: Options = {}) {
  let handler: ((data: ArrayBuffer) => void) | null = null;
  const modes: string[] = [];
  const original: CfxRequest = {
    method,
    headers,
    address,
    path: '/event?x=1',
    setDataHandler(given, mode) {
      handler = given;
      modes.push(mode);
    },
    setCancelHandler() {},
  };
  const request = new CitizenFxRequest(original);
  return { request, modes, deliver: (text: string) => handler?.(new Uint8Array(Buffer.from(text)).buffer) };
}

async function streamed(request: CitizenFxRequest): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString();
}

const post = (headers: Record<string, string>) => build({ method: 'POST', headers });

describe('the head of a request on the game port', () => {
  it('has method, url and HTTP version', () => {
    const { request } = build({ method: 'PUT' });
    expect([request.method, request.url, request.httpVersion, request.httpVersionMajor]).toEqual([
      'PUT',
      '/event?x=1',
      '1.1',
      1,
    ]);
  });

  it('has header names in lower case, and the client’s casing in rawHeaders', () => {
    const { request } = build({ headers: { Accept: 'a/b', 'X-Thing': '1' } });
    expect(request.headers).toEqual({ accept: 'a/b', 'x-thing': '1' });
    expect(request.rawHeaders).toEqual(['Accept', 'a/b', 'X-Thing', '1']);
  });

  it('keeps the first of a header sent in two casings', () => {
    expect(build({ headers: { 'X-A': '1', 'x-a': '2' } }).request.headers).toEqual({ 'x-a': '1' });
  });

  it.each([
    ['203.0.113.7:54321', '203.0.113.7', 54321, 'IPv4'],
    ['[2001:db8::1]:443', '2001:db8::1', 443, 'IPv6'],
    ['[::1]:1', '::1', 1, 'IPv6'],
    ['[::ffff:198.51.100.2]:30120', '198.51.100.2', 30120, 'IPv4'],
  ])('reads the peer %s', (address, remoteAddress, remotePort, remoteFamily) => {
    const print = jest.spyOn(console, 'error').mockImplementation(() => {});
    const { socket, connection } = build({ address }).request;
    expect(socket).toMatchObject({
      remoteAddress,
      remotePort,
      remoteFamily,
      encrypted: false,
      readable: true,
      writable: true,
    });
    expect(connection).toBe(socket);
    expect(print).not.toHaveBeenCalled();
    print.mockRestore();
  });
});

describe('the body of a request on the game port', () => {
  it.each<Record<string, string>>([{}, { 'Content-Length': '0' }, { 'Content-Type': 'application/json' }])(
    'is empty and there with %j',
    async (headers) => {
      const { request, modes } = post(headers);
      expect(modes).toEqual([]);
      expect(request.complete).toBe(true);
      expect(await streamed(request)).toBe('');
      expect(request.aborted).toBe(false);
    },
  );

  it('is asked for in binary, at once', async () => {
    const { request, modes, deliver } = post({ 'content-length': '5' });
    expect([modes, request.complete]).toEqual([['binary'], false]);
    deliver('hällo');
    expect(request.complete).toBe(true);
    expect(await streamed(request)).toBe('hällo');
  });

  it('can be read as a stream, begun before it arrives', async () => {
    const { request, deliver } = post({ 'content-length': '2' });
    const text = streamed(request);
    setImmediate(() => deliver('ok'));
    expect(await text).toBe('ok');
    expect(request.aborted).toBe(false);
  });

  it('is lost when FXServer gives an empty chunked body', async () => {
    const { request, deliver } = post({ 'Transfer-Encoding': 'chunked' });
    const text = streamed(request);
    deliver('');
    await expect(text).rejects.toMatchObject({ code: 'ERR_BODY_LOST' });
    expect(request.complete).toBe(false);
  });

  it('is whole when a chunked body survived', async () => {
    const { request, deliver } = post({ 'Transfer-Encoding': 'chunked' });
    deliver('{}');
    expect(await streamed(request)).toBe('{}');
  });
});

describe('a request that ends early', () => {
  const events = (request: CitizenFxRequest, names = ['aborted', 'error', 'end', 'close']) => {
    const seen: string[] = [];
    for (const name of names) request.on(name, () => seen.push(name));
    return seen;
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('says aborted, error and close once to who waits for its body', async () => {
    const { request, deliver } = post({ 'content-length': '2' });
    const seen = events(request);
    request.on('data', () => seen.push('data'));
    await settled();
    request.abort();
    request.abort();
    deliver('ok');
    await settled();
    expect(seen).toEqual(['aborted', 'error', 'close']);
    expect([request.aborted, request.destroyed]).toEqual([true, true]);
  });

  it('is aborted, too, where its body has come and was not read to the end', async () => {
    const { request, deliver } = post({ 'content-length': '2' });
    const seen = events(request, ['aborted', 'close']);
    deliver('ok');
    request.abort();
    await settled();
    expect([seen, request.aborted]).toEqual([['aborted', 'close'], true]);
  });

  it('raises no error that nobody listens for', async () => {
    const { request } = post({ 'content-length': '2' });
    const seen = events(request, ['aborted', 'close']);
    request.abort();
    await settled();
    expect(seen).toEqual(['aborted', 'close']);
  });

  it('can be destroyed', async () => {
    const { request } = post({ 'content-length': '2' });
    const failure = new Promise((resolve) => request.on('error', resolve));
    request.destroy(new Error('enough'));
    expect(await failure).toMatchObject({ message: 'enough' });
    expect(request.destroyed).toBe(true);
  });

  it('is closed but not aborted when its answer is out', async () => {
    const { request } = post({ 'content-length': '2' });
    const seen = events(request);
    request.release();
    await settled();
    expect([seen, request.aborted]).toEqual([['close'], false]);
  });
});
