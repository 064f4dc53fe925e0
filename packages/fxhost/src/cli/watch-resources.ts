import { type FSWatcher, watch } from 'node:fs';
import { clearTimeout, setTimeout } from 'node:timers';

/** Editors and compilers write a file in several steps. */
const SETTLE_MS = 150;
const IS_SCRIPT = /\.(?:lua|js|cjs|mjs)$/;
const IGNORED = /(?:^|[\\/])(?:node_modules|\.[^\\/]+)[\\/]/;

/**
 * Watches the scripts of resources, manifests among them. Other files are left out: resources write their own data into
 * their folder.
 *
 * @param resources folder of each resource, by its name
 * @param changed called once for all changes of a resource that come close together, with the first file
 * @returns a function that ends it
 */
export function watchResources(
  resources: ReadonlyMap<string, string>,
  changed: (resource: string, file: string) => void,
): () => void {
  const timers = new Map<string, NodeJS.Timeout>();
  const watchers: FSWatcher[] = [];
  for (const [name, folder] of resources) {
    const watcher = watch(folder, { recursive: true }, (_event, file) => {
      if (file === null || !IS_SCRIPT.test(file) || IGNORED.test(file) || timers.has(name)) return;
      const tell = () => {
        timers.delete(name);
        changed(name, file);
      };
      timers.set(name, setTimeout(tell, SETTLE_MS));
    });
    watchers.push(watcher);
  }
  return () => {
    for (const watcher of watchers) watcher.close();
    for (const timer of timers.values()) clearTimeout(timer);
  };
}
