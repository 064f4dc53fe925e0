export type Access = 'allow' | 'deny';

interface Entry {
  readonly principal: string;
  readonly access: Access;
}

/** FXServer's access control entries. Principals and objects compare case-insensitively. */
export type AccessControl = ReturnType<typeof createAccessControl>;

/** @returns access control in which only `system.console` may do anything, namely every command. */
export function createAccessControl() {
  const entries = new Map<string, Entry[]>();
  const parents = new Map<string, string[]>();
  let running: readonly string[] = [];

  const withAncestors = (principal: string): Set<string> => {
    const all = new Set([principal, 'builtin.everyone']);
    const visit = (child: string) => {
      for (const parent of parents.get(child) ?? []) {
        if (all.has(parent)) continue;
        all.add(parent);
        visit(parent);
      }
    };
    visit(principal);
    return all;
  };

  const addAce = (principal: string, object: string, access: Access) => {
    const list = entries.get(fold(object)) ?? [];
    list.push({ principal: fold(principal), access });
    entries.set(fold(object), list);
  };

  const principalMay = (principal: string, object: string): boolean => {
    const principals = withAncestors(fold(principal));
    let allowed = false;
    for (const covered of selfAndPrefixes(fold(object))) {
      for (const entry of entries.get(covered) ?? []) {
        if (!principals.has(entry.principal)) continue;
        if (entry.access === 'deny') return false;
        allowed = true;
      }
    }
    return allowed;
  };

  const anyMay = (principals: readonly string[], object: string) =>
    principals.some((principal) => principalMay(principal, object));

  addAce('system.console', 'command', 'allow');

  return {
    addAce,
    removeAce(principal: string, object: string, access: Access): void {
      const isOther = (entry: Entry) => entry.principal !== fold(principal) || entry.access !== access;
      entries.set(fold(object), (entries.get(fold(object)) ?? []).filter(isOther));
    },
    /** Makes `child` inherit everything `parent` has. */
    addPrincipal(child: string, parent: string): void {
      parents.set(fold(child), [...(parents.get(fold(child)) ?? []), fold(parent)]);
    },
    removePrincipal(child: string, parent: string): void {
      parents.set(
        fold(child),
        (parents.get(fold(child)) ?? []).filter((known) => known !== fold(parent)),
      );
    },
    /** Whether one principal may: itself, what it inherits and `builtin.everyone`; a single deny among them wins. */
    principalMay,
    /**
     * Whether any of these may, each judged on its own: a deny for one identifier of a player does not stop an allow for
     * another, as in FXServer.
     */
    anyMay,
    /** Whether the principals that run now (see {@link runAs}) may; without any, `builtin.everyone`. */
    currentMay: (object: string): boolean => anyMay(running.length === 0 ? ['builtin.everyone'] : running, object),
    /** Runs an action with these principals on top of those it already runs as: who asks keeps what callers have. */
    runAs<T>(principals: readonly string[], action: () => T): T {
      const before = running;
      running = [...principals, ...before];
      try {
        return action();
      } finally {
        running = before;
      }
    },
  };
}

/** `a.b.c` is covered by entries for `a.b.c`, `a.b` and `a`. */
function* selfAndPrefixes(object: string): Generator<string> {
  let end = object.length;
  while (end !== -1) {
    const covered = object.slice(0, end);
    yield covered;
    end = covered.lastIndexOf('.');
  }
}

/** `_stricmp` folds ASCII only. */
function fold(text: string): string {
  return text.replace(/[A-Z]/g, (letter) => letter.toLowerCase());
}

/** What server.cfg lets resources do beyond their sandbox. Locked once the configuration has run. */
export type Permissions = ReturnType<typeof createPermissions>;

export function createPermissions() {
  let locked = false;
  const granted = new Set<string>();
  const allow = (...permission: readonly string[]) => {
    if (!locked) granted.add(permission.join('\0'));
    return !locked;
  };
  const may = (...permission: readonly string[]) => granted.has(permission.join('\0'));

  return {
    /** Lets `source` write into the folder of resource `target`. `read` is accepted and means nothing, as in FXServer. */
    allowFilesystem: (source: string, access: 'read' | 'write', target: string) => allow(access, source, target),
    allowChildProcess: (resource: string) => allow('child process', resource),
    allowWorker: (resource: string) => allow('worker', resource),
    /** Whether `source` may write below the folder of `target` (always below its own). */
    mayWrite: (source: string, target: string) => source === target || may('write', source, target),
    mayUseChildProcess: (resource: string) => may('child process', resource),
    mayUseWorker: (resource: string) => may('worker', resource),
    /** From here on the `allow` functions change nothing and return false. */
    lock(): void {
      locked = true;
    },
  };
}
