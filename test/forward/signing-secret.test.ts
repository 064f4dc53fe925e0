import { describe, expect, it } from '@jest/globals';
import { isSigningSecret } from '../../src/forward/signed-headers.ts';

const secretOf = (bytes: number) => `whsec_${Buffer.alloc(bytes, 251).toString('base64')}`;

describe('a signing secret', () => {
  it.each([24, 25, 26, 64])('may be of %i bytes', (bytes) => {
    expect(isSigningSecret(secretOf(bytes))).toBe(true);
    expect(isSigningSecret(secretOf(bytes).replace(/=+$/, ''))).toBe(true);
  });

  it.each([
    ['is too short', secretOf(23)],
    ['is too long', secretOf(65)],
    ['has no prefix', secretOf(32).slice('whsec_'.length)],
    ['has the prefix in capitals', secretOf(32).replace('whsec_', 'WHSEC_')],
    ['is base64 for addresses', secretOf(32).replaceAll('+', '-')],
    ['has something behind it', `${secretOf(32)}\n`],
    ['is no text', 7],
    ['is not there', undefined],
  ])('is none when it %s', (_what, value) => {
    expect(isSigningSecret(value)).toBe(false);
  });
});
