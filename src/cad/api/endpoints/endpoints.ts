import type * as v from 'valibot';
import { callEndpoints } from './calls.ts';
import type { Endpoint } from './endpoint.ts';
import { generalEndpoints } from './general.ts';
import { mapEndpoints } from './map.ts';
import { recordEndpoints } from './records.ts';
import { unitEndpoints } from './units.ts';

const endpoints = { ...generalEndpoints, ...unitEndpoints, ...callEndpoints, ...recordEndpoints, ...mapEndpoints };

type Endpoints = typeof endpoints;

/** What can be asked of the CAD. */
export type EndpointName = keyof Endpoints;

/** What a request takes. */
export type ApiInput<Name extends EndpointName> = Parameters<Endpoints[Name]['path']>[0];

/** What a request gives. */
export type ApiOutput<Name extends EndpointName> = v.InferOutput<Endpoints[Name]['answer']>;

/** @returns the endpoint, for callers that have matched input and name already */
export function endpointOf(name: EndpointName): Endpoint<object, unknown> {
  return endpoints[name] as unknown as Endpoint<object, unknown>;
}
