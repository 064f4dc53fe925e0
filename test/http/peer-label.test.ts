import type { IncomingMessage } from 'node:http';
import { describe, expect, it } from '@jest/globals';
import { createPeerLabel } from '../../src/http/peer-label.ts';

function labelOf(
  peer: string,
  headers: [string, string][],
  trusted = ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'],
): string {
  const lowerCased = Object.fromEntries([...headers].reverse().map(([name, value]) => [name.toLowerCase(), value]));
  const request = { socket: { remoteAddress: peer }, headers: lowerCased, rawHeaders: headers.flat() };
  return createPeerLabel(trusted)(request as unknown as IncomingMessage);
}

describe('createPeerLabel', () => {
  it('gives the TCP peer when no proxy is trusted', () => {
    expect(labelOf('127.0.0.1', [['X-Forwarded-For', '198.51.100.1']], [])).toBe('127.0.0.1');
    expect(labelOf('203.0.113.1', [['X-Forwarded-For', '198.51.100.1']])).toBe('203.0.113.1');
  });

  it('gives the rightmost address that no trusted proxy has', () => {
    expect(labelOf('127.0.0.1', [['x-forwarded-for', '192.0.2.66, 198.51.100.1, 10.1.2.3']])).toBe('198.51.100.1');
    expect(labelOf('::ffff:10.0.0.1', [['x-forwarded-for', '198.51.100.1']])).toBe('198.51.100.1');
    expect(labelOf('2001:db8::5', [['x-forwarded-for', '::ffff:198.51.100.1']])).toBe('198.51.100.1');
  });

  it('stops at what is no address', () => {
    expect(labelOf('127.0.0.1', [['x-forwarded-for', '198.51.100.1, unknown']])).toBe('127.0.0.1');
    expect(labelOf('127.0.0.1', [['x-forwarded-for', '198.51.100.1, <b>, 10.0.0.9']])).toBe('10.0.0.9');
    expect(labelOf('127.0.0.1', [['x-forwarded-for', '']])).toBe('127.0.0.1');
  });

  it('ignores a header that came in two casings', () => {
    expect(
      labelOf('127.0.0.1', [
        ['X-Forwarded-For', '198.51.100.1'],
        ['x-forwarded-for', '192.0.2.66'],
      ]),
    ).toBe('127.0.0.1');
  });
});
