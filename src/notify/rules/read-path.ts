/**
 * Reads a value by a path like `call.metaData.postal`. Only what an object has itself is found, never what it inherits.
 *
 * @returns undefined where there is nothing
 */
export function readPath(values: unknown, path: string): unknown {
  let found = values;
  for (const name of path.split('.')) {
    if (typeof found !== 'object' || found === null || !Object.hasOwn(found, name)) return undefined;
    found = Reflect.get(found, name);
  }
  return found;
}
