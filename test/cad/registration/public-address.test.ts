import { afterEach, describe, expect, it } from '@jest/globals';
import { askPublicAddress } from '../../../src/cad/registration/public-address.ts';
import { type HttpTarget, type Respond, startHttpTarget } from '../../http-target.ts';
import { createManualClock } from '../../manual-clock.ts';
import { until } from '../../until.ts';

const targets: HttpTarget[] = [];
afterEach(async () => {
  for (const target of targets.splice(0)) await target.close();
});

async function serve(respond: Respond): Promise<string> {
  const target = await startHttpTarget(respond);
  targets.push(target);
  return target.url;
}

const saying = (text: string, status = 200) => serve((_request, response) => void response.writeHead(status).end(text));
const ask = (urls: readonly string[]) => askPublicAddress(urls, createManualClock());

describe('askPublicAddress', () => {
  it('returns the address on which two services agree, as text or JSON', async () => {
    const urls = [await saying('203.0.113.5\n'), await saying('{"ip":"203.0.113.5","country":"none"}')];
    expect(await ask(urls)).toBe('203.0.113.5');
  });

  it('returns the address with the most votes', async () => {
    const urls = await Promise.all(
      ['198.51.100.1', '203.0.113.5', 'nonsense', '203.0.113.5'].map((text) => saying(text)),
    );
    expect(await ask(urls)).toBe('203.0.113.5');
  });

  it('returns null when two addresses have as many votes', async () => {
    const said = ['198.51.100.1', '203.0.113.5', '198.51.100.1', '203.0.113.5'];
    expect(await ask(await Promise.all(said.map((text) => saying(text))))).toBeNull();
  });

  it('returns null for a single service, and for one service that is configured twice', async () => {
    const url = await saying('203.0.113.5');
    expect(await ask([url, await saying('198.51.100.1')])).toBeNull();
    expect(await ask([url, `${url}/other`])).toBeNull();
    expect(await ask([])).toBeNull();
  });

  it.each([
    ['a private address', () => saying('192.168.1.5')],
    ['an IPv6 address', () => saying('2001:db8::1')],
    ['nothing', () => saying('')],
    ['text without an address', () => saying('<html></html>')],
    ['broken JSON', () => saying('{"ip":')],
    ['JSON without an address', () => saying('{"ip":5}')],
    ['an error', () => saying('203.0.113.5', 500)],
    ['more than 1 kB', () => saying(`203.0.113.5${' '.repeat(1_024)}`)],
    [
      'a redirect',
      async () => {
        const location = await saying('203.0.113.5');
        return serve((_request, response) => void response.writeHead(302, { location }).end());
      },
    ],
    ['a closed connection', () => serve((request) => void request.socket.destroy())],
  ])('returns null when the services answer with %s', async (_what, service) => {
    expect(await ask([await service(), await service()])).toBeNull();
  });

  it('ends after 5 s even if an answer is endless', async () => {
    const clock = createManualClock();
    let asked = 0;
    const silent = await serve(() => asked++);
    const endless = await serve((_request, response) => {
      asked++;
      response.write('203.0.113.5');
    });
    const good = [await saying('203.0.113.5'), await saying('203.0.113.5')];
    const address = askPublicAddress([silent, endless, ...good], clock);
    await until(() => asked === 2 && clock.waiting === 2);
    clock.advance(5_000);
    expect(await address).toBe('203.0.113.5');
    expect(clock.waiting).toBe(0);
  });
});
