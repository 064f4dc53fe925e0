import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueSchema } from './generate/catalogue-schema.ts';
import { eventsPage } from './generate/events-page.ts';
import { typesFile } from './generate/types-file.ts';
import { isProgram } from './is-program.ts';
import { projectRoot } from './project-root.ts';

/** A file that is derived from the catalogue and committed. */
export interface GeneratedFile {
  /** From the project's root, with slashes. */
  readonly path: string;
  readonly text: string;
}

/** The files as they should be now. Writes nothing. */
export function generate(): GeneratedFile[] {
  const schema = catalogueSchema();
  return [
    { path: 'docs/events.md', text: eventsPage(schema) },
    { path: 'types.d.ts', text: typesFile(schema) },
  ];
}

if (isProgram(import.meta.url)) {
  for (const { path, text } of generate()) writeFileSync(join(projectRoot, path), text);
}
