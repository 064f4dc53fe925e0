import { HostBackoff } from '../../lib/backoff.ts';
import type { Clock } from '../../lib/clock.ts';
import { sendOnce } from '../../lib/http-request.ts';
import { type CadSettings, isApiUrl } from '../settings.ts';
import type { Endpoint } from './endpoint.ts';
import { type ApiInput, type ApiOutput, type EndpointName, endpoints } from './endpoints.ts';
import { outcomeOf } from './outcome.ts';
import { type PlannedRequest, planRequest } from './plan-request.ts';
import { type EndpointStatus, RequestQueue } from './request-queue.ts';
import { type ApiError, type ApiResult, type Failure, failure, inSeconds, stopped } from './results.ts';

/** Sends a request to the CAD. Never rejects. */
export type CadRequest = <Name extends EndpointName>(
  name: Name,
  input: ApiInput<Name>,
) => Promise<ApiResult<ApiOutput<Name>>>;

/** The settings that the API client reads. */
export type ApiConfig = Pick<CadSettings, 'apiSendEnabled' | 'apiKeys' | 'mode' | 'apiUrl' | 'serverId'>;

export interface CadApiOptions {
  /** Called for each request, so that a reload takes effect with the next one. */
  config(): ApiConfig;
  /** The resource's version, for the `User-Agent` header. */
  readonly version: string;
  readonly clock: Clock;
  /** @returns a number from 0 to below 1 */
  random(): number;
  readonly fetch?: typeof fetch;
}

/** A failed request, with its time in milliseconds since 1970. */
interface FailedRequest {
  readonly endpoint: EndpointName;
  readonly at: number;
  readonly error: ApiError;
}

/** The status of the API client. */
export interface ApiStatus {
  readonly enabled: boolean;
  /** The endpoints used since the start. */
  readonly endpoints: readonly EndpointStatus[];
  /** Number of requests that wait for their rate limit. */
  readonly waiting: number;
  /** Number of requests in flight. */
  readonly underWay: number;
  /** Milliseconds since 1970; null before the first success. */
  readonly lastSuccessAt: number | null;
  readonly lastFailure: FailedRequest | null;
  /** Milliseconds until the next request may be sent, while the CAD does not answer; null otherwise. */
  readonly nextTryInMs: number | null;
}

const ATTEMPT_TIMEOUT_MS = 10_000;
/** Upper bound of the first random wait before a retry. It doubles with each retry. */
const FIRST_RETRY_MS = 1_000;
const MAX_ANSWER_BYTES = 5 * 1024 * 1024;

/** A client of the CAD's REST API, version 2, with rate limits, retries and a backoff for each host. */
export class CadApi {
  readonly #options: CadApiOptions;
  readonly #queue: RequestQueue;
  #isStopped = false;
  #lastSuccessAt: number | null = null;
  #lastFailure: FailedRequest | null = null;
  #backoff: { readonly host: string; readonly backoff: HostBackoff } | null = null;

  constructor(options: CadApiOptions) {
    this.#options = options;
    this.#queue = new RequestQueue(options.clock);
  }

  /** Whether requests are sent at all. */
  isEnabled(): boolean {
    return !this.#isStopped && disabledError(this.#options.config()) === null;
  }

  /**
   * Sends a request and returns its result within 30 s. Never rejects, and sends nothing before the next pass of the
   * event loop. Do not await it while handling an event: that would delay the event by up to 30 s.
   */
  readonly request: CadRequest = async <Name extends EndpointName>(name: Name, input: ApiInput<Name>) => {
    const result = await this.#submit(name, input);
    const now = this.#options.clock.now();

    if (result.ok) this.#lastSuccessAt = now;
    else if (result.error.kind !== 'stopped' && result.error.kind !== 'disabled') {
      this.#lastFailure = { endpoint: name, at: now, error: result.error };
    }
    return result as ApiResult<ApiOutput<Name>>;
  };

  status(): ApiStatus {
    const endpointStatuses = this.#queue.status();
    let waiting = 0;
    let underWay = 0;
    for (const endpoint of endpointStatuses) {
      waiting += endpoint.waiting;
      underWay += endpoint.underWay;
    }

    return {
      enabled: this.isEnabled(),
      endpoints: endpointStatuses,
      waiting,
      underWay,
      lastSuccessAt: this.#lastSuccessAt,
      lastFailure: this.#lastFailure,
      nextTryInMs: this.#backoff?.backoff.nextTryInMs() ?? null,
    };
  }

