import type { Log } from '../platform/log.ts';

/** Tells operators which resource calls an export in a way that cannot work: each resource and export once. */
export interface CallerWarnings {
  /** @param caller the calling resource; null when nobody knows. @param message without anything that the caller chose */
  warn(caller: string | null, name: string, message: string): void;
  /** Says so when a call has lost its first argument, as one with a dot does in Lua. */
  shifted(caller: string | null, name: string): void;
}

/** Pairs of resource and export that are remembered. */
const MAX_REMEMBERED = 5_000;

/** @param ownName the folder under which the resource runs */
export function createCallerWarnings(log: Pick<Log, 'warn'>, ownName: string): CallerWarnings {
  const warned = new Set<string>();

  function warn(caller: string | null, name: string, message: string, example?: string): void {
    const call = `${caller} ${name} ${message}`;
    if (warned.has(call) || warned.size >= MAX_REMEMBERED) return;
    warned.add(call);
    log.warn(message, { resource: caller, export: name, example });
  }

  return {
    warn: (caller, name, message) => warn(caller, name, message),
    shifted: (caller, name) =>
      warn(
        caller,
        name,
        'The arguments of a call do not fit the export; in Lua it is called with a colon, not with a dot.',
        `exports['${ownName}']:${name}(...)`,
      ),
  };
}
