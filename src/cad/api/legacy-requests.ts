import { type Fields, readObject, readWhole } from '../../events/read-values.ts';
import type { LegacyRequest } from './endpoint.ts';
import { type ApiInput, type EndpointName, endpoints } from './endpoints.ts';

/** A request that a script makes by an old name. */
export class NamedRequest {
  readonly endpoint: EndpointName;
  readonly row: LegacyRequest<object, unknown>;
  /** Whether version 1 of the API answered by text. */
  readonly isAnsweredByText: boolean;

  constructor(endpoint: EndpointName, row: LegacyRequest<object, unknown>, isAnsweredByText: boolean) {
    this.endpoint = endpoint;
    this.row = row;
    this.isAnsweredByText = isAnsweredByText;
  }

  /** Takes what a script gave out of its one-element list, unless that list is itself what is to be sent. */
  unwrap(given: unknown): Fields | readonly unknown[] {
    const only = readObject(given) ?? {};
    const isBare = this.row.listNames?.every((name) => only[name] === undefined) === true;
    return Array.isArray(given) && (given.length !== 1 || isBare) ? given : only;
  }

  /**
   * @param whole as `unwrap` gives it; a list only for what is one
   * @returns what the endpoint takes; what the script left out is missing from it, and refused with the request
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

/**
 * What a script means by a type that it gives to the export `performApiRequest`.
 *
 * @param type in any case
 * @returns null for a name that stands for nothing here
 */
export function legacyRequestOf(type: string): NamedRequest | null {
  return byName.get(type.trim().toUpperCase()) ?? null;
}

/** @returns what makes the input of an endpoint of what scripts give by an old name for it. @throws where that asks another endpoint */
export function legacyInputOf<Name extends EndpointName>(
  type: string,
  endpoint: Name,
): (data: Fields) => ApiInput<Name> {
  const request = legacyRequestOf(type);
  if (request?.endpoint !== endpoint) throw new Error(`${type} does not ask ${endpoint}`);
  return (data) => request.toInput(data) as ApiInput<Name>;
}
