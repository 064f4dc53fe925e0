import { describe, expect, it, jest } from '@jest/globals';
import type { CfxRequest } from '../../src/ingress/citizenfx-http.ts';
import { CitizenFxRequest } from '../../src/ingress/citizenfx-request.ts';

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
    expect(request.headersDistinct).toEqual({ accept: ['a/b'], 'x-thing': ['1'] });
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
      const done = jest.fn();
      request.readWhole(done);
      expect(done.mock.calls).toEqual([[{ status: 'whole', body: Buffer.alloc(0) }]]);
      expect(modes).toEqual([]);
      expect(request.complete).toBe(true);
      expect(await streamed(request)).toBe('');
      expect(request.aborted).toBe(false);
    },
  );

  it('is asked for in binary, and handed over whole when it arrives', () => {
    const { request, modes, deliver } = post({ 'content-length': '5' });
    const done = jest.fn();
    request.readWhole(done);
    expect(modes).toEqual(['binary']);
    expect([request.complete, done.mock.calls.length]).toEqual([false, 0]);
    deliver('hällo');
    expect(done.mock.calls).toEqual([[{ status: 'whole', body: Buffer.from('hällo') }]]);
    expect(request.complete).toBe(true);
  });

  it('is handed over at once when it came before it was asked for', () => {
    const { request, deliver } = post({ 'content-length': '2' });
    deliver('ok');
    const done = jest.fn();
    request.readWhole(done);
    expect(done).toHaveBeenCalledWith({ status: 'whole', body: Buffer.from('ok') });
  });

  it('has one reader at a time', () => {
    const { request } = post({ 'content-length': '2' });
    request.readWhole(() => {});
    expect(() => request.readWhole(() => {})).toThrow('already being waited for');
  });

  it('can be read as a stream, begun before it arrives', async () => {
    const { request, deliver } = post({ 'content-length': '2' });
    const text = streamed(request);
    setImmediate(() => deliver('ok'));
    expect(await text).toBe('ok');
    expect(request.aborted).toBe(false);
  });

  it('can be read as a stream after it was read whole', async () => {
    const { request, deliver } = post({ 'content-length': '2' });
    deliver('ok');
    request.readWhole(() => {});
    expect(await streamed(request)).toBe('ok');
  });

  it('is lost when FXServer gives an empty chunked body', async () => {
    const { request, deliver } = post({ 'Transfer-Encoding': 'chunked' });
    const done = jest.fn();
    request.readWhole(done);
    deliver('');
    expect(done.mock.calls).toEqual([[{ status: 'lost' }]]);
    await expect(streamed(request)).rejects.toMatchObject({ code: 'ERR_BODY_LOST' });
  });

  it('is whole when a chunked body survived', () => {
    const { request, deliver } = post({ 'Transfer-Encoding': 'chunked' });
    deliver('{}');
    const done = jest.fn();
    request.readWhole(done);
    expect(done).toHaveBeenCalledWith({ status: 'whole', body: Buffer.from('{}') });
  });
});

describe('a request that ends early', () => {
  const events = (request: CitizenFxRequest, names = ['aborted', 'error', 'end', 'close']) => {
    const seen: string[] = [];
    for (const name of names) request.on(name, () => seen.push(name));
    return seen;
  };
  const settled = () => new Promise((resolve) => setImmediate(resolve));

  it('tells who waits for its body, and says aborted, error and close once', async () => {
    const { request, deliver } = post({ 'content-length': '2' });
    const seen = events(request);
    request.on('data', () => seen.push('data'));
    const done = jest.fn();
    request.readWhole(done);
    await settled();
    request.abort();
    request.abort();
    deliver('ok');
    await settled();
    expect(done.mock.calls).toEqual([[{ status: 'aborted' }]]);
    expect(seen).toEqual(['aborted', 'error', 'close']);
    expect([request.aborted, request.destroyed]).toEqual([true, true]);
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

  it('says timeout once, unless it is over before', async () => {
    const { request } = build();
    const other = build().request;
    let late = 0;
    other.setTimeout(1, () => late++);
    other.release();
    await new Promise<void>((resolve) => {
      expect(request.setTimeout(20, resolve)).toBe(request);
    });
    expect(late).toBe(0);
  });
});
