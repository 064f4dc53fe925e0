import { describe, expect, it } from '@jest/globals';
import { toCfxBody, toCfxHeaders } from '../../src/ingress/citizenfx-http.ts';

describe('what FXServer is given', () => {
  it.each([
    ['a short string', 'grüß', undefined, 'string'],
    ['a long one', 'x'.repeat(2_000), undefined, 'ArrayBuffer'],
    ['one with a surrogate, whose length CitizenFX counts otherwise', 'a\ud800b', undefined, 'ArrayBuffer'],
    ['one in another encoding', '6869', 'hex' as const, 'ArrayBuffer'],
    ['a Buffer', Buffer.from('pool'), undefined, 'ArrayBuffer'],
    ['bytes shared between threads', new Uint8Array(new SharedArrayBuffer(3)), undefined, 'ArrayBuffer'],
  ])('of a body that is %s has its exact bytes and length', (_name, chunk, encoding, type) => {
    const { data, length } = toCfxBody(chunk, encoding);
    const expected = typeof chunk === 'string' ? Buffer.from(chunk, encoding) : Buffer.from(chunk);
    expect(Object.prototype.toString.call(data)).toBe(`[object ${type === 'string' ? 'String' : type}]`);
    expect(typeof data === 'string' ? Buffer.from(data) : Buffer.from(data)).toEqual(expected);
    expect(length).toBe(expected.length);
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
