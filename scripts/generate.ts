import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { catalogueSchema } from './generate/catalogue-schema.ts';
import { configExample } from './generate/config-example.ts';
import { eventsPage } from './generate/events-page.ts';
import { readmeFile } from './generate/readme-file.ts';
import { typesFile } from './generate/types-file.ts';
import { isProgram } from './is-program.ts';
import { projectRoot } from './project-root.ts';

/** A committed file of which all or a part is derived from the source. */
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
    { path: 'README.md', text: readmeFile() },
    { path: 'config.example.json', text: configExample() },
  ];
}

if (isProgram(import.meta.url)) {
  for (const { path, text } of generate()) writeFileSync(join(projectRoot, path), text);
}
