import type { CadRequest } from '../../../src/cad/api/cad-api.ts';
import type { ServerEntry } from '../../../src/cad/api/inputs.ts';
import type { ApiError, ApiErrorKind, ApiResult } from '../../../src/cad/api/results.ts';
import type { ServerList } from '../../../src/cad/registration/server-list.ts';
import type { Clock } from '../../../src/lib/clock.ts';

/** What registration asks of the CAD, a function a request. */
export interface RegistrationApi {
  isEnabled(): boolean;
  getVersion(): Promise<ApiResult<{ version: number; name: string }>>;
  getCommunity(): Promise<ApiResult<{ comId: string; name: string }>>;
  getServers(): Promise<ApiResult<{ servers: ServerList; [more: string]: unknown }>>;
  setServers(servers: ServerList): Promise<ApiResult<unknown>>;
}

/** @returns the way to ask it by the names of requests */
export function requestOf(api: Partial<RegistrationApi>): CadRequest {
  const request = async (name: keyof RegistrationApi, input: { servers: ServerList }) =>
    name === 'setServers' ? api.setServers?.(input.servers) : api[name]?.();
  return request as unknown as CadRequest;
}

/** What becomes of one request: nothing out of the ordinary, an error, an error after the write was made, or other servers. */
export type Fate = null | ApiErrorKind | 'lost answer' | ((list: ServerList) => ServerList);

/** The CAD's side of registration, with its list in memory. */
export interface PretendCad {
  list: ServerList;
  version: ApiResult<{ version: number; name: string }>;
  community: ApiResult<{ comId: string; name: string }>;
  isEnabled: boolean;
  /** What stands in the answer beside the list. */
  beside: Readonly<Record<string, unknown>>;
  /** What becomes of the next reads and writes of the list, in order. */
  readonly reads: Fate[];
  readonly writes: Fate[];
  /** Every list that was written. */
  readonly written: ServerList[];
  /** The requests that came, by name. */
  readonly requests: string[];
  readonly api: RegistrationApi;
  /** @returns the same CAD as one game server reaches it, each request taking so many milliseconds both ways */
  reachedIn(latency: () => number, clock: Clock): RegistrationApi;
}

export function errorOf(kind: ApiErrorKind): { readonly ok: false; readonly error: ApiError } {
  return {
    ok: false,
    error: { kind, status: null, message: `The request was answered with "${kind}".`, traceId: null },
  };
}

/** What goes over the wire shares nothing with what came from it. */
const copy = (list: ServerList): ServerList => JSON.parse(JSON.stringify(list)) as ServerEntry[];

export function createPretendCad(...servers: ServerEntry[]): PretendCad {
  function readList(): ApiResult<{ servers: ServerList; [more: string]: unknown }> {
    cad.requests.push('getServers');
    const fate = cad.reads.shift() ?? null;
    if (typeof fate === 'string') return errorOf(fate === 'lost answer' ? 'unreachable' : fate);
    return { ok: true, data: { servers: copy(fate === null ? cad.list : fate(cad.list)), ...cad.beside } };
  }

  function writeList(list: ServerList): ApiResult<{ servers: ServerList }> {
    cad.requests.push('setServers');
    const fate = cad.writes.shift() ?? null;
    if (typeof fate === 'string' && fate !== 'lost answer') return errorOf(fate);
    cad.written.push(copy(list));
    cad.list = typeof fate === 'function' ? fate(copy(list)) : copy(list);
    return fate === 'lost answer' ? errorOf('unreachable') : { ok: true, data: { servers: copy(cad.list) } };
  }

  const cad: PretendCad = {
    list: servers,
    version: { ok: true, data: { version: 3, name: 'PLUS' } },
    community: { ok: true, data: { comId: 'mycommunity', name: 'My Community' } },
    isEnabled: true,
    beside: {},
    reads: [],
    writes: [],
    written: [],
    requests: [],
    api: {
      isEnabled: () => cad.isEnabled,
      async getVersion() {
        cad.requests.push('getVersion');
        return cad.version;
      },
      async getCommunity() {
        cad.requests.push('getCommunity');
        return cad.community;
      },
      getServers: async () => readList(),
      setServers: async (list) => writeList(list),
    },
    reachedIn(latency, clock) {
      const pass = () => new Promise<void>((resolve) => void clock.after(latency(), resolve));
      async function slowly<T>(answer: () => T): Promise<T> {
        await pass();
        const answered = answer();
        await pass();
        return answered;
      }
      return {
        ...cad.api,
        getServers: () => slowly(readList),
        setServers: (list) => slowly(() => writeList(list)),
      };
    },
  };
  return cad;
}

/** An entry as the documentation shows it. */
export function entryOf(id: number, fields: ServerEntry = {}): ServerEntry {
  return {
    id,
    name: `Server no. ${id}`,
    description: 'Primary patrol server',
    signal: '100',
    mapUrl: 'https://tiles.example/{z}/{x}/{y}.png',
    mapIp: '203.0.113.5',
    listenerPort: '30120',
    differingOutbound: false,
    outboundIp: '',
    enableMap: true,
    mapType: 'NORMAL',
    isStatic: false,
    liveMapFormat: 0,
    ...fields,
  };
}

/** An entry as registration adds it. */
export const addedEntryOf = (id: number): ServerEntry => ({
  id,
  name: `Server ${id}`,
  description: '',
  signal: '',
  mapUrl: '',
  mapIp: '203.0.113.5',
  listenerPort: '30120',
  differingOutbound: false,
  outboundIp: '',
  enableMap: false,
  mapType: 'NORMAL',
  isStatic: false,
  liveMapFormat: 0,
});
