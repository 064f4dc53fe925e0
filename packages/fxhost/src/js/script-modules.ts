import { readFileSync, realpathSync } from 'node:fs';
import type * as NodeModule from 'node:module';
import { dirname, extname, isAbsolute, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import vm from 'node:vm';
import { isInside } from './file-sandbox.ts';
import { requiredBuiltin } from './liveness.ts';

interface Module {
  readonly id: string;
  exports: unknown;
  loaded: boolean;
}

type Require = (id: string) => unknown;

/**
 * `require` as scripts of a resource have it: builtins, and CommonJS or JSON files of the resource and its
 * `node_modules`, run in the resource's own scope.
 * @param folder of the resource, where `require` starts
 * @param builtin gives a builtin as the resource may have it; undefined when there is none of that name
 */
export function createRequire(folder: string, scope: vm.Context, builtin: (name: string) => unknown): Require {
  const cache = new Map<string, Module>();

  const load = (path: string): unknown => {
    const known = cache.get(path);
    if (known) return known.exports;
    const module: Module = { id: path, exports: {}, loaded: false };
    cache.set(path, module);
    try {
      run(module, path);
    } catch (error) {
      cache.delete(path);
      throw error;
    }
    module.loaded = true;
    return module.exports;
  };

  const run = (module: Module, path: string): void => {
    if (isEsModule(path, folder)) {
      throw new Error(`${path} is an ES module for Node, and fxhost runs CommonJS only: name it .cjs, or bundle it`);
    }
    const source = readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
    if (extname(path) === '.json') {
      module.exports = vm.compileFunction('return JSON.parse(text)', ['text'], { parsingContext: scope })(source);
      return;
    }
    const names = ['exports', 'require', 'module', '__filename', '__dirname'];
    const body = vm.compileFunction(source, names, { parsingContext: scope, filename: path });
    module.exports = vm.compileFunction('return {}', [], { parsingContext: scope })();
    body.call(module.exports, module.exports, requireFrom(dirname(path)), module, path, dirname(path));
  };

  const requireFrom =
    (from: string): Require =>
    (id) => {
      const found = builtin(id);
      if (found !== undefined) return found;
      const path = resolveFrom(from, id, folder);
      if (path !== null) return load(path);
      throw Object.assign(new Error(`Cannot find module '${id}'`), { code: 'MODULE_NOT_FOUND' });
    };

  return requireFrom(folder);
}

/** Whether Node would run a file as an ES module. FXServer lets Node read no package.json above the resource. */
function isEsModule(path: string, folder: string): boolean {
  if (extname(path) !== '.js') return extname(path) === '.mjs';
  const { findPackageJSON } = requiredBuiltin<typeof NodeModule>('node:module');
  const manifest = findPackageJSON(pathToFileURL(path));
  if (manifest === undefined || !isInside(manifest, realpathSync(folder))) return false;
  return (JSON.parse(readFileSync(manifest, 'utf8')) as { type?: unknown }).type === 'module';
}

/** As Node finds it, but no package of a folder above the resource. @returns null when there is none */
function resolveFrom(from: string, id: string, folder: string): string | null {
  const { createRequire: nodeRequire } = requiredBuiltin<typeof NodeModule>('node:module');
  try {
    const path = nodeRequire(join(from, 'script.js')).resolve(id);
    const isFile = isAbsolute(id) || /^\.\.?(?:\/|$)/.test(id);
    return isFile || isInside(path, realpathSync(folder)) ? path : null;
  } catch {
    return null; // the caller says what was not found
  }
}
