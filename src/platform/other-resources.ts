/** The other resources on this server. */
export interface OtherResources {
  isStarted(name: string): boolean;
  /** @throws when there is no such export, or it fails */
  callExport(resource: string, name: string, ...args: unknown[]): unknown;
  /** @returns the text of the file that a resource's manifest names under `key`; null when there is none */
  readNamedFile(resource: string, key: string): string | null;
}

export function createOtherResources(): OtherResources {
  return {
    isStarted: (name) => GetResourceState(name) === 'started',
    callExport(resource, name, ...args) {
      // The game server's proxy throws on a name that there is no export of; the typings do not know that.
      const exported = globalThis.exports[resource]?.[name];
      if (exported === undefined) throw new Error(`no export ${name} in ${resource}`);
      return exported(...args);
    },
    readNamedFile(resource, key) {
      // The published typings promise a string; the natives give null for what is not there.
      const path = GetResourceMetadata(resource, key, 0) as string | null;
      return path === null ? null : (LoadResourceFile(resource, path) as string | null);
    },
  };
}
