import { readFile } from 'node:fs/promises';
import type { Plugin } from 'esbuild';

const DESCRIBED = /[\\/]src[\\/](?:push-events[\\/]catalogue[\\/][\w-]+|config[\\/](?:schema|cad-keys))\.ts$/;

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
      const contents = /[\\/]config[\\/]/.test(path)
        ? source.replace(OF_A_KEY, '')
        : source.replace(OF_AN_ENTRY, '$<type>').replace(ACCEPTS, '');
      return { contents, loader: 'ts' };
    });
  },
};
