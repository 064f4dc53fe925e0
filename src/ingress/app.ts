import Router from '@koa/router';
import Koa from 'koa';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { KeyRing } from '../push-events/key-ring.ts';
import type { ReceivedEvent } from '../push-events/receive-event.ts';
import { createEventRoute } from './event-route.ts';
import { createHealthRoute, type HealthDetails } from './health-route.ts';
import { methodNotAllowed } from './method-not-allowed.ts';
import type { PeerLabel } from './peer-label.ts';

export interface AppOptions {
  /** The keys in force. */
  keys(): KeyRing;
  /** Takes an event that is about to be answered: whatever must survive is stored before this returns. */
  accept(received: ReceivedEvent, raw: Buffer): void;
  readonly version: string;
  /** The token in force; null when there is none. */
  healthToken(): string | null;
  /** Names the sender of a request in log lines. */
  peerLabel(): PeerLabel;
  healthDetails(): HealthDetails;
  readonly log: Log;
  readonly clock: Clock;
}

/**
 * The web application behind the game port, and the same behind a plain Node server. `/event` also answers at
 * `/sonorancad/event`, so that a proxy which keeps the prefix, or another folder name, does not matter.
 */
export function createApp(options: AppOptions): Koa {
  const router = new Router();
  const event = createEventRoute(options);
  const health = createHealthRoute(options);
  for (const prefix of ['', '/sonorancad']) {
    router.get(`${prefix}/event`, event.explain);
    router.post(`${prefix}/event`, event.receive);
    router.get(`${prefix}/health`, health);
  }
  const app = new Koa();
  app.use(methodNotAllowed);
  app.use(router.routes());
  app.on('error', (error: unknown) => {
    const { code, message } = error as { code?: unknown; message?: unknown };
    options.log.error('A request could not be handled; it was answered with an error.', {
      code: String(code ?? ''),
      reason: String(message),
    });
  });
  return app;
}
