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

/** Closes what a test has opened. */
export async function closeAll(): Promise<void> {
  for (const close of cleanUp.splice(0)) await close();
}

/** A web server that stands in for the CAD; it answers with an empty object unless told otherwise. */
export async function serveCad(
  respond: Respond = (_request, response) => response.end('{}'),
  port?: number,
): Promise<HttpTarget> {
  const cad = await startHttpTarget(respond, port);
  cleanUp.push(() => cad.close());
  return cad;
}

/** A respond function that gives one answer after the other, and the last one for ever. */
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

/** A client with time that stands still, and passes of the event loop that come by themselves. */
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

/** Waits until nothing is on its way any more: what is left waits for time to pass. */
export function settled({ api }: ApiInTest): Promise<void> {
  return until(() => api.status().underWay === 0);
}
