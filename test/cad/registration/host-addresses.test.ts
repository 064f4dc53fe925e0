import { setImmediate as pass } from 'node:timers/promises';
import { describe, expect, it } from '@jest/globals';
import { createHostAddresses } from '../../../src/cad/registration/host-addresses.ts';
import { createManualClock } from '../../manual-clock.ts';

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
