import { randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Router from '@koa/router';
import type { Context, Middleware } from 'koa';
import * as v from 'valibot';
import { activeFaults, type FaultName, type Faults, faultNames, faultSentence, switchFault } from './faults.ts';
import type { Hub } from './hub/hub.ts';
import { describePush, fireEvent, type Pushes } from './pushes.ts';
import { readBody } from './read-body.ts';
import type { RequestLog } from './request-log.ts';
import type { World } from './world/world.ts';

interface PageOptions {
  readonly world: World;
  readonly faults: Faults;
  readonly log: RequestLog;
  readonly hub: Hub;
  readonly pushes: Pushes;
  /** One event of each type, without the key. */
  readonly samples: readonly object[];
}

const SHOWN = 50;
const HTML = join(import.meta.dirname, 'page.html');
const LOOPBACK = /^(?:127\.0\.0\.1|localhost|\[::1\])(?::\d{1,5})?$/i;

const fireSchema = v.object({
  event: v.looseObject({ type: v.pipe(v.string(), v.minLength(1)) }),
  /** Unless given: over the session when there is one, else by HTTP. */
  via: v.optional(v.picklist(['session', 'http'])),
  serverId: v.optional(v.pipe(v.number(), v.integer())),
});
const faultSchema = v.object({ name: v.picklist(faultNames as [FaultName, ...FaultName[]]), on: v.boolean() });
const dropSchema = v.object({ midMessage: v.optional(v.boolean(), false) });

/** The page in the browser. @returns the middlewares that serve it, in this order */
export function createPage({ world, faults, log, hub, pushes, samples }: PageOptions): Middleware[] {
  const state = () => ({
    requests: log.requests.slice(-SHOWN).reverse(),
    pushes: pushes.list.slice(-SHOWN).reverse(),
    sessions: hub.sessions(),
    servers: world.servers,
    faults: activeFaults(faults),
  });

  const actions: Readonly<Record<string, (body: unknown) => Promise<object>>> = {
    async '/fire'(body) {
      const { event, via, serverId } = v.parse(fireSchema, body);
      const push = await fireEvent(world, pushes, event, {
        ...(via !== undefined && { via }),
        ...(serverId !== undefined && { serverId }),
      });
      return { ...push, text: describePush(push) };
    },
    async '/fault'(body) {
      const { name, on } = v.parse(faultSchema, body);
      switchFault(faults, name, on);
      return { faults: activeFaults(faults) };
    },
    async '/drop'(body) {
      return { dropped: hub.drop(v.parse(dropSchema, body).midMessage) };
    },
  };

  const router = new Router();
  router.get('/', sendPage);
  router.get('/state', (ctx) => {
    ctx.body = state();
  });
  router.get('/samples', (ctx) => {
    ctx.body = { samples, faults: faultNames.map((name) => ({ name, says: faultSentence(name) })) };
  });
  for (const [path, action] of Object.entries(actions))
    router.post(path, async (ctx) => {
      // CSRF: pages of other sites cannot set this header, because the CORS preflight gets no answer here.
      if (ctx.get('x-fakecad') !== '1') return refuse(ctx, 403, 'The header x-fakecad is missing.');
      try {
        ctx.body = await action(JSON.parse((await readBody(ctx.req)) ?? 'null'));
      } catch (error) {
        refuse(ctx, 400, String((error as Error).message));
      }
    });

  const guard: Middleware = async (ctx, next) => {
    ctx.set('Cache-Control', 'no-store');
    // DNS rebinding: a foreign name that resolves to this machine must not reach the page.
    if (!LOOPBACK.test(ctx.get('host'))) return refuse(ctx, 403, 'This page is for this machine only.');
    await next();
    if (ctx.status === 404) refuse(ctx, 404, 'There is no such page.');
  };
  return [guard, router.routes()] as Middleware[];
}

function refuse(ctx: Context, status: number, error: string): void {
  ctx.status = status;
  ctx.body = { error };
}

function sendPage(ctx: Context): void {
  const nonce = randomBytes(16).toString('base64');
  const own = `script-src 'nonce-${nonce}'; style-src 'nonce-${nonce}'; connect-src 'self'; img-src data:`;
  const nothing = "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  ctx.set('Content-Security-Policy', `${nothing}; ${own}`);
  ctx.set('X-Content-Type-Options', 'nosniff');
  ctx.type = 'html';
  ctx.body = readFileSync(HTML, 'utf8').replaceAll('{{nonce}}', nonce);
}
