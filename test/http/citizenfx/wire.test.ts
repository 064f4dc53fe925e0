import { describe, expect, it } from '@jest/globals';
import { toArrayBuffer, toCfxHeaders } from '../../../src/http/citizenfx/wire.ts';

describe('what FXServer is given', () => {
  it.each([
    ['a string', 'grüß', undefined],
    ['a lone surrogate', 'a\ud800b', undefined],
    ['a string in another encoding', '6869', 'hex' as const],
    ['a Buffer', Buffer.from('pool'), undefined],
    ['bytes shared between threads', new Uint8Array(new SharedArrayBuffer(3)), undefined],
  ])('of a body that is %s is an ArrayBuffer of its exact bytes', (_name, chunk, encoding) => {
    const data = toArrayBuffer(chunk, encoding);
    expect(Object.prototype.toString.call(data)).toBe('[object ArrayBuffer]');
    expect(Buffer.from(data)).toEqual(typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk));
  });

  it('of headers are strings and lists of strings', () => {
    expect(toCfxHeaders({ a: 1, b: 'x', c: ['y', 'z'], d: [] }, undefined)).toEqual({ a: '1', b: 'x', c: ['y', 'z'] });
  });

  it('has no chunks when the length is known', () => {
    expect(toCfxHeaders({ 'content-length': '9' }, 0)).toEqual({
      'transfer-encoding': 'identity',
      'content-length': '0',
    });
  });
});
