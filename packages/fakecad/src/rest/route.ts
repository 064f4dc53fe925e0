import type * as v from 'valibot';
import type { Faults } from '../faults.ts';
import type { ServerWorld, World } from '../world/world.ts';

/** What the answers of all endpoints come from. */
export interface Community {
  /** As in `sonoran_communityID`. */
  readonly id: string;
  readonly uuid: string;
  readonly name: string;
  readonly plan: { readonly version: number; readonly name: string };
  readonly world: World;
}

/** A request that may be answered. */
export interface Call<Body> {
  readonly community: Community;
  readonly world: World;
  /** What the address has in place of `:name`, decoded. */
  readonly params: Readonly<Record<string, string>>;
  /** The server named in the address; 0 where the address names none. */
  readonly serverId: number;
  readonly server: ServerWorld;
  readonly query: URLSearchParams;
  readonly body: Body;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** The address that the request came from. */
  readonly peer: string;
  /** What goes wrong on purpose; nothing where the faults are for other requests. */
  readonly faults: Faults;
  /** Sends a push event to the server named in the address, once the request is answered. */
  push(type: string, data: unknown): void;
}

interface RouteOptions<Body> {
  /** Requests a minute; null where none is documented. */
  readonly limit: number | null;
  /** Needs no API key. */
  readonly open?: true;
  /** What the body must be; `text` is taken as it is. Without it no body is read. */
  readonly body?: v.GenericSchema<unknown, Body> | 'text';
  /** Whether it answers with a list, that may break off. */
  readonly list?: true;
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

/**
 * One endpoint.
 *
 * @param path `:name` stands for one segment; `:serverId` must be a server of the community
 * @param answer gives what becomes JSON, or text; throws what `reply.ts` makes for any other answer than 200
 */
export function route<Body>(
  method: Method,
  path: string,
  options: RouteOptions<Body>,
  answer: (call: Call<Body>) => object | string,
) {
  // The schema has checked what the answer takes.
  return {
    method,
    path,
    ...(options as RouteOptions<unknown>),
    answer: answer as (call: Call<unknown>) => object | string,
  };
}

export type Route = ReturnType<typeof route>;

/** A number from the query, within its bounds. @param fallback when there is none, or none that makes sense */
export function numberOf(
  query: URLSearchParams,
  name: string,
  fallback: number,
  most = Number.MAX_SAFE_INTEGER,
): number {
  const text = query.get(name) ?? '';
  return /^\d{1,9}$/.test(text) ? Math.min(Number(text), most) : fallback;
}

/** `true` or `false` from the query, in any case. */
export function flagOf(query: URLSearchParams, name: string, fallback: boolean): boolean {
  const text = query.get(name)?.toLowerCase();
  return text === 'true' || (text !== 'false' && fallback);
}

/** The part of a list that a request with `limit` and `offset` asks for. */
export function pageOf<T>(query: URLSearchParams, list: readonly T[], names = ['limit', 'offset'], size = 100): T[] {
  const [limit = '', offset = ''] = names;
  const start = numberOf(query, offset, 0);
  return list.slice(start, start + numberOf(query, limit, size, 100));
}
