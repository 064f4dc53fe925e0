/** What server.cfg lets resources do beyond their sandbox. Locked once the configuration has run. */
export interface Permissions {
  /** Lets `source` write into the folder of resource `target`. `read` is accepted and means nothing, as in FXServer. */
  allowFilesystem(source: string, access: 'read' | 'write', target: string): boolean;
  allowChildProcess(resource: string): boolean;
  allowWorker(resource: string): boolean;
  /** Whether `source` may write below the folder of `target` (always below its own). */
  mayWrite(source: string, target: string): boolean;
  mayUseChildProcess(resource: string): boolean;
  mayUseWorker(resource: string): boolean;
  /** From here on the `allow` functions change nothing and return false. */
  lock(): void;
}

export function createPermissions(): Permissions {
  let locked = false;
  const writers = new Set<string>();
  const childProcess = new Set<string>();
  const worker = new Set<string>();
  const pair = (source: string, target: string) => JSON.stringify([source, target]);
  const allow = (change: () => void) => {
    if (!locked) change();
    return !locked;
  };

  return {
    allowFilesystem: (source, access, target) =>
      allow(() => {
        if (access === 'write') writers.add(pair(source, target));
      }),
    allowChildProcess: (resource) => allow(() => childProcess.add(resource)),
    allowWorker: (resource) => allow(() => worker.add(resource)),
    mayWrite: (source, target) => source === target || writers.has(pair(source, target)),
    mayUseChildProcess: (resource) => childProcess.has(resource),
    mayUseWorker: (resource) => worker.has(resource),
    lock() {
      locked = true;
    },
  };
}
