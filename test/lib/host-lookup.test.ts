import type { LookupAddress } from 'node:dns';
import { describe, expect, it } from '@jest/globals';
import { refusedAddress } from '../../src/lib/addresses.ts';
import { HostLookup, type SystemLookup } from '../../src/lib/host-lookup.ts';
import { createManualClock } from '../manual-clock.ts';

type Answer = Parameters<Parameters<SystemLookup>[2]>;

const good: LookupAddress[] = [{ address: '203.0.113.5', family: 4 }];
const notFound: NodeJS.ErrnoException = Object.assign(new Error('no such name'), { code: 'ENOTFOUND' });

/** A lookup whose answers a test gives by hand, and what the askers got. */
function setUp() {
  const clock = createManualClock();
  const asked: { name: string; answer: (...answer: Answer) => void }[] = [];
  const hosts = new HostLookup({
    clock,
    lookup: (name, _options, answer) => void asked.push({ name, answer }),
    isRefused: (address) => refusedAddress(address) !== null,
  });
  const got: unknown[] = [];
  return {
    clock,
    hosts,
    asked,
    got,
    names: () => asked.map(({ name }) => name),
    ask: (name: string, all = true) =>
      hosts.forRequests(name, { all }, (error, addresses) => void got.push(error === null ? addresses : error.code)),
    answer: (index: number, addresses: LookupAddress[]) => asked[index]?.answer(null, addresses),
    fail: (index: number) => asked[index]?.answer(notFound, []),
  };
}

describe('looking up a host', () => {
  it('asks once for all who ask meanwhile', () => {
    const host = setUp();
    host.ask('bot.example');
    host.ask('BOT.example');
    host.answer(0, good);
    expect(host.names()).toEqual(['bot.example']);
    expect(host.got).toEqual([good, good]);
  });

  it('gives one address to who wants one', () => {
    const host = setUp();
    host.ask('bot.example', false);
    host.answer(0, good);
    expect(host.got).toEqual(['203.0.113.5']);
  });

  it('keeps an answer for 60 s', () => {
    const host = setUp();
    host.ask('bot.example');
    host.answer(0, good);
    host.clock.advance(59_999);
    host.ask('bot.example');
    expect(host.got).toEqual([good, good]);
    expect(host.asked).toHaveLength(1);
    host.clock.advance(1);
    host.ask('bot.example');
    expect(host.asked).toHaveLength(2);
  });

  it('keeps a failure for 10 s', () => {
    const host = setUp();
    host.ask('bot.example');
    host.fail(0);
    host.clock.advance(9_999);
    host.ask('bot.example');
    expect(host.got).toEqual(['ENOTFOUND', 'ENOTFOUND']);
    host.clock.advance(1);
    host.ask('bot.example');
    expect(host.asked).toHaveLength(2);
  });

  it('keeps nobody waiting longer than 5 s, and does not ask again while the system still looks', () => {
    const host = setUp();
    host.ask('bot.example');
    host.clock.advance(5_000);
    expect(host.got).toEqual(['LOOKUP_TIMEOUT']);
    host.ask('bot.example');
    expect(host.asked).toHaveLength(1);
    host.answer(0, good);
    expect(host.got).toEqual(['LOOKUP_TIMEOUT', good]);
  });

  it('leaves no timer behind', () => {
    const host = setUp();
    host.ask('bot.example');
    host.answer(0, good);
    expect(host.clock.waiting).toBe(0);
  });

  it('has at most three under way, so that hung ones leave a thread for files', () => {
    const host = setUp();
    for (const name of ['a', 'b', 'c', 'd']) host.ask(name);
    expect(host.names()).toEqual(['a', 'b', 'c']);
    host.answer(1, good);
    expect(host.names()).toEqual(['a', 'b', 'c', 'd']);
  });

  it('does not ask for a host that nobody waits for any more', () => {
    const host = setUp();
    for (const name of ['a', 'b', 'c', 'd']) host.ask(name);
    host.clock.advance(5_000);
    host.ask('e');
    host.answer(0, good);
    expect(host.names()).toEqual(['a', 'b', 'c', 'e']);
  });
});

describe('a name that leads to an address that is never sent to', () => {
  it.each(['169.254.169.254', '::ffff:169.254.169.254', '64:ff9b::a9fe:a9fe', 'fe80::1', 'fd00:ec2::254'])(
    'is refused: %s',
    (address) => {
      const host = setUp();
      host.ask('rebound.example');
      host.answer(0, [{ address, family: address.includes(':') ? 6 : 4 }]);
      expect(host.got).toEqual(['ADDRESS_REFUSED']);
    },
  );

  it('is refused though it leads to an honest one as well', () => {
    const host = setUp();
    host.ask('rebound.example');
    host.answer(0, [...good, { address: '169.254.169.254', family: 4 }]);
    expect(host.got).toEqual(['ADDRESS_REFUSED']);
  });
});

it('a name without any address is not found', () => {
  const host = setUp();
  host.ask('empty.example');
  host.answer(0, []);
  expect(host.got).toEqual(['ENOTFOUND']);
});

describe('the addresses of a name', () => {
  it('are given in lower case', async () => {
    const host = setUp();
    const found = host.hosts.addressesOf('Cad.example');
    host.answer(0, [...good, { address: '2001:DB8::1', family: 6 }]);
    expect(await found).toEqual(['203.0.113.5', '2001:db8::1']);
    expect(host.names()).toEqual(['cad.example']);
  });

  it('are not known when the lookup fails or takes longer than 5 s', async () => {
    const host = setUp();
    const failed = host.hosts.addressesOf('nowhere.example');
    host.fail(0);
    expect(await failed).toBeNull();
    const late = host.hosts.addressesOf('late.example');
    host.clock.advance(5_000);
    expect(await late).toBeNull();
  });

  it.each(['', 'http://cad.example', 'cad example', 'cad.example:30120', '-'.repeat(64), 'a.'.repeat(200), '\u0000'])(
    'are not looked up for %j',
    async (name) => {
      const host = setUp();
      expect([await host.hosts.addressesOf(name), host.asked]).toEqual([null, []]);
    },
  );

  it('are found by the system unless told otherwise', async () => {
    expect(await new HostLookup({ clock: createManualClock() }).addressesOf('localhost')).toContain('127.0.0.1');
  });
});
