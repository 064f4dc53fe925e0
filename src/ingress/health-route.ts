import { createHash, timingSafeEqual } from 'node:crypto';
import type { RouterContext } from '@koa/router';

/** What the holder of the health token sees beside status and version. */
export type HealthDetails = Readonly<Record<string, unknown>>;

export interface HealthOptions {
  readonly version: string;
  /** null: there are no details for anybody. */
  healthToken(): string | null;
  healthDetails(): HealthDetails;
}

/** `GET /health`: alive and which version for everybody, details only with `Authorization: Bearer <healthToken>`. */
export function createHealthRoute({
  version,
  healthToken,
  healthDetails,
}: HealthOptions): (context: RouterContext) => void {
  return (context) => {
    const token = healthToken();
    // The name of a scheme has no case.
    const offered = digest(context.get('authorization').replace(/^bearer /i, 'Bearer '));
    const trusted = token !== null && timingSafeEqual(offered, digest(`Bearer ${token}`));
    context.set('Cache-Control', 'no-store');
    context.body = { status: 'ok', version, ...(trusted ? healthDetails() : {}) };
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
