import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../project-root.ts';
import { configConvars, configTable } from './config-document.ts';

/** A block of code whose first line names the file it shows. */
const SAMPLE = /```(\w+)\n((?:--|\/\/) (examples\/\S+))\n.*?```/gs;

/** @returns README.md with its samples and its tables of config keys brought up to date; the rest is written by hand */
export function readmeFile(): string {
  return read('README.md')
    .replace(SAMPLE, (_block, language, title, path) => `\`\`\`${language}\n${title}\n${read(path)}\`\`\``)
    .replace(...section('config table', configTable()))
    .replace(...section('config convars', `\`\`\`\n${configConvars()}\n\`\`\``));
}

function section(name: string, content: string): [RegExp, () => string] {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  return [new RegExp(`${begin}\\n.*?${end}`, 's'), () => `${begin}\n${content}\n${end}`];
}

function read(path: string): string {
  return readFileSync(join(projectRoot, path), 'utf8');
}
