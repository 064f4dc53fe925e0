import type { CadRequest } from '../../../src/cad/api/cad-api.ts';
import type { ServerEntry } from '../../../src/cad/api/inputs.ts';
import type { ApiError, ApiErrorKind, ApiResult } from '../../../src/cad/api/results.ts';
import type { ServerList } from '../../../src/cad/registration/server-list.ts';
import type { Clock } from '../../../src/lib/clock.ts';

/** The requests of registration, with one function for each. */
export interface RegistrationApi {
  isEnabled(): boolean;
  getVersion(): Promise<ApiResult<{ version: number; name: string }>>;
  getCommunity(): Promise<ApiResult<{ comId: string; name: string }>>;
  getServers(): Promise<ApiResult<{ servers: ServerList; [more: string]: unknown }>>;
  setServers(servers: ServerList): Promise<ApiResult<unknown>>;
}

/** Turns the functions into the API client's `request`. */
export function requestOf(api: Partial<RegistrationApi>): CadRequest {
  const request = async (name: keyof RegistrationApi, input: { servers: ServerList }) =>
    name === 'setServers' ? api.setServers?.(input.servers) : api[name]?.();
  return request as unknown as CadRequest;
}

/** The fate of one request: null for success, an error, an error after a successful write, or a changed list. */
export type Fate = null | ApiErrorKind | 'lost answer' | ((list: ServerList) => ServerList);

/** A fake of the CAD's registration endpoints, with its list in memory. */
export interface PretendCad {
  list: ServerList;
  version: ApiResult<{ version: number; name: string }>;
  community: ApiResult<{ comId: string; name: string }>;
  isEnabled: boolean;
  /** Fields beside the list in the answer. */
  beside: Readonly<Record<string, unknown>>;
  /** The fates of the next reads and writes of the list, in order. */
  readonly reads: Fate[];
  readonly writes: Fate[];
  /** All written lists, in order. */
  readonly written: ServerList[];
  /** The names of all received requests, in order. */
  readonly requests: string[];
  readonly api: RegistrationApi;
  /** Creates a client of this CAD whose requests and answers each take the given milliseconds. */
  reachedIn(latency: () => number, clock: Clock): RegistrationApi;
}

export function errorOf(kind: ApiErrorKind): { readonly ok: false; readonly error: ApiError } {
  return {
    ok: false,
    error: { kind, status: null, message: `The request was answered with "${kind}".`, traceId: null },
  };
}

/** A deep copy, because values that cross the network share no objects. */
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

/** Creates an entry like the one in the CAD's documentation. */
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

/** Creates the entry that registration adds. */
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
