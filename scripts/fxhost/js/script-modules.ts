import { existsSync, readFileSync, statSync } from 'node:fs';
import { dirname, extname, isAbsolute, join } from 'node:path';
import vm from 'node:vm';
import { isInside } from './file-sandbox.ts';

interface Module {
  readonly id: string;
  exports: unknown;
  loaded: boolean;
}

type Require = (id: string) => unknown;

interface Options {
  /** Folder of the resource, where `require` starts. */
  readonly folder: string;
  readonly scope: vm.Context;
  /** A builtin as the resource may have it; undefined when there is none of that name. */
  builtin(name: string): unknown;
}

/**
 * `require` as scripts of a resource have it: builtins, and CommonJS or JSON files of the resource and its
 * `node_modules`, run in the resource's own scope.
 */
export function createRequire({ folder, scope, builtin }: Options): Require {
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

function resolveFrom(from: string, id: string, folder: string): string | null {
  if (id.startsWith('./') || id.startsWith('../') || id === '.' || id === '..' || isAbsolute(id)) {
    return resolveFile(isAbsolute(id) ? id : join(from, id));
  }
  for (let at = from; isInside(at, folder); at = dirname(at)) {
    const found = resolvePackage(join(at, 'node_modules'), id);
    if (found !== null) return found;
    if (at === dirname(at)) break;
  }
  return null;
}

function resolveFile(path: string): string | null {
  if (isFile(path)) return path;
  for (const extension of ['.js', '.cjs', '.json']) if (isFile(path + extension)) return path + extension;
  if (!existsSync(path)) return null;
  const main = readManifest(path)?.main;
  return (typeof main === 'string' ? resolveFile(join(path, main)) : null) ?? fileOrNull(join(path, 'index.js'));
}

function resolvePackage(nodeModules: string, id: string): string | null {
  const [, name, rest = ''] = /^((?:@[^/]+\/)?[^/]+)(?:\/(.+))?$/.exec(id) ?? [];
  if (name === undefined) return null;
  const root = join(nodeModules, name);
  const exported = exportTarget(readManifest(root)?.exports, rest === '' ? '.' : `./${rest}`);
  if (exported !== null) return fileOrNull(join(root, exported));
  return resolveFile(join(root, rest));
}

/** `exports` of a package.json, conditions and single paths; patterns with `*` are not looked at. */
function exportTarget(value: unknown, subpath: string): string | null {
  if (typeof value === 'string') return subpath === '.' ? value : null;
  if (typeof value !== 'object' || value === null) return null;
  const map = value as Record<string, unknown>;
  if (subpath in map) return condition(map[subpath]);
  return subpath === '.' && !Object.keys(map).some((key) => key.startsWith('.')) ? condition(map) : null;
}

function condition(value: unknown): string | null {
  if (typeof value === 'string') return value;
  if (typeof value !== 'object' || value === null) return null;
  const map = value as Record<string, unknown>;
  for (const name of ['node', 'require', 'default']) {
    const target = name in map ? condition(map[name]) : null;
    if (target !== null) return target;
  }
  return null;
}

function readManifest(folder: string): Record<string, unknown> | null {
  const path = join(folder, 'package.json');
  return isFile(path) ? (JSON.parse(readFileSync(path, 'utf8')) as Record<string, unknown>) : null;
}

function fileOrNull(path: string): string | null {
  return isFile(path) ? path : null;
}

function isFile(path: string): boolean {
  return statSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
}
