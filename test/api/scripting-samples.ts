import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.ts';
import { manifest } from '../fxhost/write-resource.ts';

/** What the pages for scripters say. */
export const pages = ['scripting', 'official-resource', 'events'].map((name) =>
  readFileSync(join(projectRoot, `docs/${name}.md`), 'utf8'),
);
const SAMPLE = /```(lua|ts)\n(.*?)```\n```text\n(.*?)```/gs;

function samplesIn(sections: readonly string[], name: string) {
  return [...sections.join('\n').matchAll(SAMPLE)].map(([, language = '', source = '', text = ''], index) => {
    const sample = { language, source, printed: text.trimEnd().split('\n') };
    return [`${name}-${index + 1}`, sample] as const;
  });
}

const sections = pages.flatMap((page) => page.split(/^## /m));
const isForClients = (section: string) => /^.*in the player's game\n/i.test(section);
/** The samples for the server, by names. */
export const named = samplesIn(
  sections.filter((section) => !isForClients(section)),
  'sample',
);
/** Those for players' games. */
export const clientNamed = samplesIn(sections.filter(isForClients), 'client-sample');
export type Sample = (typeof named)[number][1];

/** A resource with a sample for its only script. */
export function resourceOf({ language, source }: Sample, side: 'server' | 'client') {
  const file = language === 'lua' ? 'sample.lua' : 'sample.js';
  const script = language === 'lua' ? source : stripTypeScriptTypes(source);
  return { 'fxmanifest.lua': manifest(`${side}_script '${file}'`), [file]: script };
}
