import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';

/** The runtimes of fxhost call these in their own way, and scripts have no use for them. */
const RUNTIME_INTERNALS: ReadonlySet<string> = new Set([
  'DeleteFunctionReference',
  'DuplicateFunctionReference',
  'FormatStackTrace',
  'TriggerClientEventInternal',
  'TriggerEventInternal',
  'TriggerLatentClientEventInternal',
]);

/** @returns the module of fxhost that names all natives of the game server, from the typings that Cfx.re publishes */
export function serverNatives(): string {
  const path = createRequire(import.meta.url).resolve('@citizenfx/server/natives_server.d.ts');
  const declared = readFileSync(path, 'utf8').matchAll(/^declare function ([A-Z]\w*)\(/gm);
  const names = [...new Set([...declared].map(([, name = '']) => name))]
    .filter((name) => !name.startsWith('N_0x') && !RUNTIME_INTERNALS.has(name))
    .sort();
  const rows = names.map((name) => `  '${name}',\n`).join('');
  return `/** Natives of the game server, by \`npm run generate\` from the package @citizenfx/server. */
export const SERVER_NATIVES: readonly string[] = [
${rows}];
`;
}
