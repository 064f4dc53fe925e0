import Router from '@koa/router';
import type Koa from 'koa';
import { reasonOf } from '../text/reason-of.ts';
import type { AppOptions } from './app-options.ts';
import { dispatchRoute } from './dispatch-route.ts';
import { createEventRoute } from './event-route.ts';
import { createHealthRoute } from './health-route.ts';
import { createKeyedPosts } from './keyed-posts.ts';
import { LeanKoa } from './lean-koa.ts';
import { createPluginEventRoute } from './plugin-event-route.ts';

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
    const { code } = error as { code?: unknown };
    options.log.error('A request could not be handled; it was answered with an error.', {
      code: String(code ?? ''),
      reason: reasonOf(error),
    });
  });
  return app;
}
