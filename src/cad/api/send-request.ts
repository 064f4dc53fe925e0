import type { Clock } from '../../lib/clock.ts';
import { type RequestUnderWay, sendOnce } from '../../lib/http-request.ts';
import type { CadSettings } from '../settings.ts';
import { isApiUrl } from '../settings.ts';
import { failure } from './results.ts';

/** What of the configuration the client needs. */
export type ApiConfig = Pick<CadSettings, 'apiSendEnabled' | 'apiKeys' | 'mode' | 'apiUrl' | 'serverId'>;

/** Why nothing is asked of the CAD; null when things are. */
export function disabledError({ apiSendEnabled, apiKeys, apiUrl }: ApiConfig): ReturnType<typeof failure> | null {
  if (!apiSendEnabled) {
    return failure('disabled', 'Nothing is asked of the CAD: apiSendEnabled is false.');
  }
  if (apiKeys.length === 0) {
    return failure('disabled', "There is no API key: put the key from the community's admin settings into apiKey.");
  }
  if (apiUrl !== '' && !isApiUrl(apiUrl)) {
    return failure(
      'disabled',
      'The API key is not sent to apiUrl: it must be an https URL, or an http URL on this machine.',
    );
  }
  return null;
}

/** One HTTP request to the CAD. */
interface ApiRequest {
  readonly method: string;
  readonly url: string;
  /** JSON; null for none. */
  readonly body: string | null;
  readonly apiKey: string;
}

export interface SendOptions {
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  /** The resource's, for the `User-Agent`. */
  readonly version: string;
}

const MAX_ANSWER_BYTES = 5 * 1024 * 1024;

/** Makes one request. @param deadlineMs by when the answer has to be whole */
export function sendRequest(
  { apiKey, ...request }: ApiRequest,
  deadlineMs: number,
  { clock, version, fetch: fetching }: SendOptions,
): RequestUnderWay {
  // The only place where the key goes into a request.
  const headers = {
    authorization: `Bearer ${apiKey}`,
    accept: 'application/json',
    'user-agent': `sonorancad/${version}`,
    ...(request.body !== null && { 'content-type': 'application/json' }),
  };
  return sendOnce({ ...request, headers, deadlineMs, maxAnswerBytes: MAX_ANSWER_BYTES }, clock, fetching);
}
