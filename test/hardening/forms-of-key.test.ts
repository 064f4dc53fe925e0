import { expect, it } from '@jest/globals';
import { escaped, FORMS, KEY } from './key-scene.ts';

const json = JSON.stringify;

it('finds a key in any of its forms', () => {
  for (const form of [KEY.toUpperCase(), encodeURIComponent(KEY), json({ a: KEY }), json(json(KEY)), escaped(KEY)])
    expect(FORMS.foundIn(`x${form}x`)).not.toBeNull();
  for (const before of ['', 'a', 'ab', 'abc'])
    for (const encoding of ['base64', 'base64url'] as const)
      expect(FORMS.foundIn(Buffer.from(`${before}${KEY} and more`).toString(encoding))).not.toBeNull();
  expect(FORMS.foundIn('(API key removed)')).toBeNull();
});
