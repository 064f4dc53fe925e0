import type { ScriptRuntime } from './types.ts';

/** One runtime of one running resource. */
export interface RunningScript {
  readonly resource: string;
  /** Differs with every start, so that references of an earlier start are known to be dead. */
  readonly instance: number;
  readonly runtime: ScriptRuntime;
  /** False from the moment the runtime is destroyed. */
  running: boolean;
}

/** All runtimes that run, in the order they were started, and the way into them. */
export interface RunningScripts {
  readonly all: readonly RunningScript[];
  of(resource: string): readonly RunningScript[];
  nextInstance(): number;
  add(script: RunningScript): void;
  remove(script: RunningScript): void;
  /** Runs an action inside a script, for which `GetInvokingResource` then answers rightly. */
  enter<T>(script: RunningScript, action: (runtime: ScriptRuntime) => T): T;
  /**
   * Enters every script in turn, except those that stop before it is theirs.
   *
   * @param concerns asked for each when it is its turn; all unless given
   */
  enterAll(action: (runtime: ScriptRuntime) => void, concerns?: (runtime: ScriptRuntime) => boolean): void;
}

/** @param stack notes who calls whom. @param check throws when the server is dead. */
export function createRunningScripts(stack: CallStack, check: () => void): RunningScripts {
  let all: readonly RunningScript[] = [];
  let instances = 0;
  const enter = <T>(script: RunningScript, action: (runtime: ScriptRuntime) => T): T => {
    check();
    stack.enter(script.resource);
    try {
      return action(script.runtime);
    } finally {
      stack.leave();
    }
  };
  return {
    get all() {
      return all;
    },
    of: (resource) => all.filter((script) => script.resource === resource),
    nextInstance: () => ++instances,
    // The list is replaced, never changed: somebody may be in the middle of it.
    add(script) {
      all = [...all, script];
    },
    remove(script) {
      script.running = false;
      all = all.filter((other) => other !== script);
    },
    enter,
    enterAll(action, concerns) {
      check();
      for (const script of all) {
        if (script.running && (concerns === undefined || concerns(script.runtime))) enter(script, action);
      }
    },
  };
}

/** Which resources' scripts are running inside one another, innermost last. */
export interface CallStack {
  enter(resource: string): void;
  leave(): void;
  /**
   * Who called into the script of this resource that runs now. Null when it was called by the server itself, or runs in a
   * callback of Node, of which the stack knows nothing.
   */
  invokerOf(resource: string): string | null;
}

export function createCallStack(): CallStack {
  const entries: string[] = [];
  return {
    enter: (resource) => void entries.push(resource),
    leave: () => void entries.pop(),
    invokerOf: (resource) => (entries.at(-1) === resource ? (entries.at(-2) ?? null) : null),
  };
}
