import type { Answer } from './answers.ts';
import type { Endpoint } from './endpoint.ts';
import { calls } from './endpoints/calls.ts';
import { community } from './endpoints/community.ts';
import { records } from './endpoints/records.ts';
import { units } from './endpoints/units.ts';
import { world } from './endpoints/world.ts';

const table = { ...community, ...records, ...units, ...calls, ...world };

type Endpoints = typeof table;

/** The name of an endpoint. */
export type EndpointName = keyof Endpoints;

/** The input of an endpoint. */
export type ApiInput<Name extends EndpointName> = Endpoints[Name]['input'];

/** The result of an endpoint. */
export type ApiOutput<Name extends EndpointName> =
  Endpoints[Name]['output'] extends Answer<infer Output> ? Output : never;

/** All endpoints by name, without the types of their input and output. */
export const endpoints = table as unknown as Readonly<Record<EndpointName, Endpoint>>;
