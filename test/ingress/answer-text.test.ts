import { describe, expect, it } from '@jest/globals';
import type { CitizenFxResponse } from '../../src/ingress/citizenfx-response.ts';
import type { FakeRequest } from './fake-citizenfx.ts';
import { open } from './open-response.ts';

const turn = () => new Promise((resolve) => setImmediate(resolve));
type Before = (response: CitizenFxResponse) => void;
const PLAIN = 'text/plain; charset=utf-8';

/** The same answer given at once, and by the three calls it stands for. */
function both(status: number, text: string, request?: FakeRequest, before?: Before) {
  const [atOnce, inSteps] = [open(request), open(request)];
  for (const { response } of [atOnce, inSteps]) before?.(response as CitizenFxResponse);
  (atOnce.response as CitizenFxResponse).answerText(status, PLAIN, text);
  inSteps.response.statusCode = status;
  inSteps.response.setHeader('Content-Type', PLAIN);
  inSteps.response.end(text);
  return { atOnce, inSteps };
}

describe('a text that is answered at once', () => {
  it.each<{ name: string; text: string; status?: number; request?: FakeRequest; before?: Before }>([
    { name: 'ok', text: 'ok' },
    { name: 'a refusal', status: 400, text: 'Invalid JSON' },
    { name: 'no text', text: '' },
    { name: 'umlauts', text: 'grüß 😀' },
    { name: 'half a surrogate pair', text: 'a\ud83d' },
    { name: 'a long text', text: 'x'.repeat(5_000) },
    { name: 'a text for HEAD', text: 'not sent', request: { method: 'HEAD' } },
    { name: 'a text beside headers', status: 404, text: 'none', before: (response) => response.setHeader('X-A', '1') },
    { name: 'a text of another type', text: '{}', before: (response) => response.setHeader('content-type', 'a/b') },
  ])('is sent as by setHeader and end: $name', async ({ text, status = 200, request, before }) => {
    const { atOnce, inSteps } = both(status, text, request, before);
    await turn();
    expect(atOnce.exchange.calls).toEqual(inSteps.exchange.calls);
    expect([atOnce.exchange.fatal, atOnce.events]).toEqual([[], ['finish', 'close']]);
    const seen = ({ response }: typeof atOnce) => [
      response.statusCode,
      response.headersSent,
      response.finished,
      response.destroyed,
    ];
    expect(seen(atOnce)).toEqual(seen(inSteps));
  });

  it('is not sent to a client that has gone', async () => {
    const { response, exchange, events } = open();
    await turn();
    await turn();
    exchange.cancel();
    (response as CitizenFxResponse).answerText(200, PLAIN, 'ok');
    await turn();
    expect([exchange.calls, exchange.fatal, events]).toEqual([[], [], ['close']]);
  });

  it('cannot be sent after a head', () => {
    const { response } = open();
    response.writeHead(200);
    expect(() => (response as CitizenFxResponse).answerText(200, PLAIN, 'ok')).toThrow(/Cannot set headers after/);
  });

  it('closes without a finish when nobody listens to that', async () => {
    const { response } = open();
    response.removeAllListeners('finish');
    const closed = new Promise((resolve) => response.on('close', () => resolve('closed')));
    (response as CitizenFxResponse).answerText(200, PLAIN, 'ok');
    expect(await closed).toBe('closed');
    // As in Node: whoever asks later is told.
    expect(await new Promise((resolve) => response.end(() => resolve('told')))).toBe('told');
  });
});
