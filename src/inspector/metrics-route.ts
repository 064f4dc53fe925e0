import { Buffer } from 'node:buffer';
import type { Route } from '../http/app.ts';
import { credentialsOf, isSameText, type Requester, type WrongTokens } from './access.ts';
import { createMetrics, type Metrics, type MetricsOptions } from './metrics.ts';

interface MetricsRouteOptions extends MetricsOptions {
  /** The token in force; null when there is none. */
  healthToken(): string | null;
  /** The game server's own login for Prometheus, both parts of it; null where one of them is empty. */
  prometheusLogin(): { readonly user: string; readonly password: string } | null;
  readonly wrong: WrongTokens;
}

const TO_OPEN =
  'Metrics are opened by healthToken (Authorization: Bearer), or by sv_prometheusBasicAuthUser and sv_prometheusBasicAuthPassword.\n';

/** @returns `GET /metrics`, in Prometheus' text format */
export function createMetricsRoute(options: MetricsRouteOptions): Route {
  const { healthToken, prometheusLogin, wrong } = options;
  let metrics: Metrics | null = null;

  function isTrusted(authorization: string): boolean {
    const token = healthToken();
    const bearer = credentialsOf(authorization, 'Bearer');
    if (bearer !== null) return token !== null && isSameText(bearer, token);
    const login = prometheusLogin();
    const basic = credentialsOf(authorization, 'Basic');
    if (basic === null || login === null) return false;
    return isSameText(Buffer.from(basic, 'base64').toString(), `${login.user}:${login.password}`);
  }

  /** @returns the status that a request is refused with; null when it is served */
  function refuse({ authorization, address }: Requester): 401 | 429 | null {
    if (isTrusted(authorization)) return null;
    return authorization !== '' && wrong.count(address) === 'too-many' ? 429 : 401;
  }

  return {
    method: 'get',
    path: '/metrics',
    async handle(context) {
      const { authorization = '' } = context.req.headers;
      const refusal = refuse({ authorization, address: context.req.socket.remoteAddress ?? '' });
      context.set('Cache-Control', 'no-store');
      context.type = 'text/plain; charset=utf-8';
      if (refusal !== null) {
        context.status = refusal;
        if (refusal === 401) context.set('WWW-Authenticate', 'Basic realm="sonorancad", Bearer');
        context.body = TO_OPEN;
        return;
      }
      metrics ??= createMetrics(options);
      const { text, contentType } = metrics;
      context.set('Content-Type', contentType);
      context.body = await text();
    },
  };
}
