import type { ScriptRuntime } from './types.ts';

/** One runtime of one running resource. */
export interface RunningScript {
  readonly resource: string;
  /** Unique for every start, so that references of an earlier start are invalid. */
  readonly instance: number;
  readonly runtime: ScriptRuntime;
  /** False from the moment the runtime is destroyed. */
  running: boolean;
}

/** All running runtimes, in the order of their start. */
export type RunningScripts = ReturnType<typeof createRunningScripts>;

/**
 * @param stack records who calls whom. @param check throws when the server has crashed.
 * @param instances the number before the first start
 */
export function createRunningScripts(stack: CallStack, check: () => void, instances = 0) {
  let all: readonly RunningScript[] = [];
  let lastInstance = instances;
  const enter = <T>(script: RunningScript, action: (runtime: ScriptRuntime) => T): T => {
    check();
    return stack.within(script.resource, () => action(script.runtime));
  };
  return {
    get all(): readonly RunningScript[] {
      return all;
    },
    of: (resource: string): readonly RunningScript[] => all.filter((script) => script.resource === resource),
    nextInstance: (): number => ++lastInstance,
    // The list is replaced, never changed: a loop may be in the middle of it.
    add(script: RunningScript): void {
      all = [...all, script];
    },
    remove(script: RunningScript): void {
      script.running = false;
      all = all.filter((other) => other !== script);
    },
    /** Runs an action inside a script, so that `GetInvokingResource` knows the caller. */
    enter,
    /**
     * Enters every script in turn, except those that stop before it is theirs.
     *
     * @param concerns asked for each when it is its turn; all unless given
     */
    enterAll(action: (runtime: ScriptRuntime) => void, concerns?: (runtime: ScriptRuntime) => boolean): void {
      check();
      for (const script of all) {
        if (script.running && (concerns === undefined || concerns(script.runtime))) enter(script, action);
      }
    },
  };
}

/** Which resources' scripts are running inside one another, innermost last. */
export type CallStack = ReturnType<typeof createCallStack>;

export function createCallStack() {
  const entries: string[] = [];
  return {
    /** Runs something that a script of this resource does. */
    within<T>(resource: string, action: () => T): T {
      entries.push(resource);
      try {
        return action();
      } finally {
        entries.pop();
      }
    },
    /**
     * Who called into the script of this resource that runs now. Null when it was called by the server itself, or runs
     * in a callback of Node, of which the stack knows nothing.
     */
    invokerOf: (resource: string): string | null => (entries.at(-1) === resource ? (entries.at(-2) ?? null) : null),
  };
}
