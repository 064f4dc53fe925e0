import { describe, expect, it } from '@jest/globals';
import { Access, WrongTokens } from '../../src/inspector/access.ts';
import { createManualClock } from '../manual-clock.ts';

function setUp() {
  const clock = createManualClock();
  let ended = 0;
  const access = new Access(clock, new WrongTokens(clock), () => {
    ended += 1;
  });
  const admit = (token: string, address = '203.0.113.9') => access.admit({ authorization: `Bearer ${token}`, address });
  return { clock, access, admit, ended: () => ended };
}

describe('access to the page', () => {
  it('is given to the holder of the token, which has 32 random bytes', () => {
    const { access, admit } = setUp();
    const token = access.open();
    expect(Buffer.from(token, 'base64url')).toHaveLength(32);
    expect(admit(token)).toBe('admitted');
    expect(admit(`${token}x`)).toBe('wrong-token');
    expect(admit(token.slice(1))).toBe('wrong-token');
  });

  it('is refused without a token, and while none was given out', () => {
    const { access, admit } = setUp();
    expect(access.admit({ authorization: '', address: '203.0.113.9' })).toBe('no-token');
    expect(access.admit({ authorization: 'Basic YTpi', address: '203.0.113.9' })).toBe('no-token');
    expect(admit('anything')).toBe('wrong-token');
  });

  it('ends after 12 hours, with the streams', () => {
    const { clock, access, admit, ended } = setUp();
    const token = access.open();
    clock.advance(12 * 3_600_000 - 1);
    expect([admit(token), ended()]).toEqual(['admitted', 0]);
    clock.advance(1);
    expect([admit(token), ended()]).toEqual(['wrong-token', 1]);
  });

  it('ends when the operator ends it, or takes another link', () => {
    const { access, admit, ended } = setUp();
    const first = access.open();
    const second = access.open();
    expect([admit(first), admit(second), ended()]).toEqual(['wrong-token', 'admitted', 1]);
    expect([access.close(), access.close(), admit(second)]).toEqual([true, false, 'wrong-token']);
  });

  it('turns a network away after 20 wrong tokens in a minute, and serves the right one all the same', () => {
    const { clock, access, admit } = setUp();
    const token = access.open();
    const answers = Array.from({ length: 22 }, () => admit('wrong'));
    expect(answers).toEqual([...Array(20).fill('wrong-token'), 'too-many', 'too-many']);
    expect([admit(token), admit('wrong', '198.51.100.7')]).toEqual(['admitted', 'wrong-token']);
    clock.advance(60_000);
    expect(admit('wrong')).toBe('wrong-token');
  });
});
