import { type Fields, readObject, readWhole } from '../../events/read-values.ts';
import type { LegacyRequest } from './endpoint.ts';
import { type ApiInput, type EndpointName, endpoints } from './endpoints.ts';

/** A request type of `performApiRequest`, with the endpoint that it stands for. */
export class NamedRequest {
  readonly endpoint: EndpointName;
  readonly row: LegacyRequest<object, unknown>;
  /** Whether version 1 of the API answered with text. */
  readonly isAnsweredByText: boolean;

  constructor(endpoint: EndpointName, row: LegacyRequest<object, unknown>, isAnsweredByText: boolean) {
    this.endpoint = endpoint;
    this.row = row;
    this.isAnsweredByText = isAnsweredByText;
  }

  /** Unwraps a script's data from a one-element list, unless the endpoint takes that list itself. */
  unwrap(given: unknown): Fields | readonly unknown[] {
    const only = readObject(given) ?? {};
    const isBare = this.row.listNames?.every((name) => only[name] === undefined) === true;
    return Array.isArray(given) && (given.length !== 1 || isBare) ? given : only;
  }

  /**
   * Builds the endpoint's input from a script's data. Members that the script left out are missing.
   *
   * @param whole as `unwrap` returns it
   */
  toInput(whole: Fields | readonly unknown[]): object {
    const data = Array.isArray(whole) ? {} : (whole as Fields);
    const read = (this.row.reads ?? []).map((reader) => {
      if (typeof reader === 'function') return reader(data, whole);
      const readers = Object.entries(reader) as [string, (given: unknown) => unknown][];
      return Object.fromEntries(readers.map(([name, readMember]) => [name, readMember(data[name])]));
    });
    const isOfServer = endpoints[this.endpoint].request.includes('{serverId}');
    const input: Fields = Object.assign({}, ...read, isOfServer && { serverId: readWhole(data.serverId) });
    return Object.fromEntries(Object.entries(input).filter(([, value]) => value !== undefined));
  }
}

const byName = new Map(
  Object.entries(endpoints).flatMap(([endpoint, { legacy }]) =>
    Object.entries(legacy).flatMap(([names, row]) =>
      names.split(' ').map((name) => {
        const request = new NamedRequest(endpoint as EndpointName, row, name.endsWith('*'));
        return [name.replace('*', ''), request] as const;
      }),
    ),
  ),
);

/** Finds a request type of the export `performApiRequest`, case-insensitively. @returns null for an unknown type */
export function findLegacyRequest(type: string): NamedRequest | null {
  return byName.get(type.trim().toUpperCase()) ?? null;
}

/**
 * Creates a function that builds an endpoint's input from a script's data for a request type.
 *
 * @throws when the type stands for another endpoint
 */
export function createLegacyInput<Name extends EndpointName>(
  type: string,
  endpoint: Name,
): (data: Fields) => ApiInput<Name> {
  const request = findLegacyRequest(type);
  if (request?.endpoint !== endpoint)
    throw new Error(`The request type ${type} does not stand for the endpoint ${endpoint}.`);
  return (data) => request.toInput(data) as ApiInput<Name>;
}
