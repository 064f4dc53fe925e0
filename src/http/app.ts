import Router, { type RouterContext } from '@koa/router';
import Koa from 'koa';
import { reasonOf } from '../lib/text.ts';
import { type EventRouteOptions, EventRoutes } from './event-routes.ts';
import { credentialsOf, isSameText } from './senders.ts';

/** One more route, of another part of the resource. */
export interface Route {
  readonly method: 'get' | 'post';
  /** In the words of the router: `/api/events/:seq`. */
  readonly path: string;
  handle(context: RouterContext): void | Promise<void>;
}

interface AppOptions extends EventRouteOptions {
  readonly routes?: readonly Route[];
  readonly version: string;
  /** The token in force; null when there is none. */
  healthToken(): string | null;
  /** What the holder of the health token sees beside status and version. */
  healthDetails(): Readonly<Record<string, unknown>>;
  /** @returns a text without the API keys in it */
  mask(text: string): string;
}

/**
 * The web application behind the game port, and the same behind a plain Node server. Each path also answers below
 * `/sonorancad`, so that a proxy which keeps the prefix, or another folder name, does not matter.
 */
export function createApp(options: AppOptions): Koa {
  const routes = new EventRoutes(options);
  const router = new Router();
  router.get('{/sonorancad}/event', routes.explain);
  router.post('{/sonorancad}/event', routes.receive);
  router.post('{/sonorancad}/pluginevent', routes.answerPlugin);
  router.get('{/sonorancad}/health', healthRoute(options));
  // A router of their own, asked last: an event would be compared with each of their paths. Made when it is first asked.
  let others: ReturnType<Router['routes']> | null = null;
  const app = new Koa();
  app
    .use(router.routes())
    .use((context, next) => {
      others ??= routesOf(options.routes ?? []);
      return others(context as RouterContext, next);
    })
    .use(router.allowedMethods());
  app.on('error', (error: unknown) => {
    const { code } = error as { code?: unknown };
    // The reader of a stream has gone, as each does in the end.
    if (code === 'ERR_STREAM_PREMATURE_CLOSE' || code === 'ECONNRESET') return;
    const origin = { code: String(code ?? ''), reason: reasonOf(error) };
    options.log.coalesce(origin).error('A request could not be handled; it was answered with an error.');
  });
  return app;
}

function routesOf(routes: readonly Route[]): ReturnType<Router['routes']> {
  const router = new Router();
  for (const { method, path, handle } of routes) router[method](`{/sonorancad}${path}`, handle);
  return router.routes();
}

/** `GET /health`: alive and which version for everybody, details only with `Authorization: Bearer <healthToken>`. */
function healthRoute({ version, healthToken, healthDetails, mask }: AppOptions): (context: RouterContext) => void {
  return (context) => {
    const token = healthToken();
    const offered = credentialsOf(context.get('authorization'), 'Bearer');
    const isTrusted = token !== null && offered !== null && isSameText(offered, token);
    context.set('Cache-Control', 'no-store');
    context.body = { status: 'ok', version, ...(isTrusted ? maskTexts(healthDetails(), mask) : {}) };
  };
}

/** @returns a copy in which every text is masked; addresses of targets and errors may quote a key */
function maskTexts(details: object, mask: (text: string) => string): object {
  return JSON.parse(JSON.stringify(details, (_, value) => (typeof value === 'string' ? mask(value) : value)));
}
