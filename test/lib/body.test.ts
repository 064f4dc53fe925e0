import { PassThrough } from 'node:stream';
import { describe, expect, it } from '@jest/globals';
import { readBody, readStreamedBody } from '../../src/lib/body.ts';
import { createManualClock } from '../manual-clock.ts';

function setUp(headers: Record<string, string> = {}) {
  const clock = createManualClock();
  const deadline = (expired: () => void) => clock.after(1_000, expired);
  const request = Object.assign(new PassThrough(), { headers });
  return { clock, deadline, request, outcome: readBody(request, 10, deadline) };
}

describe('the body of a request to a Node server', () => {
  it('is put together of its pieces, and no timer is left', async () => {
    const { clock, request, outcome } = setUp();
    request.write('01234');
    request.end('56789');
    expect(await outcome).toEqual({ status: 'whole', body: Buffer.from('0123456789') });
    expect(clock.waiting).toBe(0);
  });

  it('is refused when it is too large, by what it says or by what comes', async () => {
    expect(await setUp({ 'content-length': '11' }).outcome).toEqual({ status: 'too-large' });
    const { request, outcome } = setUp();
    request.write('01234567890');
    expect(await outcome).toEqual({ status: 'too-large' });
  });

  it('is late when it is not whole by the deadline', async () => {
    const { clock, request, outcome } = setUp();
    request.write('0');
    clock.advance(1_000);
    expect(await outcome).toEqual({ status: 'late' });
  });

  it('is not waited for when the client has gone, with or without an error', async () => {
    const gone = setUp();
    gone.request.destroy();
    expect(await gone.outcome).toEqual({ status: 'aborted' });
    const failed = setUp();
    failed.request.destroy(new Error('broken'));
    expect(await failed.outcome).toEqual({ status: 'aborted' });
  });

  it('may be handed over whole', async () => {
    const { deadline } = setUp();
    const whole = (text: string) => ({
      on: () => undefined,
      readWhole: (done: (outcome: object) => void) => done({ status: 'whole', body: Buffer.from(text) }),
    });
    expect(await readBody(whole('0123456789'), 10, deadline)).toMatchObject({ status: 'whole' });
    expect(await readBody(whole('01234567890'), 10, deadline)).toEqual({ status: 'too-large' });
  });
});

describe('the body of a request of the Fetch API', () => {
  const deadline = () => () => {};

  it.each([
    ['is read to its end', '0123456789', 'whole'],
    ['is refused when it is too large', '01234567890', 'too-large'],
  ])('%s', async (_what, text, status) => {
    expect(await readStreamedBody(new Response(text), 10, deadline)).toMatchObject({ status });
  });

  it('is empty where there is none', async () => {
    expect(await readStreamedBody(new Response(null), 10, deadline)).toEqual({
      status: 'whole',
      body: Buffer.alloc(0),
    });
  });

  it('is cancelled when it is late', async () => {
    let isCancelled = false;
    const body = new ReadableStream({
      cancel() {
        isCancelled = true;
      },
    });
    const late = (expired: () => void) => {
      expired();
      return () => {};
    };
    expect(await readStreamedBody(new Response(body), 10, late)).toEqual({ status: 'late' });
    expect(isCancelled).toBe(true);
  });
});
