import type { Answer } from './answers.ts';
import type { Endpoint } from './endpoint.ts';
import { calls } from './endpoints/calls.ts';
import { community } from './endpoints/community.ts';
import { records } from './endpoints/records.ts';
import { units } from './endpoints/units.ts';
import { world } from './endpoints/world.ts';

const table = { ...community, ...records, ...units, ...calls, ...world };

type Endpoints = typeof table;

/** What can be asked of the CAD. */
export type EndpointName = keyof Endpoints;

/** What a request takes. */
export type ApiInput<Name extends EndpointName> = Endpoints[Name]['input'];

/** What a request gives. */
export type ApiOutput<Name extends EndpointName> =
  Endpoints[Name]['output'] extends Answer<infer Output> ? Output : never;

/** All endpoints by name, for callers that have matched input and name already. */
export const endpoints = table as unknown as Readonly<Record<EndpointName, Endpoint>>;
