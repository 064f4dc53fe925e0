import { describe, expect, it } from '@jest/globals';
import { createKeyRing } from '../../src/events/api-keys.ts';
import { createRedaction } from '../../src/inspector/redaction.ts';

const KEY = 'a-key-for-testing/"1"';
const SECRET = 'Bearer-of-the-target==';
const redact = (...secrets: string[]) => createRedaction(createKeyRing([KEY]), () => [SECRET, ...secrets]);

describe('the redaction', () => {
  it.each([
    ['as it is', (text: string) => text],
    ['as JSON within JSON', (text: string) => JSON.stringify(JSON.stringify(text))],
    ['URL-encoded', encodeURIComponent],
    ['as base64 within something longer', (text: string) => Buffer.from(`user:${text}`).toString('base64')],
    ['in another case', (text: string) => text.toLowerCase()],
  ])('takes keys and secrets out of texts: %s', (_how, write) => {
    for (const hidden of [KEY, SECRET]) {
      const written = write(hidden);
      const shown = redact().text(`before ${written} after`);
      expect(shown).not.toContain(written.slice(8, 24));
      expect(shown).toMatch(/^before .*(\*\*\*|\(API key removed\)).* after$/);
    }
  });

  it('takes the whole of a long secret out', () => {
    const token = Array.from({ length: 900 }, (_, at) => String.fromCharCode(97 + ((at * 7) % 26))).join('');
    expect(redact(token).text(`x${token}y`)).toBe('x***y');
  });

  it('leaves texts of three characters and fewer alone', () => {
    expect(redact('abc').text('abc')).toBe('abc');
  });

  it('covers every text of an answer, and leaves our own words in their places', () => {
    const answer = { state: 'waiting', reason: `no ${SECRET}`, list: [{ words: 'waiting' }] };
    expect(JSON.parse(redact('waiting').json(answer))).toEqual({
      state: 'waiting',
      reason: 'no ***',
      list: [{ words: '***' }],
    });
  });

  it('gives an envelope without its key, with its numbers as they are written', () => {
    const raw = Buffer.from(`{"key":${JSON.stringify(KEY)},"type":"T","data":{"n":9007199254740993,"f":1.50,"t":"ä"}}`);
    expect(redact().envelope(raw, 0)).toBe('{"type":"T","data":{"n":9007199254740993,"f":1.50,"t":"ä"}}');
  });

  it('takes the key out wherever else it stands in an envelope: in texts, in names, as a number', () => {
    const digits = '12345678901234567';
    const ring = createRedaction(createKeyRing([digits]), () => []);
    const raw = `{"type":"T","${digits}":1,"data":{"x${digits}":"${digits}","n":${digits},"s":"\\u0031${digits.slice(1)}"}}`;
    expect(ring.envelope(Buffer.from(raw), 0)).not.toMatch(/123456789/);
  });

  it('writes an envelope that is nested deep in one line, whatever its texts look like', () => {
    const nested = (depth: number) => JSON.parse(`{"type":"]\\"[","data":${'['.repeat(depth)}${']'.repeat(depth)}}`);
    const written = (depth: number) => redact().envelope(Buffer.from(JSON.stringify(nested(depth))), 2);
    expect(written(63)).toBe(JSON.stringify(nested(63), null, 2));
    expect(written(64)).toBe(JSON.stringify(nested(64)));
    expect(written(2_000)?.length).toBeLessThan(5_000);
  });

  it('gives none for an envelope that is nested too deep to be written', () => {
    const raw = Buffer.from(`{"type":"T","data":${'['.repeat(30_000)}${']'.repeat(30_000)}}`);
    expect(redact().envelope(raw, 2)).toBeNull();
  });

  it('takes as long for a text with many secrets as with few: one look at each character', () => {
    const many = Array.from({ length: 500 }, (_, no) => `secret-no-${no}-of-many`);
    const redaction = redact(...many);
    expect(redaction.text(`a ${many[499]} b ${many[0]?.toUpperCase()} c ${many[77]}`)).toBe('a *** b *** c ***');
    expect(redaction.text('a secret-no-500-of-many b')).toBe('a secret-no-500-of-many b');
  });

  it('leaves nothing of a secret that begins as another', () => {
    expect(redact('token', 'token-of-the-other').text('a token-of-the-other, a token.')).toBe('a ***, a ***.');
  });

  it('finds secrets behind letters that change their length in lower case', () => {
    expect(redact('some-secret').text('İİİ SOME-SECRET İ')).toBe('İİİ *** İ');
  });
});
