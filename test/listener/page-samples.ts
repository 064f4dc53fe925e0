import type { ChildProcess } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../scripts/project-root.ts';
import { startProgram } from '../child-program.ts';

export const KEY = 'a-key-of-sixteen-letters';
export const SECRET = `whsec_${Buffer.from('a secret of at least 24 bytes').toString('base64')}`;

export const page = readFileSync(join(projectRoot, 'docs', 'listener.md'), 'utf8');

/** A sample program in docs/listener.md. */
export interface Sample {
  /** The file name, which is in the sample's first line. */
  readonly name: string;
  readonly source: string;
  /** The output that the page shows below the sample, or null if it shows none. */
  readonly printed: readonly string[] | null;
}

export const samples: readonly Sample[] = [...page.matchAll(/```(?:js|ts)\n(.*?)```\n(?:\n```text\n(.*?)```)?/gs)].map(
  ([, source = '', text]) => ({
    name: /^\/\/ (\S+)\n/.exec(source)?.[1] ?? '',
    source,
    printed: text?.trimEnd().split('\n') ?? null,
  }),
);

/** Returns the page's only code block of a language. */
export function blockOf(language: string): string {
  const [block, ...others] = page.matchAll(new RegExp(`\`\`\`${language}\n(.*?)\`\`\``, 'gs'));
  if (block === undefined || others.length > 0) throw new Error(`The page has not one block of ${language}.`);
  return block[1] ?? '';
}

/** A sample that runs in a child process. */
export interface RunningSample {
  readonly child: ChildProcess;
  readonly port: number;
  readonly url: string;
  /** The lines printed so far. The real port is replaced with the port on the page. */
  lines(): string[];
  close(): Promise<void>;
}

/** Runs a sample in a folder with the library, and waits until the sample listens. */
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
