import type { ApiResult } from './api-result.ts';
import type { ApiInput, ApiOutput, EndpointName } from './endpoints/endpoints.ts';

/** Asks the CAD. Never rejects. */
export type CadRequest = <Name extends EndpointName>(
  name: Name,
  input: ApiInput<Name>,
) => Promise<ApiResult<ApiOutput<Name>>>;
