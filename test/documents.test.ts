import { execFileSync } from 'node:child_process';
import {
  copyFileSync,
  existsSync,
  globSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { manifest, printedBy } from '../packages/fxhost/test/write-resource.ts';
import { findProgram } from '../scripts/jest/programs.ts';
import { projectRoot } from '../scripts/project-root.ts';
import { readStartOptions } from '../scripts/start/start-options.ts';
import { loadConfig } from '../src/config/load.ts';
import { configKeys } from '../src/config/schema.ts';
import { isSigningSecret } from '../src/forward/signed-headers.ts';
import { readArguments } from '../src/program/arguments.ts';
import { parseSendArguments } from '../src/program/send/send-arguments.ts';
import { KEY, payload, serveResource } from './serve-resource.ts';

const ALL_PAGES = globSync(['*.md', 'docs/*.md', 'examples/*/README.md', 'packages/*/{README.md,docs/*.md}'], {
  cwd: projectRoot,
})
  .map((path) => path.replaceAll('\\', '/'))
  .sort();
/** What pages have in common. What one page shows is the matter of that page's own test. */
const PAGES = ALL_PAGES.filter((path) => path !== 'CHANGELOG.md');
const SECRET = `whsec_${Buffer.alloc(24, 7).toString('base64')}`;
const SEND = { command: 'npm run send --', url: 'http://127.0.0.1:30120', keyFrom: '' };
/** What a heading is called in a link, as GitHub does it. */
const anchorOf = (heading: string) =>
  heading
    .toLowerCase()
    .replace(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
const { scripts } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')) as { scripts: object };

const read = (path: string) => readFileSync(join(projectRoot, path), 'utf8').replaceAll('\r\n', '\n');
const scriptsShownIn = (page: string) =>
  [...page.matchAll(/```(?:lua|ts|js)\n(?:--|\/\/) (examples\/\S+)\n/g)].map(([, path]) => path);
const blocksOf = (page: string) =>
  [...page.matchAll(/^```(\w*)\n(.*?)^```$/gms)].map(([, language = '', text = '']) => ({ language, text }));

interface Shown {
  readonly page: string;
  readonly line: string;
}

/** Each command line that the pages show and that matches: in a block of code by its lines, in the text between backticks. */
function shown(pattern: RegExp): Shown[] {
  return PAGES.flatMap((page) => {
    const text = read(page);
    const prose = text.replace(/^```.*?^```$/gms, '');
    const lines = [
      ...blocksOf(text).flatMap((block) => block.text.split('\n')),
      ...[...prose.matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code),
    ];
    return lines.flatMap((line) => (pattern.test(line) ? [{ page, line: line.replace(/\s+#.*$/, '').trim() }] : []));
  });
}

const wordsOf = (line: string) =>
  [...line.matchAll(/"([^"]*)"|(\S+)/g)].map(([, quoted, bare]) => quoted ?? bare ?? '');

/** @returns the values of the configuration in a sample; null when it is about something else */
function configIn({ language, text }: { readonly language: string; readonly text: string }) {
  if (!/^jsonc?$/.test(language)) return null;
  const whole = text.trimStart().startsWith('{') ? text : `{${text}}`;
  const values = JSON.parse(whole.replaceAll('whsec_...', SECRET)) as Record<string, unknown>;
  // What an alert sends says who sends it.
  const isConfig = !('source' in values) && Object.keys(values).some((name) => Object.hasOwn(configKeys, name));
  return isConfig ? values : null;
}

describe('the documents', () => {
  it('lead to pages and headings that exist', () => {
    const anchorsIn = (page: string) =>
      [...read(page).matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => anchorOf(heading));
    const links = PAGES.flatMap((page) =>
      [...read(page).matchAll(/\]\((?!\w+:)([^)#\s]*)(?:#([^)\s]+))?\)/g)].map(([link, path = '', anchor]) => {
        const target = path === '' ? page : join(dirname(page), path);
        const isThere = existsSync(join(projectRoot, target));
        return { page, link, leads: isThere && (anchor === undefined || anchorsIn(target).includes(anchor)) };
      }),
    );
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter(({ leads }) => !leads)).toEqual([]);
  });

  // That each is shown as it is, is a matter of generate.test.ts; that each works, of test/examples.
  it('show every script of the examples', () => {
    const scripts = ['lua-consumer', 'js-consumer', 'ts-consumer', 'verify-signature', 'listener'].flatMap((example) =>
      readdirSync(join(projectRoot, 'examples', example))
        .filter((file) => file !== 'fxmanifest.lua' && !(example === 'ts-consumer' && file === 'server.js'))
        .map((file) => `examples/${example}/${file}`),
    );
    const texts = PAGES.filter((page) => /^(?:README\.md|docs\/)/.test(page)).map(read);
    expect(texts.flatMap(scriptsShownIn).sort()).toEqual(scripts.sort());
  });

  it('have an index that leads to each page', () => {
    const index = read('docs/README.md');
    const pages = PAGES.flatMap((page) => /^docs\/((?!README|architecture).*)$/.exec(page)?.[1] ?? []);
    expect(pages.filter((name) => !index.includes(`](${name})`))).toEqual([]);
  });

  it('begin with a quick start, but for the index', () => {
    const pages = PAGES.filter((page) => page.startsWith('docs/') && page !== 'docs/README.md');
    const late = pages.filter((page) => !/^## Quick start\b/.test(/^## .*$/m.exec(read(page))?.[0] ?? ''));
    expect(late).toEqual([]);
  });

  const configs = PAGES.flatMap((page) =>
    blocksOf(read(page)).flatMap((block) => {
      const values = configIn(block);
      return values === null ? [] : [{ page, values }];
    }),
  );

  it('show settings without a fault', () => {
    expect(new Set(configs.map(({ page }) => page)).size).toBeGreaterThan(6);
    for (const { page, values } of configs) {
      const file = JSON.stringify({ ...values, apiKey: 'a-key-for-testing' });
      const { problems } = loadConfig({
        readFile: (path) => (path === 'config.json' ? file : null),
        hasFile: () => false,
        convar: () => null,
      });
      expect([page, problems.map(({ line }) => line)]).toEqual([page, []]);
    }
  });

  it('name npm scripts that exist, with flags that those know', () => {
    const commands = shown(/^npm (?:start|test|run)\b/);
    expect(commands.length).toBeGreaterThan(15);
    for (const { page, line } of commands) {
      const [, run = '', ...rest] = wordsOf(line);
      const name = run === 'run' ? rest.shift() : run;
      expect([page, line, Object.hasOwn(scripts, name ?? '')]).toEqual([page, line, true]);
      const flags = rest.slice(rest.indexOf('--') + 1);
      if (name === 'test')
        expect(flags.filter((path) => path !== '-w' && !existsSync(join(projectRoot, path)))).toEqual([]);
      if (name === 'start') readStartOptions(flags);
      if (name === 'send' && flags.length > 0) parseSendArguments(flags, SEND);
    }
  });

  it('call the program in ways that it understands', () => {
    const calls = shown(/^(?:\S+=\S+ )?(?:npx sonorancad|(?:node )?\S*bin\/sonorancad\.js) \w/);
    expect(calls.length).toBeGreaterThan(4);
    for (const { line } of calls) {
      const [args = ''] = line.replace(/^.*?sonorancad(?:\.js)? /, '').split(' | ');
      expect(['listen', 'send']).toContain(readArguments(wordsOf(args)).kind);
    }
  });

  it("name the operator's commands by their words", () => {
    const listed = [...read('docs/commands.md').matchAll(/^\| `sonorancad (\w+)/gm)].map(([, word]) => word);
    const commands = shown(/^(?:> )?sonorancad [a-z]+/).map(({ line }) => /sonorancad ([a-z]+)/.exec(line)?.[1]);
    expect(commands.length).toBeGreaterThan(50);
    // The other two are the program's, and 5.0.0 a version.
    expect(commands.filter((word) => ![...listed, 'listen', 'send'].includes(word))).toEqual([]);
  });

  it('make secrets in the form that is asked for', () => {
    const commands = [...new Set(shown(/^node -p /).map(({ line }) => line))];
    expect(commands).toHaveLength(1);
    const code = /^node -p "(.*)"$/.exec(commands[0] ?? '')?.[1] ?? '';
    expect(isSigningSecret(execFileSync(process.execPath, ['-p', code], { encoding: 'utf8' }).trim())).toBe(true);
  });

  const promtool = findProgram('promtool');
  (promtool === null ? it.skip : it)('show settings of Prometheus that it takes', () => {
    const folder = mkdtempSync(join(tmpdir(), 'sonorancad-documents-'));
    try {
      const samples = blocksOf(read('docs/metrics.md')).filter(({ text }) => text.startsWith('scrape_configs:'));
      expect(samples.length).toBeGreaterThan(0);
      for (const { text } of samples) {
        const file = join(folder, 'prometheus.yml');
        writeFileSync(file, text);
        execFileSync(promtool ?? '', ['check', 'config', file], { stdio: 'pipe' });
      }
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});

const sources = readdirSync(join(projectRoot, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name))
  .map((name) => `src/${name}`);
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
  it.each([...ALL_PAGES, ...sources])('is what %s has, in its words', (path) => {
    expect(read(path).match(AVOIDED) ?? []).toEqual([]);
  });

  it.each(ALL_PAGES)('is what %s has, in sentences of below 20 words on average', (path) => {
    const lengths = sentencesOf(read(path)).map((sentence) => sentence.split(/\s+/).length);
    expect(lengths.reduce((sum, length) => sum + length, 0) / lengths.length).toBeLessThan(MOST_WORDS);
  });
});

