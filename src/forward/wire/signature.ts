import { createHmac } from 'node:crypto';
import { keyOf } from './signing-secret.ts';

/**
 * Signs a request as Standard Webhooks 1.0 asks (https://github.com/standard-webhooks/standard-webhooks).
 *
 * @param secrets `whsec_` and base64, as the config has checked; several while one is being replaced by another
 * @param timestamp seconds since 1970
 * @returns the value of `webhook-signature`: one signature for each secret, in their order
 */
export function signatureOf(secrets: readonly string[], id: string, timestamp: number, body: Uint8Array): string {
  return secrets
    .map((secret) => {
      const digest = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body).digest('base64');
      return `v1,${digest}`;
    })
    .join(' ');
}
