import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { manifest, printedBy } from '../../packages/fxhost/test/write-resource.ts';
import { type Linked, type LinkOptions, link, register } from '../cad/on-fakecad/set-up.ts';
import { until } from '../until.ts';
import type { Language } from './system.ts';

/** A resource that is linked with a pretend CAD, and the same consumer in JavaScript and in Lua. */
export interface WithCad extends Linked {
  /** Has both consumers do something, one after the other. @returns what each told of it, which must be as many things */
  tell(event: string, args: readonly unknown[], count: number): Promise<Readonly<Record<Language, unknown[]>>>;
  /** What a consumer has told since the last time. */
  told(language: Language): unknown[];
}

/**
 * Starts it. To be closed by `closeLinks`.
 *
 * @param consumer the name of the scripts in `consumers/`: they do something when a local event whose name begins with their language
 *   is triggered, and tell of it by printing JSON
 */
export async function startWithCad(consumer: string, options: LinkOptions = {}): Promise<WithCad> {
  const linked = await link(options);
  register(linked);
  const { host, served } = linked;
  const seen = { js: 0, lua: 0 };
  for (const language of ['js', 'lua'] as const) {
    const script = `${consumer}.${language}`;
    const source = readFileSync(join(import.meta.dirname, 'consumers', script), 'utf8');
    served.add(language, { 'fxmanifest.lua': manifest(`server_script '${script}'`), [script]: source });
  }
  await linked.start();
  for (const language of ['js', 'lua']) host.ensure(language);

  const lines = (language: Language) => printedBy(host, language).filter((line) => /^[[{"]/.test(line));
  function told(language: Language): unknown[] {
    const all = lines(language);
    const fresh = all.slice(seen[language]).map((line) => JSON.parse(line));
    seen[language] = all.length;
    return fresh;
  }
  return {
    ...linked,
    told,
    async tell(event, args, count) {
      const all = { js: [] as unknown[], lua: [] as unknown[] };
      for (const language of ['js', 'lua'] as const) {
        told(language);
        host.emit(`${language}:${event}`, ...args);
        await until(() => lines(language).length - seen[language] >= count);
        all[language] = told(language);
      }
      return all;
    },
  };
}
