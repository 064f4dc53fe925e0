import { setImmediate } from 'node:timers';
import type { ApiConfig } from '../../../src/cad/api/cad-api.ts';
import { CadApi, type CadApiOptions } from '../../../src/cad/api/cad-api.ts';
import { type HttpTarget, type Respond, startHttpTarget } from '../../http-target.ts';
import { createManualClock, type ManualClock } from '../../manual-clock.ts';
import { until } from '../../until.ts';

export const API_KEY = 'a-key-of-the-community-0123456789';

export interface ApiInTest {
  readonly api: CadApi;
  readonly clock: ManualClock;
  readonly config: { -readonly [K in keyof ApiConfig]: ApiConfig[K] };
}

const cleanUp: (() => unknown)[] = [];

/** Closes all servers and clients of a test. */
export async function closeAll(): Promise<void> {
  for (const close of cleanUp.splice(0)) await close();
}

/** Starts a web server in place of the CAD. By default, it answers with an empty object. */
export async function serveCad(
  respond: Respond = (_request, response) => response.end('{}'),
  port?: number,
): Promise<HttpTarget> {
  const cad = await startHttpTarget(respond, port);
  cleanUp.push(() => cad.close());
  return cad;
}

/** Creates a responder that gives the answers in order, and repeats the last one. */
export function oneAfterTheOther(
  ...answers: readonly (readonly [status: number, body: unknown, headers?: Record<string, string>])[]
): Respond {
  let count = 0;
  return (_request, response) => {
    const [status, body, headers] = answers[Math.min(count, answers.length - 1)] ?? [200, {}];
    count += 1;
    response.writeHead(status, headers).end(typeof body === 'string' ? body : JSON.stringify(body));
  };
}

/** Creates an API client with a manual clock and real passes of the event loop. */
export function setUpApi(port: number, options: Partial<CadApiOptions> = {}): ApiInTest {
  const clock = createManualClock();
  const config = {
    apiSendEnabled: true,
    apiKeys: [API_KEY],
    mode: 'production' as const,
    apiUrl: `http://127.0.0.1:${port}`,
    serverId: 3,
  };
  const api = new CadApi({
    config: () => config,
    version: '5.0.0',
    clock: { ...clock, soon: (callback) => void setImmediate(callback) },
    random: () => 0.5,
    ...options,
  });
  cleanUp.push(() => api.stop());
  return { api, clock, config };
}

/** Waits until no request is in flight. The remaining ones wait for the clock. */
export function settled({ api }: ApiInTest): Promise<void> {
  return until(() => api.status().underWay === 0);
}
