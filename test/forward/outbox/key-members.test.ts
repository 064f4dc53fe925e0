import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { cutKeys, withKey, withoutKey } from '../../../src/forward/outbox/outgoing-bodies.ts';

const cut = (body: string) => cutKeys(Buffer.from(body));

describe('the keys of a body', () => {
  it.each([
    ['first', '{"key":"SECRET","type":"A"}', '{"key":"NEW","type":"A"}', '{"type":"A"}'],
    ['last', '{"type":"A","key":"SECRET"}', '{"type":"A","key":"NEW"}', '{"type":"A"}'],
    ['in between', '{"a":1,"key":"SECRET","b":2}', '{"a":1,"key":"NEW","b":2}', '{"a":1,"b":2}'],
    ['alone', '{"key":"SECRET"}', '{"key":"NEW"}', '{}'],
    ['twice alone', '{"key":"SECRET","key":"SECRET"}', '{"key":"NEW","key":"NEW"}', '{}'],
    ['twice at the end', '{"a":1,"key":"SECRET","key":2}', '{"a":1,"key":"NEW","key":"NEW"}', '{"a":1}'],
    ['at both ends', '{"key":"SECRET","a":1,"key":"SECRET"}', '{"key":"NEW","a":1,"key":"NEW"}', '{"a":1}'],
    [
      'of another kind',
      '{"key":{"key":"}"},"a":[1,"]"],"key":null}',
      '{"key":"NEW","a":[1,"]"],"key":"NEW"}',
      '{"a":[1,"]"]}',
    ],
    ['written with an escape', '{"\\u006bey":"SECRET","a":1}', '{"\\u006bey":"NEW","a":1}', '{"a":1}'],
    [
      'with odd spacing',
      ' {\t"key" :\n"SECRET" , "a" : 9007199254740993 }\n',
      ' {\t"key" :\n"NEW" , "a" : 9007199254740993 }\n',
      ' {\t"a" : 9007199254740993 }\n',
    ],
    ['with quotes inside', '{"key":"SEC\\"RET\\\\","a":1}', '{"key":"NEW","a":1}', '{"a":1}'],
    ['further inside', '{"data":{"key":"x"},"a":1}', '{"data":{"key":"x"},"a":1}', '{"data":{"key":"x"},"a":1}'],
    ['similar', '{"keys":1,"Key":2,"ke":3}', '{"keys":1,"Key":2,"ke":3}', '{"keys":1,"Key":2,"ke":3}'],
  ])('are cut out, put back and left out when they are %s', (_where, body, back, out) => {
    const keyless = cut(body);
    expect(keyless.bytes.toString()).not.toMatch(/SECRET|SEC/);
    expect(withKey(keyless, 'NEW').toString()).toBe(back);
    expect(withoutKey(keyless).toString()).toBe(out);
  });

  it('leave bytes alone that are no UTF-8', () => {
    const body = Buffer.concat([Buffer.from('{"key":"K","a":"'), Buffer.from([0xff, 0x00, 0xc0]), Buffer.from('"}')]);
    expect(withKey(cutKeys(body), 'K')).toEqual(body);
  });

  it('are quoted as JSON wants it', () => {
    expect(withKey(cut('{"key":"x"}'), 'a"b\\').toString()).toBe('{"key":"a\\"b\\\\"}');
  });

  it.each(['', '{', '[]', '{"key"', '{"key":', '{"key":"a', '{"a":1', '{"key" 1}', '"'])('do no harm in %j', (body) => {
    expect(withKey(cut(body), 'K').toString().replace('"K"', '')).toBe(cut(body).bytes.toString());
  });

  it('are all that changes, whatever the body is', () => {
    const member = fc.tuple(
      fc.oneof(fc.constant('key'), fc.string()),
      fc.jsonValue({ maxDepth: 2 }),
      fc.constantFrom('', ' ', '\n\t'),
    );
    fc.assert(
      fc.property(fc.array(member, { maxLength: 6 }), (members) => {
        const inner = members.map(
          ([name, value, space]) => `${space}${JSON.stringify(name)}${space}:${space}${JSON.stringify(value)}${space}`,
        );
        const body = `{${inner.join(',')}}`;
        const expected = JSON.parse(body) as Record<string, unknown>;
        const hadKey = Object.hasOwn(expected, 'key');
        const out = JSON.parse(withoutKey(cut(body)).toString());
        const back = JSON.parse(withKey(cut(body), 'NEW').toString());
        if (hadKey) expected.key = 'NEW';
        expect(back).toEqual(expected);
        delete expected.key;
        expect(out).toEqual(expected);
      }),
      { numRuns: 300 },
    );
  });
});
