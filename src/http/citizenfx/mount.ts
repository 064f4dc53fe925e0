import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers';
import { attempt } from '../../lib/subscribers.ts';
import { CitizenFxRequest } from './request.ts';
import { CitizenFxResponse } from './response.ts';
import { answerPlainly, type CfxRequest, type CfxResponse } from './wire.ts';

interface BridgeOptions {
  /** Gets what a handler threw, and write errors that have no listener. */
  report(error: unknown): void;
}

/**
 * How often requests that are still open are watched for clients that go away. Most are answered before that, and a function that
 * crosses to the game server would be a fifth of what they cost. A client that goes away sooner is not noticed: its body is late.
 */
const WATCH_EVERY_MS = 10;

/**
 * Serves requests on the game port, below the resource's own prefix, with a handler made for `node:http`, such as
 * `koa.callback()`. To be called while the script loads: after a restart, a request that comes before it is never answered.
 *
 * @returns `stop`, for `onResourceStop`: answers everything that is still open with 503 before it returns, and every
 *   later request too, since the game server does not wait for anything asynchronous.
 */
export function mountOnCitizenFx(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  { report }: BridgeOptions,
): { stop(): void } {
  /** What is not answered yet, with the request while it is not watched. What is answered must not be held on to here. */
  const open = new Map<CitizenFxResponse, CfxRequest | null>();
  let isWatchDue = false;
  let isStopped = false;
  const owner = {
    settled: (response: CitizenFxResponse) => void open.delete(response),
    report,
  };

  function serve(request: CitizenFxRequest, response: CitizenFxResponse): void {
    attempt(
      () => handler(request as unknown as IncomingMessage, response),
      (error) => {
        response.destroy();
        report(error);
      },
    );
  }

  /** One timer for all: one for each request would cost more than the watch. */
  function watchOpen(): void {
    isWatchDue = false;
    for (const [response, request] of open) {
      open.set(response, null);
      request?.setCancelHandler(() => {
        try {
          response.abandon();
        } catch (error) {
          report(error);
        }
      });
    }
  }

  SetHttpHandler((originalRequest: CfxRequest, originalResponse: CfxResponse): void => {
    if (isStopped) {
      answerPlainly(originalResponse, 503, originalRequest.method);
      return;
    }
    const request = new CitizenFxRequest(originalRequest);
    const response = new CitizenFxResponse(request, originalResponse, owner);
    open.set(response, originalRequest);
    if (!isWatchDue) setTimeout(watchOpen, WATCH_EVERY_MS);
    isWatchDue = true;
    serve(request, response);
  });

  return {
    stop() {
      isStopped = true;
      for (const response of open.keys()) response.refuse(503);
    },
  };
}
