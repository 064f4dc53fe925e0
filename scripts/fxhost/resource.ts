import type { ResourceInfo, ResourceMetadata } from './types.ts';

/** As `GetResourceState` names them. */
export type ResourceState = 'stopped' | 'starting' | 'started' | 'stopping';

/** One resource the host knows. */
export interface Resource extends ResourceInfo {
  state: ResourceState;
  /** Read again only by `refresh`, unlike the script files. */
  metadata: ResourceMetadata;
  /** Reference of the function given to SetHttpHandler. FXServer does not clear it on stop. */
  httpHandler: string | null;
}
