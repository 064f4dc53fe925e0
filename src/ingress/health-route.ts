import { createHash, timingSafeEqual } from 'node:crypto';
import type { RouterContext } from '@koa/router';

/** What the holder of the health token sees beside status and version. */
export type HealthDetails = Readonly<Record<string, unknown>>;

export interface HealthOptions {
  readonly version: string;
  /** null: there are no details for anybody. */
  readonly healthToken: string | null;
  healthDetails(): HealthDetails;
}

/** `GET /health`: alive and which version for everybody, details only with `Authorization: Bearer <healthToken>`. */
export function createHealthRoute({
  version,
  healthToken,
  healthDetails,
}: HealthOptions): (context: RouterContext) => void {
  const expected = healthToken === null ? null : digest(`Bearer ${healthToken}`);
  return (context) => {
    const trusted = expected !== null && timingSafeEqual(digest(context.get('authorization')), expected);
    context.set('Cache-Control', 'no-store');
    context.body = { status: 'ok', version, ...(trusted ? healthDetails() : {}) };
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
