import process from 'node:process';

/** The oldest FXServer build on which this resource was tested. */
const OLDEST_BUILD = 13_068;
const OLDEST_NODE = 22;

/**
 * Checks the versions of the game server and of its Node.
 *
 * @param node Node's version, such as `22.22.0`
 * @param server the convar `version`. FXServer's value ends in `v1.0.0.<build>`. The server of GTA V Enhanced has `b<build>`
 *   and counts its builds from 1, so its build is not checked. A value in another form passes.
 * @returns a sentence for the operator when a version is too old, else null
 */
export function describeOldVersion(node: string, server: string): string | null {
  const build = Number(/\bv1\.0\.0\.(\d+)/.exec(server)?.[1] ?? OLDEST_BUILD);
  if (Number.parseInt(node, 10) >= OLDEST_NODE && build >= OLDEST_BUILD) return null;

  const found = /\bv1\.0\.0\.\d+|\bb\d+/.exec(server)?.[0] ?? 'a build of unknown number';
  return (
    `The game server is too old: sonorancad needs FXServer ${OLDEST_BUILD} or newer, or the server of GTA V Enhanced, ` +
    `with Node ${OLDEST_NODE}. This is ${found} with Node ${node}. Update the game server.`
  );
}

// `server.ts` imports this module first: on an older Node, the modules after it may fail with an unclear error.
const problem = describeOldVersion(process.versions.node, GetConvar('version', ''));
if (problem !== null) throw new Error(problem);
