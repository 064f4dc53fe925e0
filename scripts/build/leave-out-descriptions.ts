import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import type { Plugin } from 'esbuild';

const DESCRIBED = /[\\/]src[\\/](?:push-events[\\/]catalogue[\\/][\w-]+|config[\\/](?:schema|cad-keys))\.ts$/;

const ENTRY = /= entry\(\{/g;
const KEY = /: key\(\{/g;
/** Each member begins in the column of its neighbours, and its further lines are further in or close a bracket. */
const OF_AN_ENTRY = /^(?<type> {2}type: '\w+',\n) {2}description:\s(?:.*\n)+?(?= {2}\w)/gm;
const ACCEPTS = /^ {2}accepts: (?:.*\n)+?(?= {2}\w)/gm;
const OF_A_KEY = /^ {4}(?:description|since):\s(?:.*\n)+?(?= {4}\w| {2}\})/gm;

const TEXT = /'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"/.source;
/** What a schema says of itself. */
const CALLS = new RegExp(
  `\\s*\\.(?:describe\\(\\s*(?:${TEXT}),?\\s*\\)|meta\\(\\{(?:\\s*(?:id|description):\\s*(?:${TEXT}),?)+\\s*\\}\\))`,
  'g',
);

/**
 * Bundles the event catalogue and the settings without what describes them: 12 kB that only the generator of the documents reads, and
 * that runs from the sources.
 */
export const leaveOutDescriptions: Plugin = {
  name: 'leave-out-descriptions',
  setup(build) {
    build.onLoad({ filter: DESCRIBED }, async ({ path }) => {
      const source = (await readFile(path, 'utf8')).replaceAll('\r\n', '\n').replace(CALLS, '');
      const [entries, keys] = [countOf(source, ENTRY), countOf(source, KEY)];
      if (countOf(source, OF_AN_ENTRY) !== entries || countOf(source, ACCEPTS) !== entries)
        throw new Error(
          `${basename(path)}: an entry's description or what it accepts cannot be told from the rest of it.`,
        );
      if (keys > 0 && countOf(source, OF_A_KEY) !== 2 * keys)
        throw new Error(`${basename(path)}: a key's description or since cannot be told from the rest of it.`);
      const described = source.replace(OF_AN_ENTRY, '$<type>').replace(ACCEPTS, '');
      return { contents: keys > 0 ? described.replace(OF_A_KEY, '') : described, loader: 'ts' };
    });
  },
};

function countOf(source: string, pattern: RegExp): number {
  return source.match(pattern)?.length ?? 0;
}
