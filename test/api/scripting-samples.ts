import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.ts';
import { manifest } from '../fxhost/write-resource.ts';

export const page = readFileSync(join(projectRoot, 'docs/scripting.md'), 'utf8');
const CLIENT_HEADING = "## Net events: in the player's game";
const SAMPLE = /```(lua|ts)\n(.*?)```\n```text\n(.*?)```/gs;

function samplesIn(text: string, name: string) {
  return [...text.matchAll(SAMPLE)].map(([, language = '', source = '', text = ''], index) => {
    const sample = { language, source, printed: text.trimEnd().split('\n') };
    return [`${name}-${index + 1}`, sample] as const;
  });
}

const [beforeClients = '', afterHeading = ''] = page.split(CLIENT_HEADING);
const [clientSection = ''] = afterHeading.split(/^## /m);
/** The samples for the server, by names. */
export const named = samplesIn(beforeClients + afterHeading.slice(clientSection.length), 'sample');
/** Those for players' games. */
export const clientNamed = samplesIn(clientSection, 'client-sample');
export type Sample = (typeof named)[number][1];

/** A resource with a sample for its only script. */
export function resourceOf({ language, source }: Sample, side: 'server' | 'client') {
  const file = language === 'lua' ? 'sample.lua' : 'sample.js';
  const script = language === 'lua' ? source : stripTypeScriptTypes(source);
  return { 'fxmanifest.lua': manifest(`${side}_script '${file}'`), [file]: script };
}
