import { afterEach, describe, expect, it, jest } from '@jest/globals';
import { createKeyRing, formsOf } from '../../src/events/api-keys.ts';
import { readEnvelope } from '../../src/events/read-envelope.ts';

const KEY = 'a-key-for-testing';
/** What every form has to write in another way. */
const ODD_KEY = 'a key/with+"odd" >>?signs';
const ring = createKeyRing([KEY]);
const read = (text: string | Buffer) => readEnvelope(Buffer.from(text as string), ring);
const refused = (reason: string) => ({ accepted: false, reason });

/** Multiples of 16384 with nine digits: the engine's number cache takes seconds over them. */
function hostileBody(): string {
  const digits: string[] = [];
  for (let number = 100_007_936; number <= 999_999_999; number += 16_384) digits.push(`"${number}"`);
  return `{"key":"wrong","data":[${digits.join(',')}]}`;
}

describe('readEnvelope', () => {
  afterEach(() => {
    jest.restoreAllMocks();
  });

  it('gives the type in upper case and the body as received, without its key', () => {
    const result = read(`{"key":"${KEY}","type":"event_tone","data":{"url":"x"},"logKey":"7"}`);
    expect(result).toEqual({
      accepted: true,
      type: 'EVENT_TONE',
      body: { type: 'event_tone', data: { url: 'x' }, logKey: '7' },
    });
  });

  it.each(['', '   ', 'null', '[{"key":"a-key-for-testing"}]', '"text"', 'key=a-key-for-testing', '\uFEFF{}'])(
    'refuses %j as no JSON object',
    (text) => {
      expect(read(text)).toEqual(refused('invalid-json'));
    },
  );

  it.each([
    ['an empty key', '{"key":"","type":"T"}'],
    ['another key', '{"key":"b-key-for-testing","type":"T"}'],
    ['the right key and then a wrong one', '{"key":"a-key-for-testing","key":"other","type":"T"}'],
    ['a wrong key and then the right one', '{"key":"other","key":"a-key-for-testing","type":"T"}'],
    [
      'the right key and then its escaped name with a wrong one',
      '{"key":"a-key-for-testing","\\u006bey":1,"type":"T"}',
    ],
    ['the right key and then it in another case', '{"key":"a-key-for-testing","key":"A-KEY-FOR-TESTING","type":"T"}'],
  ])('refuses a body with %s', (_what, text) => {
    expect(read(text)).toEqual(refused('wrong-key'));
  });

  it.each([
    ['no key', '{"type":"T"}'],
    ['the key in an array', '{"key":["a-key-for-testing"],"type":"T"}'],
    ['the key one level deeper', '{"data":{"key":"a-key-for-testing"},"type":"T"}'],
    ['half of the key', '{"type":"T","key":"a-key-for-tes'],
  ])('finds none in a body with %s', (_what, text) => {
    expect(read(text)).toEqual(refused('no-key'));
  });

  it('accepts a key with escapes and in upper case', () => {
    expect(read('{"key":"A-KEY-FOR-\\u0054ESTING","type":"T"}')).toMatchObject({ accepted: true });
  });

  it.each(['', ',"type":""', ',"type":null', ',"type":7', ',"type":["T"]', ',"type":{"a":1}', ',"type":"T\\u0000"'])(
    'refuses the right key with %j for a type',
    (type) => {
      expect(read(`{"key":"${KEY}"${type}}`)).toEqual(refused('invalid-type'));
    },
  );

  it.each([
    ',',
    '{"key":"a-key-for-testing"',
    '{"key":"a-key-for-testing","type":"T",}',
    '{"key":"a-key-for-testing","type":"T"} x',
  ])('refuses malformed JSON (%j)', (text) => {
    expect(read(text)).toEqual(refused('invalid-json'));
  });

  it('turns a hostile body with a wrong key away in a fraction of the seconds that the engine needs to parse it', () => {
    const body = Buffer.from(hostileBody());
    expect(body.length).toBeGreaterThan(640 * 1024);
    const began = process.cpuUsage();
    expect(readEnvelope(body, ring)).toEqual(refused('wrong-key'));
    const { user, system } = process.cpuUsage(began);
    // Some 5 ms; parsing takes 1,500.
    expect((user + system) / 1_000).toBeLessThan(500);
  });

  it('never calls JSON.parse on an unauthenticated body', () => {
    const parse = jest.spyOn(JSON, 'parse');
    read(hostileBody());
    read('{"type":"T","data":{"a":[1,2,3]}}');
    read('{"key":["a-key-for-testing"]}');
    read(`{"\\u006bey":"\\u0061-key-for-nothing"}`);
    expect(parse).not.toHaveBeenCalled();
    read(`{"key":"${KEY}","type":"T"}`);
    expect(parse).toHaveBeenCalledTimes(1);
  });

  it('drops own __proto__ members at every level, however they are written', () => {
    const result = read(
      `{"key":"${KEY}","type":"T","__proto__":{"a":1},"data":{"\\u005f_proto__":{"b":1},"list":[{"__proto__":null,"c":1}]}}`,
    );
    expect(result).toEqual({ accepted: true, type: 'T', body: { type: 'T', data: { list: [{ c: 1 }] } } });
    expect(JSON.stringify(result)).not.toContain('__proto__');
  });

  it('removes the key wherever else it was written, in any case', () => {
    const shouted = KEY.toUpperCase();
    const result = read(
      `{"key":"${KEY}","type":"T ${KEY}","data":{"key":"${shouted}","list":["x${KEY}y"],"${KEY}":1}}`,
    );
    expect(result).toMatchObject({ body: { data: { key: '(API key removed)', list: ['x(API key removed)y'] } } });
    expect(JSON.stringify(result).toUpperCase()).not.toContain(shouted);
  });

  it.each(formsOf(ODD_KEY))('removes the key in the form %j too', (form) => {
    const data = [`x ${form} y`, { deeper: JSON.stringify([form]) }];
    const body = JSON.stringify({ key: ODD_KEY, type: 'T', data });
    const result = readEnvelope(Buffer.from(body), createKeyRing([KEY, ODD_KEY]));
    expect(result).toMatchObject({ accepted: true, body: { data: ['x (API key removed) y', {}] } });
    for (const other of formsOf(ODD_KEY)) expect(JSON.stringify(result)).not.toContain(other);
  });

  it.each([
    ['escaped', KEY, `["x\\u0061${KEY.slice(1)}y"]`],
    ['escaped, in a name', KEY, `[{"\\u0061${KEY.slice(1)}":1},"(API key removed)"]`],
    ['escaped as PHP does', 'a/key/for/testing', '["a\\/key\\/for\\/testing"]'],
    ['that has to be escaped', 'a "key" for \\ testing', JSON.stringify(['a "key" for \\ testing'])],
    ['as a number', '1234567890123456', '[1234567890123456]'],
  ])('removes the key where it was written a second time %s', (_how, key, data) => {
    const keys = createKeyRing([key]);
    const result = readEnvelope(Buffer.from(`{"key":${JSON.stringify(key)},"type":"T","data":${data}}`), keys);
    expect(JSON.stringify(result)).toContain('(API key removed)');
    expect(JSON.stringify(result)).not.toContain(JSON.stringify(key).slice(1, -1));
  });

  it('leaves an event alone that has its key once, with one key configured or with several', () => {
    for (const keys of [createKeyRing([KEY]), createKeyRing(['another-key-for-testing', KEY])]) {
      expect(keys.isHeldAgain(`{"key":"${KEY}","type":"T"}`)).toBe(false);
      expect(keys.isHeldAgain(`{"key":"${KEY}","type":"${KEY.toUpperCase()}"}`)).toBe(true);
    }
  });

  it('removes every configured key, whichever of them authenticated the event', () => {
    const keys = createKeyRing([KEY, 'another-key-for-testing']);
    const result = readEnvelope(Buffer.from(`{"key":"${KEY}","type":"T","data":["x ANOTHER-key-for-testing"]}`), keys);
    expect(result).toMatchObject({ accepted: true, body: { data: ['x (API key removed)'] } });
  });

  it.each(['"constructor"', '"\\u0063onstructor"'])(
    'removes %s where it would be taken for a way to write the object',
    (name) => {
      const data = `[{${name}:{"name":"toString"},"a":1},{${name}:{"name":"Reed"}},{${name}:"toString"}]`;
      expect(read(`{"key":"${KEY}","type":"T","data":${data}}`)).toMatchObject({ accepted: true });
      const { body } = read(`{"key":"${KEY}","type":"T","data":${data}}`) as unknown as { body: { data: object[] } };
      expect(body.data.map((each) => Object.entries(each))).toEqual([
        [['a', 1]],
        [['constructor', { name: 'Reed' }]],
        [['constructor', 'toString']],
      ]);
    },
  );

  it('puts U+FFFD in the place of half a surrogate pair, in values and names, and leaves whole pairs alone', () => {
    const result = read(`{"key":"${KEY}","type":"T","data":["a\\ud83d",{"\\udE00b":"\\ud83d\\ude00"}],"c":1}`);
    expect(result).toMatchObject({ body: { data: ['a\ufffd', { '\ufffdb': '\u{1f600}' }], c: 1 } });
  });

  it('reads a body nested 30,000 deep or refuses it, without failing', () => {
    const deep = `{"key":"${KEY}","type":"T","__proto__":1,"data":${'{"a":'.repeat(30_000)}1${'}'.repeat(30_000)}}`;
    expect(['T', undefined]).toContain((read(deep) as { type?: string }).type);
  });
});
