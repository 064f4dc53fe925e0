import type { ApiError, ApiResult } from '../api/api-result.ts';
import type { RegistrationApi, ServerList } from './registration-api.ts';

/** What the CAD said about the key, its plan and community, and the servers. */
export type Inspection =
  | {
      readonly ok: true;
      readonly version: { readonly version: number; readonly name: string };
      readonly community: ApiResult<{ comId: string; name: string }>;
      readonly servers: ServerList;
    }
  | {
      readonly ok: false;
      readonly error: ApiError;
      /** null when the plan was not said either. */
      readonly version: { readonly version: number; readonly name: string } | null;
    };

/** Asks the CAD all there is to ask; the plan first, so that a refused key is refused once. The community is not vital. */
export async function inspect(api: RegistrationApi): Promise<Inspection> {
  const version = await api.getVersion();
  if (!version.ok) return { ok: false, error: version.error, version: null };
  const [community, servers] = await Promise.all([api.getCommunity(), api.getServers()]);
  if (!servers.ok) return { ok: false, error: servers.error, version: version.data };
  return { ok: true, version: version.data, community, servers: servers.data.servers };
}
