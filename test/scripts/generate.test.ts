import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { generate } from '../../scripts/generate.ts';
import { projectRoot } from '../../scripts/project-root.ts';
import { catalogue } from '../../src/events/catalogue/catalogue.ts';

const textOf = (path: string) => generate().find((file) => file.path === path)?.text ?? '';

describe('generate', () => {
  it.each(generate())('finds $path as committed (else run scripts/generate.ts)', ({ path, text }) => {
    // Checked out on Windows, the file may have other line ends.
    expect(readFileSync(join(projectRoot, path), 'utf8').replaceAll('\r\n', '\n')).toBe(text);
  });

  it('writes types that import nothing and have no index signature', () => {
    const types = textOf('types.d.ts').replaceAll(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
    expect(types).not.toMatch(/\bimport\b|\brequire\b|\bRecord<|\bany\b/);
    expect(types).not.toMatch(/\[\w+: (?:string|number|symbol)\]/);
    for (const type of Object.keys(catalogue)) expect(types).toContain(`  ${type}: `);
  });

  it('writes a page with every type, its sample without the key, and no dead link', () => {
    const page = textOf('docs/events.md');
    for (const type of Object.keys(catalogue)) expect(page).toContain(`\n## ${type}\n`);
    expect(page).not.toContain('"key"');
    const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, heading = '']) => heading.toLowerCase());
    const links = [...page.matchAll(/\]\(#([^)]+)\)/g)].map(([, link]) => link);
    expect(links.length).toBeGreaterThan(29);
    for (const link of links) expect(headings).toContain(link);
  });
});
