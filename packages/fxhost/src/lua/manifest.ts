import { readFileSync } from 'node:fs';
import { basename, dirname } from 'node:path';
import { decodeList } from '../msgpack.ts';
import type { ResourceMetadata } from '../types.ts';
import { createLuaState, type LuaEngineSource } from './lua-engine.ts';

const FX_VERSIONS = ['adamant', 'bodacious', 'cerulean'];
const GAME = 'gta5';

/**
 * Evaluates a manifest as FXServer does: `foo 'x'` adds (foo, x), `foos { … }` adds (foo, …) for each, a second call
 * adds `<key>_extra` as JSON; no io, os or load.
 * @param path of the fxmanifest.lua; its folder names the resource.
 * @throws Error with FXServer's text when the manifest does not run or the resource would be refused.
 */
export function readManifest(source: LuaEngineSource, path: string): ResourceMetadata {
  const resource = basename(dirname(path));
  const metadata = evaluate(source, resource, path);
  const games = metadata.get('game') ?? [];
  if (games.includes('common') && games.includes(GAME)) {
    throw new Error(
      `Resource ${resource} specifies both \`common\` and a specific game. This is considered ill-formed.`,
    );
  }
  if (!games.includes('common') && !games.includes(GAME)) {
    throw new Error(`Resource ${resource} does not support the current game (${GAME}).`);
  }
  if (!FX_VERSIONS.includes(metadata.get('fx_version')?.[0] ?? '')) {
    throw new Error(`Resource ${resource} does not specify an \`fx_version\` in fxmanifest.lua.`);
  }
  return metadata;
}

function evaluate(source: LuaEngineSource, resource: string, path: string): ResourceMetadata {
  const state = createLuaState(source, 'manifest', () => undefined);
  let answer: Uint8Array;
  try {
    answer = state.enter('evaluate', `@${resource}/fxmanifest.lua`, readFileSync(path));
  } finally {
    state.close();
  }
  const [done, result] = decodeList(answer);
  if (!done) throw new Error(`Could not load resource ${resource}: ${result}`);
  const grouped = Map.groupBy(result as [key: string, value: string][], ([key]) => key);
  return new Map([...grouped].map(([key, entries]) => [key, entries.map(([, value]) => value)]));
}
