import type { IncomingMessage, ServerResponse } from 'node:http';
import { setTimeout } from 'node:timers';
import { isThenable } from '../promises/is-thenable.ts';
import { answerPlainly, type CfxRequest, type CfxResponse } from './citizenfx-http.ts';
import { CitizenFxRequest } from './citizenfx-request.ts';
import { CitizenFxResponse } from './citizenfx-response.ts';

export interface BridgeOptions {
  /** Gets what a handler threw, and write errors that nobody listened for. */
  report(error: unknown): void;
  /** Calls back a little later; after 10 ms unless given. */
  later?(callback: () => void): void;
}

/** Longer than all answers take that wait for nobody, so that in a burst few of them are looked at. */
const WATCH_AFTER_MS = 10;
/** A body of so many bytes takes its time to come. */
const LONG_BODY = 65_536;

/**
 * Serves requests on the game port, below the resource's own prefix, with a handler made for `node:http`, such as
 * `koa.callback()`. To be called while the script loads: after a restart, a request that comes before it is never answered.
 *
 * @returns `stop`, for `onResourceStop`: answers everything that is still open with 503 before it returns, and every
 *   later request too, since the game server does not wait for anything asynchronous.
 */
export function mountOnCitizenFx(
  handler: (request: IncomingMessage, response: ServerResponse) => void,
  { report, later = (callback) => void setTimeout(callback, WATCH_AFTER_MS) }: BridgeOptions,
): () => void {
  /** What is not answered yet, with the request of each that is not watched. What is answered must not be held on to here. */
  const open = new Map<CitizenFxResponse, CfxRequest | null>();
  let watchIsDue = false;
  let stopped = false;
  const owner = { settled: (response: CitizenFxResponse) => void open.delete(response), report };

  function serve(request: CitizenFxRequest, response: CitizenFxResponse): void {
    const fail = (error: unknown): void => {
      response.destroy();
      report(error);
    };
    try {
      const returned: unknown = handler(request as unknown as IncomingMessage, response);
      if (isThenable(returned)) returned.then(undefined, fail);
    } catch (error) {
      fail(error);
    }
  }

  /**
   * To learn of a client that went away costs a call out of the runtime, and a callback for each request costs as much: they
   * are looked at together, when most answers are out, except those with a long body. A client that goes away before that is not
   * noticed: its body is taken for late.
   */
  function watchSoon(): void {
    if (watchIsDue) return;
    watchIsDue = true;
    later(watchOpen);
  }

  function watchOpen(): void {
    watchIsDue = false;
    for (const [response, original] of open) if (original !== null) watch(response, original);
  }

  function watch(response: CitizenFxResponse, original: CfxRequest): void {
    open.set(response, null);
    original.setCancelHandler(() => abandon(response));
  }

  function abandon(response: CitizenFxResponse): void {
    try {
      response.abandon();
    } catch (error) {
      report(error);
    }
  }

  SetHttpHandler((originalRequest: CfxRequest, originalResponse: CfxResponse): void => {
    if (stopped) {
      answerPlainly(originalResponse, 503, originalRequest.method);
      return;
    }
    const request = new CitizenFxRequest(originalRequest);
    const response = new CitizenFxResponse(request, originalResponse, owner);
    open.set(response, originalRequest);
    serve(request, response);
    if (!response.pending) return;
    if (request.announced >= LONG_BODY) watch(response, originalRequest);
    else watchSoon();
  });

  return () => {
    stopped = true;
    for (const response of open.keys()) response.refuse(503);
  };
}
