import { createHash, timingSafeEqual } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import Router, { type RouterContext } from '@koa/router';
import Koa from 'koa';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { HttpEventOutcome } from '../push-events/http-event.ts';
import type { KeyRing } from '../push-events/key-ring.ts';
import type { ReceivedEvent } from '../push-events/receive-event.ts';
import type { Refusal } from '../push-events/traffic.ts';
import { reasonOf } from '../text/reason-of.ts';
import { createEventRoutes } from './event-routes.ts';
import type { PeerLabel } from './peer-label.ts';

export interface AppOptions {
  /** The keys in force. */
  keys(): KeyRing;
  /** Takes an event that is about to be answered: whatever must survive is stored before this returns. */
  accept(received: ReceivedEvent, raw: Buffer, headers: IncomingHttpHeaders): void;
  /** Told of each request that was no event, for the count of them. */
  refused?(reason: Refusal): void;
  /**
   * Has another resource answer an HTTP event. Never rejects, and takes 4 s at most.
   *
   * @param type upper-cased
   * @param body as received, without its key
   */
  answerHttpEvent(type: string, body: Readonly<Record<string, unknown>>): Promise<HttpEventOutcome>;
  readonly version: string;
  /** The token in force; null when there is none. */
  healthToken(): string | null;
  /** Names the sender of a request in log lines. */
  peerLabel(): PeerLabel;
  /** What the holder of the health token sees beside status and version. */
  healthDetails(): Readonly<Record<string, unknown>>;
  readonly log: Log;
  readonly clock: Clock;
}

/**
 * The web application behind the game port, and the same behind a plain Node server. Each path also answers below
 * `/sonorancad`, so that a proxy which keeps the prefix, or another folder name, does not matter.
 */
export function createApp(options: AppOptions): Koa {
  const routes = createEventRoutes(options);
  const router = new Router();
  router.get('{/sonorancad}/event', routes.explain);
  router.post('{/sonorancad}/event', routes.receive);
  router.post('{/sonorancad}/pluginevent', routes.answerPlugin);
  router.get('{/sonorancad}/health', healthRoute(options));
  const app = new Koa();
  app.use(router.routes()).use(router.allowedMethods());
  app.on('error', (error: unknown) => {
    const { code } = error as { code?: unknown };
    options.log.error('A request could not be handled; it was answered with an error.', {
      code: String(code ?? ''),
      reason: reasonOf(error),
    });
  });
  return app;
}

/** `GET /health`: alive and which version for everybody, details only with `Authorization: Bearer <healthToken>`. */
function healthRoute({ version, healthToken, healthDetails }: AppOptions): (context: RouterContext) => void {
  return (context) => {
    const token = healthToken();
    // The name of a scheme has no case.
    const offered = digest(context.get('authorization').replace(/^bearer /i, 'Bearer '));
    const isTrusted = token !== null && timingSafeEqual(offered, digest(`Bearer ${token}`));
    context.set('Cache-Control', 'no-store');
    context.body = { status: 'ok', version, ...(isTrusted ? healthDetails() : {}) };
  };
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
