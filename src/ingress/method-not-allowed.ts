import type { RouterContext } from '@koa/router';

/** Answers 405 with the methods there are when a path is known and its method is not; leaves 404 to Koa. */
export async function methodNotAllowed(context: RouterContext, next: () => Promise<unknown>): Promise<void> {
  await next();
  if (context.status !== 404 || context.body !== undefined || !context.matched?.length) return;
  const methods = new Set(context.matched.flatMap((layer) => layer.methods));
  context.status = 405;
  context.set('Allow', [...methods].sort().join(', '));
  context.body = 'Method Not Allowed';
}
