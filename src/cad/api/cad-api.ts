import { HostBackoff } from '../../lib/backoff.ts';
import type { Clock } from '../../lib/clock.ts';
import { sendOnce } from '../../lib/http-request.ts';
import { type CadSettings, isApiUrl } from '../settings.ts';
import type { Endpoint } from './endpoint.ts';
import { type ApiInput, type ApiOutput, type EndpointName, endpoints } from './endpoints.ts';
import { outcomeOf } from './outcome.ts';
import { type PlannedRequest, planRequest } from './plan-request.ts';
import { createRequestQueue } from './request-queue.ts';
import { type ApiError, type ApiResult, type Failure, failure, inSeconds, stopped } from './results.ts';

/** A request that failed, and when (milliseconds since 1970). */
interface ApiFailure {
  readonly endpoint: EndpointName;
  readonly at: number;
  readonly error: ApiError;
}

/** What of the configuration the client needs. */
export type ApiConfig = Pick<CadSettings, 'apiSendEnabled' | 'apiKeys' | 'mode' | 'apiUrl' | 'serverId'>;

export interface CadApiOptions {
  /** Asked for each request: a reload counts from the next one. */
  config(): ApiConfig;
  /** The resource's, for the `User-Agent`. */
  readonly version: string;
  readonly clock: Clock;
  /** Gives numbers from 0 to below 1. */
  random(): number;
  readonly fetch?: typeof fetch;
}

const ATTEMPT_MS = 10_000;
const FIRST_RETRY_MS = 1_000;
const MAX_ANSWER_BYTES = 5 * 1024 * 1024;

/** The CAD's own API, version 2. */
export function createCadApi(options: CadApiOptions) {
  const { clock, version, random, fetch: fetching } = options;
  const queue = createRequestQueue(clock);
  let isStopped = false;
  let lastSuccessAt: number | null = null;
  let lastFailure: ApiFailure | null = null;
  let backoff: { readonly host: string; readonly of: HostBackoff } | null = null;

  function backoffOf(host: string): HostBackoff {
    if (backoff?.host !== host) backoff = { host, of: new HostBackoff(clock, random) };
    return backoff.of;
  }

  function refusal({ host }: PlannedRequest): ApiResult<never> | null {
    const disabled = disabledError(options.config());
    if (disabled !== null) return disabled;
    const wait = backoffOf(host).admit();
    if (wait === null) return null;
    return failure(
      'unreachable',
      `The CAD's API at ${host} does not answer: it is tried again in ${inSeconds(wait)}, and nothing is sent until then.`,
    );
  }

  function attempt(endpoint: Endpoint, plan: PlannedRequest, remainingMs: number, retries: number) {
    const { apiKeys } = options.config();
    const deadlineMs = Math.min(ATTEMPT_MS, remainingMs);
    const { method, url, body, host } = plan;
    // The only place where the key goes into a request.
    const headers = {
      authorization: `Bearer ${apiKeys[0] ?? ''}`,
      accept: 'application/json',
      'user-agent': `sonorancad/${version}`,
      ...(body !== null && { 'content-type': 'application/json' }),
    };
    const request = { method, url, body, headers, deadlineMs, maxAnswerBytes: MAX_ANSWER_BYTES };
    const sent = sendOnce(request, clock, fetching);
    const outcome = sent.exchange.then((what) => {
      // One that had hardly any time says nothing about the host.
      if (what.kind === 'answered' || what.kind === 'tooLong') backoffOf(host).answered();
      else if (what.kind === 'failed' || deadlineMs === ATTEMPT_MS) backoffOf(host).failed();
      const retryMs = random() * FIRST_RETRY_MS * 2 ** retries;
      return outcomeOf(what, { endpoint, plan, apiKeys, now: clock.now(), retryMs });
    });
    return { outcome, abort: sent.abort };
  }

  function isEnabled(): boolean {
    return !isStopped && disabledError(options.config()) === null;
  }

  async function ask(name: EndpointName, input: object): Promise<ApiResult<unknown>> {
    if (isStopped) return stopped();
    const config = options.config();
    const disabled = disabledError(config);
    if (disabled !== null) return disabled;
    const endpoint = endpoints[name];
    const planned = planRequest(endpoint, input, config);
    if (!planned.ok) return planned;
    const { plan } = planned;
    let retries = 0;
    return queue.submit({
      endpoint: name,
      perMinute: endpoint.perMinute,
      mark: endpoint.mayCoalesce ? `${name} ${plan.url} ${plan.body ?? ''}` : null,
      mustBeNew: endpoint.mustBeNew,
      mayWait: endpoint.mayWait,
      refusal: () => refusal(plan),
      attempt: (remainingMs) => attempt(endpoint, plan, remainingMs, retries++),
    });
  }

  return {
    /** Whether requests are made at all. */
    isEnabled,
    /**
     * Asks something of the CAD. It never throws, takes 30 s at most, and sends nothing before the next pass of the event loop;
     * even so it has no place in what an event waits for.
     */
    async request<Name extends EndpointName>(name: Name, input: ApiInput<Name>): Promise<ApiResult<ApiOutput<Name>>> {
      const result = await ask(name, input);
      if (result.ok) lastSuccessAt = clock.now();
      else if (result.error.kind !== 'stopped' && result.error.kind !== 'disabled') {
        lastFailure = { endpoint: name, at: clock.now(), error: result.error };
      }
      return result as ApiResult<ApiOutput<Name>>;
    },
    status() {
      const endpoints = queue.status();
      return {
        enabled: isEnabled(),
        /** Endpoints that were used. */
        endpoints,
        /** Requests that wait for their turn. */
        waiting: endpoints.reduce((sum, { waiting }) => sum + waiting, 0),
        underWay: endpoints.reduce((sum, { underWay }) => sum + underWay, 0),
        /** Milliseconds since 1970; null before the first. */
        lastSuccessAt,
        lastFailure,
        /** While the CAD does not answer: milliseconds until the next request may try; null otherwise. */
        nextTryInMs: backoff?.of.nextTryInMs() ?? null,
      };
    },
    /** Aborts what is under way, answers what waits with kind 'stopped'; nothing is sent afterwards. */
    stop() {
      isStopped = true;
      queue.stop();
    },
  };
}

export type CadApi = ReturnType<typeof createCadApi>;

/** Asks the CAD. Never rejects. */
export type CadRequest = CadApi['request'];

/** Why nothing is asked of the CAD; null when things are. */
function disabledError({ apiSendEnabled, apiKeys, apiUrl }: ApiConfig): Failure | null {
  let why = '';
  if (!apiSendEnabled) why = 'Nothing is asked of the CAD: apiSendEnabled is false.';
  else if (apiKeys.length === 0)
    why = "There is no API key: put the key from the community's admin settings into apiKey.";
  else if (apiUrl !== '' && !isApiUrl(apiUrl))
    why = 'The API key is not sent to apiUrl: it must be an https URL, or an http URL on this machine.';
  return why === '' ? null : failure('disabled', why);
}
