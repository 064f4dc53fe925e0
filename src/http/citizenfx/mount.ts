import type { IncomingMessage, ServerResponse } from 'node:http';
import { clearTimeout, setTimeout } from 'node:timers';
import { attempt } from '../../lib/subscribers.ts';
import { CitizenFxRequest } from './request.ts';
import { CitizenFxResponse } from './response.ts';
import { answerPlainly, type CfxRequest, type CfxResponse } from './wire.ts';

export interface BridgeOptions {
  /** Gets what a handler threw, and write errors that have no listener. */
  report(error: unknown): void;
}

/**
 * Longer than most answers take, for which a function that crosses to the game server would be a fifth of the cost. A client that
 * goes away before that is not noticed: its body is taken for late.
 */
const WATCH_AFTER_MS = 10;

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
): () => void {
  /** What is not answered yet, with the timer of its watch. What is answered must not be held on to here. */
  const open = new Map<CitizenFxResponse, NodeJS.Timeout>();
  let isStopped = false;
  const owner = {
    settled(response: CitizenFxResponse) {
      clearTimeout(open.get(response));
      open.delete(response);
    },
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

  function watch(original: CfxRequest, response: CitizenFxResponse): void {
    original.setCancelHandler(() => {
      try {
        response.abandon();
      } catch (error) {
        report(error);
      }
    });
  }

  SetHttpHandler((originalRequest: CfxRequest, originalResponse: CfxResponse): void => {
    if (isStopped) {
      answerPlainly(originalResponse, 503, originalRequest.method);
      return;
    }
    const request = new CitizenFxRequest(originalRequest);
    const response = new CitizenFxResponse(request, originalResponse, owner);
    open.set(
      response,
      setTimeout(() => watch(originalRequest, response), WATCH_AFTER_MS),
    );
    serve(request, response);
  });

  return () => {
    isStopped = true;
    for (const response of open.keys()) response.refuse(503);
  };
}
