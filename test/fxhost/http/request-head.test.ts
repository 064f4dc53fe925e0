import { describe, expect, it } from '@jest/globals';
import { parseRequestHead } from '../../../scripts/fxhost/http/request-head.ts';

describe('a head with a mistake', () => {
  const unfinished = Buffer.from('GET / HTTP/1.1\r\nX A: 1\r\n');

  it('is malformed at once in its first bytes', () => {
    expect(parseRequestHead(unfinished, 0).kind).toBe('malformed');
  });

  it('is malformed only at its end when it comes in pieces', () => {
    const kinds = [unfinished, Buffer.concat([unfinished, Buffer.from('\r\n')])].map(
      (bytes) => parseRequestHead(bytes, 5).kind,
    );
    expect(kinds).toEqual(['incomplete', 'malformed']);
  });

  it.each(['{"a":1}', 'GE(T / ', ' GET / HTTP/1.1\r\n', 'GET  \r\n'])('%j is malformed', (text) => {
    expect(parseRequestHead(Buffer.from(text), 0).kind).toBe('malformed');
  });
});

it('a head may begin with an empty line, end its lines in LF, and leaves what follows it', () => {
  expect(parseRequestHead(Buffer.from('\r\nGET  /a HTTP/1.0\nB: \t c \n\nrest'), 0)).toEqual({
    kind: 'complete',
    head: { method: 'GET', target: '/a', minorVersion: 0, headers: [['B', 'c']] },
    length: 28,
  });
});

it('a folded line is a header without a name', () => {
  const parsed = parseRequestHead(Buffer.from('GET / HTTP/1.1\r\nA: 1\r\n 2: 3\r\n\r\n'), 0);
  expect(parsed).toMatchObject({
    head: {
      headers: [
        ['A', '1'],
        ['', '2: 3'],
      ],
    },
  });
});
