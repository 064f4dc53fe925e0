import type { IncomingHttpHeaders } from 'node:http';
import Router from '@koa/router';
import type Koa from 'koa';
import type { Clock } from '../platform/clock.ts';
import type { Log } from '../platform/log.ts';
import type { HttpEventOutcome } from '../push-events/http-event.ts';
import type { KeyRing } from '../push-events/key-ring.ts';
import type { ReceivedEvent } from '../push-events/receive-event.ts';
import { dispatchRoute } from './dispatch-route.ts';
import { createEventRoute } from './event-route.ts';
import { createHealthRoute, type HealthDetails } from './health-route.ts';
import { createKeyedPosts } from './keyed-posts.ts';
import { LeanKoa } from './lean-koa.ts';
import type { PeerLabel } from './peer-label.ts';
import { createPluginEventRoute } from './plugin-event-route.ts';
import type { Refusal } from './traffic.ts';

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
  healthDetails(): HealthDetails;
  readonly log: Log;
  readonly clock: Clock;
}

/**
 * The web application behind the game port, and the same behind a plain Node server. Each path also answers below
 * `/sonorancad`, so that a proxy which keeps the prefix, or another folder name, does not matter.
 */
export function createApp(options: AppOptions): Koa {
  const router = new Router();
  const posts = createKeyedPosts(options);
  const event = createEventRoute(posts, options);
  const health = createHealthRoute(options);
  router.get('{/sonorancad}/event', event.explain);
  router.post('{/sonorancad}/event', event.receive);
  router.post('{/sonorancad}/pluginevent', createPluginEventRoute(posts, options));
  router.get('{/sonorancad}/health', health);
  const app = new LeanKoa();
  app.use(dispatchRoute(router));
  app.on('error', (error: unknown) => {
    const { code, message } = error as { code?: unknown; message?: unknown };
    options.log.error('A request could not be handled; it was answered with an error.', {
      code: String(code ?? ''),
      reason: String(message),
    });
  });
  return app;
}
