import type { ApiResult } from '../api/api-result.ts';

/** One server of the CAD's list as it was read, with all its fields. */
export type ServerEntry = Readonly<Record<string, unknown>>;
export type ServerList = readonly ServerEntry[];

/** What registration asks of the CAD. */
export interface RegistrationApi {
  /** False when requests are switched off, or there is no key. */
  isEnabled(): boolean;
  /** The community's plan. */
  getVersion(): Promise<ApiResult<{ version: number; name: string }>>;
  /** The community that the key belongs to. */
  getCommunity(): Promise<ApiResult<{ comId: string; name: string }>>;
  getServers(): Promise<ApiResult<{ servers: ServerList }>>;
  /** Replaces the whole list. */
  setServers(servers: ServerList): Promise<ApiResult<{ servers: ServerList }>>;
}
