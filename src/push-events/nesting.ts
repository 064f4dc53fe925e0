/**
 * The game server's msgpack writer is recursive and gives up at some 1,700 levels, fewer when called from deep inside a script:
 * no consumer could be handed more than this. What the CAD sends has fewer than ten.
 */
export const MAX_LEVELS = 500;

/** @param bytes how long the body was as received, by which most can be let through unseen */
export function isNestedTooDeep(body: object, bytes: number): boolean {
  if (bytes <= 2 * MAX_LEVELS) return false;
  // Without recursion, level by level.
  let level = [body];
  for (let depth = 0; level.length > 0; depth += 1) {
    if (depth >= MAX_LEVELS) return true;
    level = level.flatMap((node) =>
      Object.values(node).filter((member) => typeof member === 'object' && member !== null),
    );
  }
  return false;
}
