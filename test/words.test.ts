import { globSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const ROOT = join(import.meta.dirname, '..');
const pages = globSync(['*.md', 'docs/*.md', 'examples/*/README.md', 'scripts/*/README.md'], { cwd: ROOT })
  .map((path) => path.replaceAll('\\', '/'))
  .sort();
const sources = readdirSync(join(ROOT, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => `src/${name}`);
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');

const AVOIDED = /\b(?:whoever|somebody|is looked after|what is owed|what there is)\b/gi;
const MOST_WORDS = 20;

/** The sentences of a page, without code, tables and headings. */
function sentencesOf(page: string): string[] {
  const prose = page
    .replace(/```.*?```|<!--.*?-->/gs, '')
    .replace(/^(?:\||#).*$/gm, '')
    .replace(/^\s*(?:[-*]|\d+\.) /gm, '\n\n')
    .replace(/\[([^\]]*)\]\([^)]*\)/g, '$1')
    .replace(/`[^`]*`/g, 'X');
  return prose
    .split(/\n\s*\n/)
    .flatMap((paragraph) => paragraph.replaceAll('\n', ' ').split(/(?<=[.!?])\s+/))
    .filter((sentence) => /\w+ \w+/.test(sentence));
}

describe('plain English', () => {
  it.each([...pages, ...sources])('is what %s has, in its words', (path) => {
    expect(read(path).match(AVOIDED) ?? []).toEqual([]);
  });

  it.each(pages)('is what %s has, in sentences of below 20 words on average', (path) => {
    const lengths = sentencesOf(read(path)).map((sentence) => sentence.split(/\s+/).length);
    expect(lengths.reduce((sum, length) => sum + length, 0) / lengths.length).toBeLessThan(MOST_WORDS);
  });
});
