import { describe, expect, it } from '@jest/globals';
import { Webhook } from 'standardwebhooks';
import { isGenuine } from '../../examples/verify-signature/verify.js';

const SECRET = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;
const BODY = Buffer.from('{"key":"k","type":"EVENT_911","data":{}}');

function signed(at = new Date(), secret = SECRET): Record<string, string> {
  return {
    'webhook-id': 'event-1',
    'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
    'webhook-signature': new Webhook(secret).sign('event-1', at, BODY.toString()),
  };
}

describe('the example of verifying a signature', () => {
  it('accepts what was signed with the secret, also as one of several signatures', () => {
    expect(isGenuine(signed(), BODY, SECRET)).toBe(true);
    const headers = signed();
    expect(
      isGenuine({ ...headers, 'webhook-signature': `v1,other ${headers['webhook-signature']}` }, BODY, SECRET),
    ).toBe(true);
  });

  it('refuses another body, another id, another secret, an old request and one without a signature', () => {
    expect(isGenuine(signed(), Buffer.from('{}'), SECRET)).toBe(false);
    expect(isGenuine({ ...signed(), 'webhook-id': 'event-2' }, BODY, SECRET)).toBe(false);
    expect(
      isGenuine(
        signed(new Date(), `whsec_${Buffer.from('another secret of 24 bytes').toString('base64')}`),
        BODY,
        SECRET,
      ),
    ).toBe(false);
    expect(isGenuine(signed(new Date(Date.now() - 6 * 60_000)), BODY, SECRET)).toBe(false);
    expect(isGenuine({}, BODY, SECRET)).toBe(false);
  });
});
