/**
 * Makes a schema, or fields of one, when it is first asked for, and gives the same from then on. Building all schemas would hold up
 * the game for 10 ms at the start of the resource, and most servers never need most of them.
 */
export function lazily<Value extends object>(make: () => Value): () => Value {
  let made: Value | null = null;
  return () => {
    made ??= make();
    return made;
  };
}
