import Koa, { type Context } from 'koa';

type Run = (context: Context) => Promise<unknown>;

/** Part of Koa since its first version, and of none of its published types. */
interface RequestHandling {
  handleRequest(context: Context, run: Run): Promise<unknown>;
}

/**
 * Koa, for answers that are a text: those are sent as soon as the middleware is done, without the listeners by which Koa learns
 * of the end of every response (three of them, and two events; they serve streams). All others are left to Koa.
 */
export class LeanKoa extends Koa implements RequestHandling {
  async handleRequest(context: Context, run: Run): Promise<unknown> {
    const { res } = context;
    res.statusCode = 404;
    try {
      await run(context);
      if (context.respond === false) return undefined;
      if (isText(context)) return res.end(context.body);
    } catch (error) {
      return context.onerror(error as Error);
    }
    const { statusCode } = res;
    const restoreStatus: Run = async () => {
      res.statusCode = statusCode;
    };
    return (Koa.prototype as unknown as RequestHandling).handleRequest.call(this, context, restoreStatus);
  }
}

/** Statuses below 300 without a body, and 304, are Koa's to deal with, as is HEAD. */
function isText({ body, status, method, writable }: Context): boolean {
  return typeof body === 'string' && (status === 200 || status >= 400) && method !== 'HEAD' && writable;
}