describe.each(['CONTRIBUTING.md', 'docs/architecture.md'])('%s', (page) => {
  const text = read(page);

  it('names files and folders that exist', () => {
    const paths = [...text.matchAll(/`((?:src|test|scripts|docs|resource)\/[^`]*)`/g)].map(([, path = '']) => path);
    const patterns = paths.map((path) => path.replace(/<\w+>/g, '*'));
    expect(patterns.filter((path) => globSync(path, { cwd: projectRoot }).length === 0)).toEqual([]);
    expect(paths.length).toBeGreaterThan(4);
  });

  it('names npm scripts that exist', () => {
    const named = [...text.matchAll(/(?:^|`)npm (?:run )?([a-z]+)/gm)].map(([, name = '']) => name);
    const ofNpm = ['install', 'publish', 'view'];
    expect(named.filter((name) => !Object.hasOwn(scripts, name) && !ofNpm.includes(name))).toEqual([]);
  });
});

describe('README.md', () => {
  const readme = read('README.md');

  it('holds no other Lua, JavaScript or TypeScript, which no test would run', () => {
    expect(readme.match(/```(lua|ts|js|javascript|typescript)\n/g)).toHaveLength(scriptsShownIn(readme).length);
  });

  it('has lines for a server.cfg that start the resource and say who may read the key', async () => {
    const blocks = [...readme.matchAll(/^ *```(\w*)\n(.*?)^ *```$/gms)].flatMap(([, language, text = '']) =>
      language === '' ? [text.replaceAll(/^ +/gm, '')] : [],
    );
    const configs = blocks.filter((text) => /^ensure |^exec /m.test(text));
    expect(configs).toHaveLength(3);
    for (const text of configs) {
      const served = await serveResource();
      try {
        const { host, own, add, post } = served;
        copyFileSync(join(projectRoot, 'sonorancad.cfg'), join(own, 'sonorancad.cfg'));
        for (const name of ['my-resource', 'another'])
          add(name, {
            'fxmanifest.lua': manifest(`server_script 's.js'`),
            's.js': `print(GetConvar('sonoran_apiKey', 'none'))`,
          });
        host.execute(text.replace('your key', KEY));
        host.ensure('another');
        expect(await post(payload('EVENT_TONE'))).toEqual([200, 'ok']);
        expect(printedBy(host, 'another')).toEqual(['none']);
        expect(printedBy(host, 'my-resource')).toEqual(text.includes('my-resource') ? [KEY] : []);
      } finally {
        await served.close();
      }
    }
  });

  it('is read in some minutes', () => {
    expect(readme.match(/\S+/g)?.length).toBeLessThanOrEqual(1_800);
  });
});
