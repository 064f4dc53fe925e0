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
     * Whether any of these may, each looked at on its own: a deny for one identifier of a player does not stop an allow
     * for another, as in FXServer.
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
  const textOf = (...[what, source, target = '']: Permission) => [what, source, target].join('\0');
  return {
    /** Lets a resource do something. @returns false, and grants nothing, once the configuration has run */
    allow(...permission: Permission): boolean {
      if (!locked) granted.add(textOf(...permission));
      return !locked;
    },
    /** Whether a resource may; into its own folder each may write. */
    may: (...[what, source, target]: Permission): boolean =>
      source === target || granted.has(textOf(what, source, target)),
    /** Ends the configuration. */
    lock(): void {
      locked = true;
    },
  };
}

/** To write into the folder of the resource `target`; `read` is accepted and means nothing, as in FXServer. */
type Permission = [what: 'write' | 'read' | 'child process' | 'worker', source: string, target?: string];
