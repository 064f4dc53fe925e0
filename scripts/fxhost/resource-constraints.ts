/**
 * Which of a manifest's constraints do not hold. Only `/server:NNNN` is looked at: the others are about the game.
 * @param build number of the server's build
 * @returns one reason for each that does not
 */
export function unmetConstraints(constraints: readonly string[], build: number): string[] {
  return constraints.flatMap((constraint) => {
    const needed = /^\/server:(\d+)$/.exec(constraint)?.[1];
    if (needed === undefined || build >= Number(needed)) return [];
    return [`server build ${needed} or newer is needed, this is ${build}`];
  });
}
