/** The engine's own modules and globals, past whatever a test runner puts in their place. */
export function builtinModule(name: string): Record<string, unknown> | undefined {
  return process.getBuiltinModule(name) as Record<string, unknown> | undefined;
}

/** Like `builtinModule`, for names known to exist. */
export function requiredBuiltin<T>(name: string): T {
  const found = builtinModule(name);
  if (found === undefined) throw new Error(`this engine has no module ${name}`);
  return found as T;
}