  /** Aborts the requests in flight and answers all waiting requests with an error of kind `stopped`. */
  stop(): void {
    this.#isStopped = true;
    this.#queue.stop();
  }

  async #submit(name: EndpointName, input: object): Promise<ApiResult<unknown>> {
    if (this.#isStopped) return stopped();
    const config = this.#options.config();
    const disabled = disabledError(config);
    if (disabled !== null) return disabled;

    const endpoint = endpoints[name];
    const planned = planRequest(endpoint, input, config);
    if (!planned.ok) return planned;

    const { plan } = planned;
    let retries = 0;
    return this.#queue.submit({
      endpoint: name,
      perMinute: endpoint.perMinute,
      coalescingKey: endpoint.mayCoalesce ? `${name} ${plan.url} ${plan.body ?? ''}` : null,
      mustBeNew: endpoint.mustBeNew,
      mayWait: endpoint.mayWait,
      refusal: () => this.#refusal(plan),
      attempt: (remainingMs) => this.#attempt(endpoint, plan, remainingMs, retries++),
    });
  }

  /** @returns why a request cannot be sent now; null when it can */
  #refusal({ host }: PlannedRequest): ApiResult<never> | null {
    const disabled = disabledError(this.#options.config());
    if (disabled !== null) return disabled;

    const waitMs = this.#backoffFor(host).admit();
    if (waitMs === null) return null;
    const pause = `the next request may be sent in ${inSeconds(waitMs)}`;
    return failure('unreachable', `The CAD's API at ${host} does not answer: ${pause}.`);
  }

  #attempt(endpoint: Endpoint, plan: PlannedRequest, remainingMs: number, retries: number) {
    const { clock, config, version, random, fetch: fetching } = this.#options;
    const { apiKeys } = config();
    const { method, url, body, host } = plan;
    const deadlineMs = Math.min(ATTEMPT_TIMEOUT_MS, remainingMs);
    // No other place puts the key into a request.
    const headers = {
      authorization: `Bearer ${apiKeys[0] ?? ''}`,
      accept: 'application/json',
      'user-agent': `sonorancad/${version}`,
      ...(body !== null && { 'content-type': 'application/json' }),
    };
    const request = { method, url, body, headers, deadlineMs, maxAnswerBytes: MAX_ANSWER_BYTES };
    const sent = sendOnce(request, clock, fetching);

    const outcome = sent.exchange.then((exchange) => {
      const hasAnswered = exchange.kind === 'answered' || exchange.kind === 'tooLong';
      if (hasAnswered) this.#backoffFor(host).answered();
      // A timeout shorter than the usual one does not show that the host is down.
      else if (exchange.kind === 'failed' || deadlineMs === ATTEMPT_TIMEOUT_MS) this.#backoffFor(host).failed();

      const retryMs = random() * FIRST_RETRY_MS * 2 ** retries;
      return outcomeOf(exchange, { endpoint, plan, apiKeys, now: clock.now(), retryMs });
    });
    return { outcome, abort: sent.abort };
  }

  /** A new host, after a change of `apiUrl` or `mode`, starts with a new backoff. */
  #backoffFor(host: string): HostBackoff {
    const { clock, random } = this.#options;
    if (this.#backoff?.host !== host) this.#backoff = { host, backoff: new HostBackoff(clock, random) };
    return this.#backoff.backoff;
  }
}

/** @returns why no request is sent with this configuration; null when requests are sent */
function disabledError({ apiSendEnabled, apiKeys, apiUrl }: ApiConfig): Failure | null {
  if (!apiSendEnabled) {
    return failure('disabled', 'No request was sent to the CAD, because apiSendEnabled is false.');
  }
  if (apiKeys.length === 0) {
    return failure('disabled', "There is no API key: put the key from the community's admin settings into apiKey.");
  }
  if (apiUrl !== '' && !isApiUrl(apiUrl)) {
    const rule = 'it must be an https URL, or an http URL on this machine';
    return failure('disabled', `The API key is not sent to apiUrl: ${rule}.`);
  }
  return null;
}
