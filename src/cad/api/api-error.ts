import type { ApiError, ApiErrorKind, ApiResult } from './api-result.ts';

/** @returns a failed result; with neither status nor trace id unless given */
export function failure(
  kind: ApiErrorKind,
  message: string,
  { status = null, traceId = null }: Partial<Pick<ApiError, 'status' | 'traceId'>> = {},
): ApiResult<never> & { readonly ok: false } {
  return { ok: false, error: { kind, status, message, traceId } };
}

/** @returns whole seconds, for people */
export function inSeconds(milliseconds: number): string {
  return `${Math.max(1, Math.ceil(milliseconds / 1_000))} s`;
}

/** Nothing is asked any more. */
export const stopped = (): ReturnType<typeof failure> =>
  failure('stopped', 'The resource is stopping: nothing is asked of the CAD any more.');
