import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from '@jest/globals';
import { type ServedResource, serveResource } from './serve-resource.ts';

let served: ServedResource;
afterEach(() => served.close());

it('a stack trace in the console names the function of server.js that threw, and its line', async () => {
  served = await serveResource();
  for (const name of ['first', 'second']) served.add(name, `exports.sonorancad.registerHttpEvent('SHARED', () => 1);`);
  for (const name of ['sonorancad', 'first', 'second']) served.host.ensure(name);
  const trace = served.host.lines.find((line) => line.includes('server.js'))?.replace(/\^\d/g, '') ?? '';
  const [, name, line] = /> Object\.(\w+) \(@sonorancad\/resource\/server\.js:(\d+)\)/.exec(trace) ?? [];
  expect(name).toBe('register');
  const script = readFileSync(join(served.own, 'resource', 'server.js'), 'utf8').split('\n');
  expect(script[Number(line) - 1]).toContain('already, and each type has one handler');
});
