import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from '../../project-root.ts';

export const BENCH_KEY = 'a-key-for-the-benchmark';
export const BENCH_TYPE = 'EVENT_DISPATCH_NEW';

/** The body that is posted in every measurement: a new dispatch call. */
export function eventBody(): Buffer {
  const path = join(projectRoot, 'test', 'fixtures', 'push-events', `${BENCH_TYPE}.json`);
  return Buffer.from(JSON.stringify({ ...JSON.parse(readFileSync(path, 'utf8')), key: BENCH_KEY }));
}

/** The headers that a web server in the cloud sends with it. */
export function eventHeaders(body: Uint8Array): Readonly<Record<string, string>> {
  return {
    Accept: '*/*',
    'Content-Length': String(body.length),
    'Content-Type': 'application/json',
    Host: '203.0.113.7:30120',
    'User-Agent': 'a CAD',
  };
}
