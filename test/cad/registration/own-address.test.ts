import { setImmediate as pass } from 'node:timers/promises';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createHostAddresses, createPublicAddress } from '../../../src/cad/registration/own-address.ts';
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
const ask = (urls: readonly string[]) => createPublicAddress({ services: () => urls, clock: createManualClock() })();

describe('the public address', () => {
  it('is what two services say, as text or JSON', async () => {
    const urls = [await saying('203.0.113.5\n'), await saying('{"ip":"203.0.113.5","country":"none"}')];
    expect(await ask(urls)).toBe('203.0.113.5');
  });

  it('is what most say', async () => {
    const urls = await Promise.all(
      ['198.51.100.1', '203.0.113.5', 'nonsense', '203.0.113.5'].map((text) => saying(text)),
    );
    expect(await ask(urls)).toBe('203.0.113.5');
  });

  it('is not known when as many say another', async () => {
    const said = ['198.51.100.1', '203.0.113.5', '198.51.100.1', '203.0.113.5'];
    expect(await ask(await Promise.all(said.map((text) => saying(text))))).toBeNull();
  });

  it('is not believed of one service alone, nor of one that is asked twice', async () => {
    const url = await saying('203.0.113.5');
    expect(await ask([url, await saying('198.51.100.1')])).toBeNull();
    expect(await ask([url, `${url}/other`])).toBeNull();
    expect(await ask([])).toBeNull();
  });

  it.each([
    ['a private address', () => saying('192.168.1.5')],
    ['an IPv6 address', () => saying('2001:db8::1')],
    ['nothing', () => saying('')],
    ['no address', () => saying('<html></html>')],
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
  ])('is not known from %s', async (_what, service) => {
    expect(await ask([await service(), await service()])).toBeNull();
  });

  it('is not waited for longer than 5 s, also when an answer never ends', async () => {
    const clock = createManualClock();
    let asked = 0;
    const silent = await serve(() => asked++);
    const endless = await serve((_request, response) => {
      asked++;
      response.write('203.0.113.5');
    });
    const good = [await saying('203.0.113.5'), await saying('203.0.113.5')];
    const address = createPublicAddress({ services: () => [silent, endless, ...good], clock })();
    await until(() => asked === 2 && clock.waiting === 2);
    clock.advance(5_000);
    expect(await address).toBe('203.0.113.5');
    expect(clock.waiting).toBe(0);
  });
});

describe('the addresses of a host name', () => {
  it('are looked up once a minute', async () => {
    const clock = createManualClock();
    const asked: string[] = [];
    const addressesOf = createHostAddresses(clock, async (name) => {
      asked.push(name);
      return ['203.0.113.5', '2001:DB8::1'];
    });
    expect(await addressesOf('cad.example')).toEqual(['203.0.113.5', '2001:db8::1']);
    await addressesOf('cad.example');
    expect(asked).toEqual(['cad.example']);
    clock.advance(60_000);
    await addressesOf('cad.example');
    await addressesOf('play.example');
    expect(asked).toEqual(['cad.example', 'cad.example', 'play.example']);
  });

  it('are not known when the lookup fails or takes longer than 5 s', async () => {
    const clock = createManualClock();
    expect(await createHostAddresses(clock, () => Promise.reject(new Error('not found')))('cad.example')).toBeNull();
    const late = createHostAddresses(clock, () => new Promise(() => {}))('cad.example');
    await pass();
    clock.advance(5_000);
    expect(await late).toBeNull();
    expect(clock.waiting).toBe(0);
  });

  it.each(['', 'http://cad.example', 'cad example', 'cad.example:30120', '-'.repeat(64), 'a.'.repeat(200), '\u0000'])(
    'are not looked up for %j',
    async (name) => {
      let isAsked = false;
      const addressesOf = createHostAddresses(createManualClock(), async () => {
        isAsked = true;
        return [];
      });
      expect([await addressesOf(name), isAsked]).toEqual([null, false]);
    },
  );

  it('are found by the system unless told otherwise', async () => {
    expect(await createHostAddresses(createManualClock())('localhost')).toContain('127.0.0.1');
  });
});
