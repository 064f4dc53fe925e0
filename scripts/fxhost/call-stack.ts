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
