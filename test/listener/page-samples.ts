import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.ts';
import { startProgram } from '../child-program.ts';

export const KEY = 'a-key-of-sixteen-letters';
export const SECRET = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;

export const page = readFileSync(join(projectRoot, 'docs', 'listener.md'), 'utf8');

/** A program that docs/listener.md shows. */
export interface Sample {
  /** The file's name, which its first line says. */
  readonly name: string;
  readonly source: string;
  /** The lines that it prints, as the page says; null where it says none. */
  readonly printed: readonly string[] | null;
}

export const samples: readonly Sample[] = [...page.matchAll(/```(?:js|ts)\n(.*?)```\n(?:\n```text\n(.*?)```)?/gs)].map(
  ([, source = '', text]) => ({
    name: /^\/\/ (\S+)\n/.exec(source)?.[1] ?? '',
    source,
    printed: text?.trimEnd().split('\n') ?? null,
  }),
);

/** @returns the one block of code of that language */
export function blockOf(language: string): string {
  const [block, ...others] = page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'));
  if (block === undefined || others.length > 0) throw new Error(`The page has not one block of ${language}.`);
  return block[1] ?? '';
}

/** A sample as a process of its own. */
export interface RunningSample {
  readonly child: ChildProcess;
  readonly port: number;
  readonly url: string;
  /** What it has printed so far, with the page's port for the real one. */
  lines(): string[];
  close(): Promise<void>;
}

/** Runs a sample in a folder where the library is installed, and waits until it listens. */
export async function runSample(name: string, folder: string): Promise<RunningSample> {
  const sample = samples.find((each) => each.name === name);
  if (sample === undefined) throw new Error(`The page shows no ${name}.`);
  writeFileSync(join(folder, name), sample.source);
  writeFileSync(join(folder, 'key'), `${KEY}\n`);
  const { child, output, printed, kill } = startProgram(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', name],
    {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        SystemRoot: process.env.SystemRoot,
        PORT: '0',
        SONORANCAD_KEY: KEY,
        SONORANCAD_KEY_FILE: join(folder, 'key'),
        SONORANCAD_SECRET: SECRET,
      },
    },
  );
  const port = Number((await printed(/^Listening at port (\d+)\n/))[1]);
  return {
    child,
    port,
    url: `http://127.0.0.1:${port}/sonorancad/event`,
    lines: () => output().replace(String(port), '30150').split('\n').slice(0, -1),
    close: kill,
  };
}
