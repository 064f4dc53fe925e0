import process from 'node:process';

/** The first of FXServer's builds that this resource was tried on. */
const OLDEST_BUILD = 13_068;
const OLDEST_NODE = 22;

/**
 * What is too old for this resource.
 *
 * @param node its version, such as `22.22.0`
 * @param server the convar `version`: FXServer's ends in `v1.0.0.<build>`, that of GTA V Enhanced's server has `b<build>`, and builds
 *   that count from 1 anew. What cannot be read is taken for new enough
 * @returns one sentence for the operator, or null
 */
export function describeOldVersion(node: string, server: string): string | null {
  const build = Number(/\bv1\.0\.0\.(\d+)/.exec(server)?.[1] ?? OLDEST_BUILD);
  if (Number.parseInt(node, 10) >= OLDEST_NODE && build >= OLDEST_BUILD) return null;
  const found = /\bv1\.0\.0\.\d+|\bb\d+/.exec(server)?.[0] ?? 'a build of unknown number';
  return `sonorancad needs FXServer ${OLDEST_BUILD} or newer, or the server of GTA V Enhanced, with Node ${OLDEST_NODE}; this is ${found} with Node ${node}: update the game server.`;
}

// Before anything else of this resource runs, since an older Node may lack what it uses.
const problem = describeOldVersion(process.versions.node, GetConvar('version', ''));
if (problem !== null) throw new Error(problem);
