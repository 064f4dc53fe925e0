/** This resource, as the game server knows it. */
export interface OwnResource {
  /** The folder's name, which is part of the address that the CAD calls. */
  readonly name: string;
  /** Three plain numbers, from the manifest. */
  readonly version: string;
  /** @returns the text of a file of this resource, or null when there is none */
  readFile(path: string): string | null;
}

export function readOwnResource(): OwnResource {
  const name = GetCurrentResourceName();
  return {
    name,
    version: (GetResourceMetadata(name, 'version', 0) as string | null) ?? '0.0.0',
    // The published typings promise a string; the native gives null for a file that is not there.
    readFile: (path) => LoadResourceFile(name, path) as string | null,
  };
}
