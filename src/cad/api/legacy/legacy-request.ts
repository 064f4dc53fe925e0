import type { Fields } from '../../../push-events/catalogue/read-values.ts';
import type { ApiInput, ApiOutput, EndpointName } from '../endpoints/endpoints.ts';

/** What a script asks for by one of the old names. */
export interface LegacyRequest {
  readonly endpoint: EndpointName;
  /**
   * @param data as the script gave it, out of its one-element list; a list only for what is one
   * @returns what the endpoint takes; what the script left out is missing from it, and refused with the request
   */
  toInput(data: Fields | readonly unknown[]): object;
  /** The text that version 1 of the API answered, for scripts that look into it. */
  toText?(output: unknown): string;
}

/** An input of which a script may have left out anything. */
type Unproven<T> = { readonly [K in keyof T]?: T[K] | undefined };

/** Joins a name's way of asking to an endpoint, so that both fit. */
export function legacyRequest<Name extends EndpointName>(
  endpoint: Name,
  toInput: (data: Fields, whole: Fields | readonly unknown[]) => Unproven<ApiInput<Name>>,
  toText?: (output: ApiOutput<Name>) => string,
): LegacyRequest {
  return {
    endpoint,
    toInput: (data) => toInput(Array.isArray(data) ? {} : (data as Fields), data),
    ...(toText && { toText: (output: unknown) => toText(output as ApiOutput<Name>) }),
  };
}
