import { describe, expect, it } from '@jest/globals';
import { catalogue } from '../../src/events/catalogue/catalogue.ts';
import { signatureOf } from '../../src/forward/signed-headers.ts';
import { PUSH_EVENT_TYPES, UNIT_STATUS, verifySignature } from '../../src/listener/create-push-event-listener.ts';

const secretOf = (text: string) => `whsec_${Buffer.from(text).toString('base64')}`;
const SECRET = secretOf('a secret of at least 24 bytes');
const OTHER = secretOf('another secret of 24 bytes or more');
const BODY = '{"type":"EVENT_911"}';

function signed(ageS = 0): Record<string, string> {
  const timestamp = Math.floor(Date.now() / 1_000) - ageS;
  return {
    'Webhook-Id': 'event-1',
    'webhook-timestamp': String(timestamp),
    'webhook-signature': signatureOf([SECRET], 'event-1', timestamp, Buffer.from(BODY)),
  };
}

describe('verifySignature', () => {
  it('takes what was signed with one of the secrets, however headers and body are given', () => {
    expect(verifySignature(signed(), BODY, SECRET)).toBe(true);
    expect(verifySignature(new Headers(signed()), Buffer.from(BODY), [OTHER, SECRET])).toBe(true);
  });

  it('refuses another body, another secret, an old request and one that is not signed', () => {
    expect(verifySignature(signed(), `${BODY} `, SECRET)).toBe(false);
    expect(verifySignature(signed(), BODY, OTHER)).toBe(false);
    expect(verifySignature(signed(301), BODY, SECRET)).toBe(false);
    expect(verifySignature({}, BODY, SECRET)).toBe(false);
  });

  it.each([
    ['nothing', []],
    ['no secret', 'secret'],
    ['one bad secret', [SECRET, '']],
  ])('throws for %s', (_name, secret) => {
    expect(() => verifySignature(signed(), BODY, secret)).toThrow('verifySignature: the secret must be "whsec_"');
  });
});

describe('what the library knows of the protocol', () => {
  it('is the types of the catalogue', () => {
    expect(PUSH_EVENT_TYPES).toEqual(Object.keys(catalogue));
  });

  it('is the numbers of the statuses', () => {
    expect(UNIT_STATUS).toEqual({ UNAVAILABLE: 0, BUSY: 1, AVAILABLE: 2, ENROUTE: 3, ON_SCENE: 4 });
  });
});
