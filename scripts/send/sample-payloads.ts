import { globSync } from 'node:fs';
import { basename, join } from 'node:path';
import { readPayload, type Samples } from '../../src/program/send/samples.ts';
import { projectRoot } from '../project-root.ts';

/** @returns the sample events of the documents and tests, without their keys */
export function readSamples(): Samples {
  const folder = join(projectRoot, 'test', 'fixtures', 'push-events');
  return Object.fromEntries(
    globSync('*.json', { cwd: folder })
      .sort()
      .map((name) => {
        const { key: _, ...event } = readPayload(join(folder, name)).body;
        return [basename(name, '.json'), event];
      }),
  );
}
