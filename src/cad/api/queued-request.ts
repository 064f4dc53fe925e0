import type { ApiResult } from './api-result.ts';

/** What came of one attempt of a request. */
export type Outcome =
  | { readonly kind: 'done'; readonly result: ApiResult<unknown> }
  /** It may be tried again; the result is what counts when it cannot. */
  | {
      readonly kind: 'again';
      readonly result: ApiResult<unknown>;
      readonly waitMs: number;
      /** Whether nothing else of the endpoint may go before that either. */
      readonly closesEndpoint: boolean;
    };

/** A request that waits for its turn. */
export interface QueuedRequest {
  readonly endpoint: string;
  readonly perMinute: number;
  /** Equal for requests that may share one answer; null for one that stands alone. */
  readonly mark: string | null;
  /** Whether an answer may be shared only by those who ask before the request is sent. */
  readonly mustBeNew: boolean;
  /** Whether it may wait for its turn, and be tried again. */
  readonly mayWait: boolean;
  /** Asked when its turn has come, before it costs anything. @returns why it has no point; null to go on */
  refusal(): ApiResult<unknown> | null;
  /** @param remainingMs of the time that it has in all */
  attempt(remainingMs: number): { readonly outcome: Promise<Outcome>; abort(): void };
}
