import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createKeyRing } from '../../../src/events/api-keys.ts';
import { cutKeys, OutgoingBodies } from '../../../src/forward/outbox/outgoing-bodies.ts';
import { formsOfKey, writingsOf } from '../../hardening/forms-of-key.ts';

const KEY = 'Top/S3cret+Key"for\\<testing>%41&';
const DIGITS = '12345678901234567890';
const keys = createKeyRing([KEY, DIGITS]);
const outgoing = new OutgoingBodies(() => keys);

function sent(body: string): string {
  const raw = Buffer.from(body);
  const stored = outgoing.cut(raw);
  const bySending = outgoing.withoutKeys(cutKeys(raw)).toString();
  expect(outgoing.withoutKeys(stored).toString()).toBe(bySending);
  return bySending;
}

describe('a body for a target that is to see no key', () => {
  it.each(writingsOf(KEY))('holds none written as %j', (writing) => {
    const body = JSON.stringify({
      key: KEY,
      type: 'T',
      data: writing,
      more: { [writing]: [`x${writing}y`] },
      list: [writing],
    });
    const out = sent(body);
    expect(formsOfKey(KEY).foundIn(out)).toBeNull();
    expect(JSON.parse(out)).toEqual({
      type: 'T',
      data: '(API key removed)',
      more: { '(API key removed)': ['x(API key removed)y'] },
      list: ['(API key removed)'],
    });
  });

  it('holds none written by escapes of its own, or as a number', () => {
    const escaped = [...KEY]
      .map((letter) => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0').toUpperCase()}`)
      .join('');
    expect(sent(`{"key":"${escaped}","data":"${escaped}","n":${DIGITS},"m":[-1.5e3]}`)).toBe(
      '{"data":"(API key removed)","n":"(API key removed)","m":[-1.5e3]}',
    );
  });

  it('keeps every byte that has nothing to do with a key', () => {
    expect(sent(` {"key":"x" , "a" : 1.0,"b":"\\u0041\\/é😀",${JSON.stringify(KEY)}:null }`)).toBe(
      ' {"a" : 1.0,"b":"\\u0041\\/é😀","(API key removed)":null }',
    );
    const raw = Buffer.concat([Buffer.from('{"key":"K","a":"'), Buffer.from([0xff, 0x00]), Buffer.from('"}')]);
    expect(outgoing.withoutKeys(cutKeys(raw))).toEqual(
      Buffer.concat([Buffer.from('{"a":"'), Buffer.from([0xff, 0x00]), Buffer.from('"}')]),
    );
  });

  it('stays JSON with everything else in it, whatever it says', () => {
    const near = fc.constantFrom(KEY, 'n', '\\', '"', '/', JSON.stringify(KEY), DIGITS);
    const value = fc.letrec((tie) => ({
      any: fc.oneof(
        { maxDepth: 3 },
        fc.array(near).map((parts) => parts.join('')),
        fc.jsonValue(),
        fc.array(tie('any')),
      ),
    })).any;
    fc.assert(
      fc.property(value, (data) => {
        const out = sent(JSON.stringify({ key: KEY, data }));
        const masked = JSON.parse(JSON.stringify({ data }), (_, member) =>
          typeof member === 'string' ? keys.mask(member) : member,
        );
        if (!/\{/.test(JSON.stringify(data) ?? '')) expect(JSON.parse(out)).toEqual(masked);
        expect(formsOfKey(KEY).foundIn(out)).toBeNull();
      }),
      { numRuns: 200 },
    );
  });

  it.each(['', '{', '"', '{"a":"\\', '{"a":"'])('comes to no harm as %j', (body) => {
    expect(() => sent(body)).not.toThrow();
  });

  it.each([KEY, '\\u0041', '/\\/', '1'])('takes time in proportion to its length, made of %j', (piece) => {
    const body = `{"key":"K","data":"${piece.repeat(600_000 / piece.length).replaceAll('"', '\\"')}","k":${JSON.stringify(KEY)}}`;
    const began = process.cpuUsage();
    sent(body);
    expect(process.cpuUsage(began).user / 1_000).toBeLessThan(4_000);
  });
});
